import * as z from 'zod';
import { durationMs } from '../../flow/document/duration.ts';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { readDate } from '../../flow/values/date.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { shorten } from '../data/convert.ts';
import { choice, duration, toggle } from '../kit/fields.ts';
import type { LinkCall } from '../kit/powers.ts';
import { shown } from '../kit/unfolding.ts';

export const wait = defineNode({
  type: 'control.wait',
  version: 1,
  title: 'Wait',
  icon: 'hourglass',
  summary:
    'Waits for some time, until a date, or until its link is called. Waiting uses no resources, even for months.',
  line: '{{ called ? "until it is called" : until ? "until " + until : "for a while" }}',
  params: z.object({
    for: duration({ title: 'For', placeholder: '2h' }).optional(),
    until: z.unknown().optional().meta({
      title: 'Until',
      description: 'A date or time, in the workflow’s time zone unless it names another. A past date does not wait.',
      ui: 'date-time',
    }),
    called: toggle({
      title: 'Until its link is called',
      description:
        'Continues when the link is called once. Send {{ $step.resumeUrl }} in a node before. A POST counts; opening the link shows a page that asks first. For and Until are then the timeout.',
    }).default(false),
    give: shown(
      { called: true },
      choice(['body', 'call'], {
        title: 'Output',
        description: 'Without a body, the query parameters are the output.',
        labels: { body: 'The body of the call', call: 'Method, headers, query and body' },
      }),
    ).default('body'),
  }),
  literal: ['called', 'give'],
  callable: 'called',
  branches: true,
  checks: [
    {
      when: {
        all: [
          { left: '{{ $json.called }}', op: 'is-false' },
          { left: '{{ $json["for"] }}', op: 'empty' },
          { left: '{{ $json.until }}', op: 'empty' },
        ],
      },
      message: 'Enter how long to wait, or until when.',
      param: 'for',
    },
  ],
  inputs: { in: {} },
  outputs: { out: {}, timeout: { title: 'Timeout', when: 'called' } },
  needs: ['timer'],
  effect: 'idempotent',
  // Once for the whole batch (E13): a thousand items do not wait one after the other.
  all: async ({ items, params, timer, now, zone, engine }) => {
    if (!params.called) {
      await timer.until(instantOf(params, { now, zone, engine }));
      return deliver({ out: items });
    }
    const isLimited = isGiven(params.until) || params.for !== undefined;
    const call = await timer.call(isLimited ? instantOf(params, { now, zone, engine }) : undefined);
    if (call === undefined) return deliver({ timeout: items });
    return deliver({ out: params.give === 'call' ? [call] : broughtBy(call) });
  },
  examples: [
    { name: 'For two hours', params: { for: '2h' }, given: { in: [{ id: 1 }] }, gives: { out: [{ id: 1 }] } },
    {
      name: 'Until a date of the first item',
      params: { until: '{{ $json.due }}' },
      given: { in: [{ due: '2026-03-29T02:30:00' }, { due: null }] },
      with: { clock: { zone: 'Europe/Berlin' } },
      gives: { out: [{ due: '2026-03-29T02:30:00' }, { due: null }] },
    },
    {
      name: 'Until somebody calls its link',
      params: { called: true, for: '3d' },
      given: { in: [{ id: 1 }, { id: 2 }] },
      with: { call: { body: { approved: true, by: 'Zoë' } } },
      gives: { out: [{ approved: true, by: 'Zoë' }] },
    },
    {
      name: 'A link that was followed brings what stands behind its question mark',
      params: { called: true },
      given: { in: [{ id: 1 }] },
      with: { call: { query: { answer: 'yes' }, body: {} } },
      gives: { out: [{ answer: 'yes' }] },
    },
    {
      name: 'The whole call',
      params: { called: true, give: 'call' },
      given: { in: [{ id: 1 }] },
      with: { call: { method: 'PUT', headers: { 'x-from': 'bank' }, body: [1, null] } },
      gives: { out: [{ method: 'PUT', headers: { 'x-from': 'bank' }, query: {}, body: [1, null] }] },
    },
    {
      name: 'Nobody called in time',
      params: { called: true, for: '3d' },
      given: { in: [{ id: 1 }] },
      with: { call: null },
      gives: { timeout: [{ id: 1 }] },
    },
    {
      name: 'A missing date is a fault and not an endless wait',
      params: { until: '{{ $json.due }}' },
      given: { in: [{}] },
      gives: { fault: 'params.invalid' },
    },
    {
      name: 'Words that are no date',
      params: { until: 'soon' },
      given: { in: [{}] },
      gives: { fault: 'params.invalid' },
    },
  ],
});

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** A list that was sent is a list of items; a link that was only followed brings what stands behind its question mark. */
const broughtBy = ({ body, query }: LinkCall): readonly unknown[] => {
  const isEmpty = body === null || (isObject(body) && Object.keys(body).length === 0);
  return isEmpty ? [query] : Array.isArray(body) ? body : [body];
};

interface Clock {
  readonly now: number;
  readonly zone: string;
  readonly engine: number;
}

function instantOf(
  params: { for?: string | number | undefined; until?: unknown },
  { now, zone, engine }: Clock,
): number {
  if (isGiven(params.until)) {
    const date = readDate(params.until, zone, { engine });
    if (date) return date.toMillis();
    throw unclear(`Until is not a date: ${shorten(params.until)}.`);
  }
  if (params.for !== undefined) return now + (durationMs(params.for) ?? 0);
  throw unclear('Nothing says how long to wait, or until when.');
}

const unclear = (message: string): Fault =>
  new Fault('params.invalid', message, {
    mend: 'Enter a duration such as 2h, or a date such as 2026-03-29T09:00.',
    done: 'no',
  });
