import * as z from 'zod';
import { durationMs } from '../../flow/document/duration.ts';
import { holds } from '../../flow/values/conditions.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, comparing, duration, where, whole } from '../kit/fields.ts';
import { tooManyTurns } from './loop.ts';
import { option, shown } from '../kit/unfolding.ts';

export const repeat = defineNode({
  type: 'control.repeat',
  version: 1,
  title: 'Repeat until',
  icon: 'rotate-cw',
  summary: 'Repeats the loop body, with pauses, until the conditions match what came back.',
  line: 'at most {{ max ?? 10 }} tries{{ wait ? ", every " + wait : "" }}',
  params: z.object({
    until: where({
      title: 'Until',
      description: 'Checked for each item that came back. Done when it matches all of them.',
    }),
    ...comparing,
    max: whole({ title: 'Maximum tries', min: 1, max: 100_000 }).default(10),
    wait: duration({ title: 'Wait between tries', placeholder: '30s' }).default('0s'),
    backoff: option(
      choice(['fixed', 'exponential'], {
        title: 'Backoff',
        labels: { fixed: 'Fixed: always the same wait', exponential: 'Exponential: doubles each time' },
      }),
    ).default('fixed'),
    atMost: shown({ backoff: 'exponential' }, duration({ title: 'Longest wait' })).default('1h'),
    with: option(
      choice(['input', 'last'], {
        title: 'Each try gets',
        labels: { input: 'The same items again', last: 'What came back from the last try' },
      }),
    ).default('input'),
    atLimit: option(
      choice(['fail', 'pass'], {
        title: 'After the last try',
        labels: { fail: 'Fail', pass: 'Pass on what came back' },
      }),
    ).default('fail'),
  }),
  inputs: { in: {}, next: {} },
  outputs: { done: {}, try: {} },
  effect: 'pure',
  role: 'repeat',
  turn: ({ items, turn, back, paramsOf, zone, engine, budget, params }) => {
    if (turn === 0) return items.length === 0 ? { done: [] } : { body: items };
    const last = back.at(-1) ?? [];
    const isDone = last.every((_, index) => {
      const { until, loose, ignoreCase } = paramsOf(index);
      return holds(until, { loose, ignoreCase, zone, engine, budget });
    });
    // Nothing came back: there is nothing of which the condition could be true, so it is tried again.
    if (isDone && last.length > 0) return { done: last };
    if (turn >= params.max && params.atLimit === 'pass') return { done: last };
    if (turn >= params.max) throw tooManyTurns(params.max);
    const again = params.with === 'last' && last.length > 0 ? last : items;
    return { body: again, waitMs: pauseOf(turn, params) };
  },
  examples: [
    {
      name: 'The first try comes at once',
      params: { until: { left: '{{ $json.state }}', op: 'equals', right: 'ready' }, wait: '30s' },
      given: { in: [{ job: 7 }] },
      with: { loop: { turn: 0, back: [] } },
      gives: { try: [{ job: 7 }] },
    },
    {
      name: 'Not ready yet: the same items once more',
      params: { until: { left: '{{ $json.state }}', op: 'equals', right: 'ready' }, wait: '30s' },
      given: { in: [{ job: 7 }] },
      with: { loop: { turn: 1, back: [[{ state: 'queued' }]] } },
      gives: { try: [{ job: 7 }] },
    },
    {
      name: 'Ready: done with what came back',
      params: { until: { left: '{{ $json.state }}', op: 'equals', right: 'ready' } },
      given: { in: [{ job: 7 }] },
      with: { loop: { turn: 2, back: [[{ state: 'queued' }], [{ state: 'ready', url: '…/färdig' }]] } },
      gives: { done: [{ state: 'ready', url: '…/färdig' }] },
    },
    {
      name: 'Page after page: each try gets what came back',
      params: { until: { left: '{{ $json.next }}', op: 'empty' }, with: 'last' },
      given: { in: [{ next: 'p1' }] },
      with: { loop: { turn: 1, back: [[{ next: 'p2' }]] } },
      gives: { try: [{ next: 'p2' }] },
    },
    {
      name: 'Too many tries is a fault',
      params: { until: { left: '{{ $json.ok }}', op: 'is-true' }, max: 2 },
      given: { in: [{}] },
      with: { loop: { turn: 2, back: [[{ ok: false }], [{ ok: null }]] } },
      gives: { fault: 'loop.limit' },
    },
  ],
});

interface Pauses {
  readonly wait: string | number;
  readonly backoff: 'fixed' | 'exponential';
  readonly atMost: string | number;
}

/** The pause before try number `turn` (from 1), in milliseconds: doubled each time when exponential, never over `atMost`. */
export function pauseOf(turn: number, { wait, backoff, atMost }: Pauses): number {
  const first = durationMs(wait) ?? 0;
  const pause = backoff === 'exponential' ? first * 2 ** (turn - 1) : first;
  return Math.min(pause, durationMs(atMost) ?? pause);
}
