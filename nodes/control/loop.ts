import * as z from 'zod';
import { Fault } from '../../flow/facts/faults.ts';
import { holds } from '../../flow/values/conditions.ts';
import { defineNode } from '../kit/define-node.ts';
import { comparing, where, whole } from '../kit/fields.ts';
import { option } from '../kit/unfolding.ts';

export const loop = defineNode({
  type: 'control.loop',
  version: 1,
  title: 'Loop',
  icon: 'repeat',
  summary: 'Sends items through the loop body a few at a time, and passes on what came back from every iteration.',
  line: '{{ size ?? 1 }} at a time',
  params: z.object({
    size: whole({ title: 'Items per iteration', min: 1, max: 100_000 }).default(1),
    max: option(
      whole({
        title: 'Maximum iterations',
        description: 'The run fails if more are needed.',
        min: 1,
        max: 100_000,
      }),
    ).default(10_000),
    until: option(
      where({
        title: 'Stop early when',
        description:
          'Checked after each iteration. If it matches one of the items that came back, the rest is not sent.',
      }),
    ).optional(),
    ...comparing,
  }),
  inputs: { in: {}, next: {} },
  outputs: { done: {}, each: {} },
  effect: 'pure',
  role: 'loop',
  turn: ({ items, turn, back, paramsOf, zone, engine, budget, params: { size, max } }) => {
    const last = back.at(-1) ?? [];
    const leaves = last.some((_, index) => {
      const { until, loose, ignoreCase } = paramsOf(index);
      return until !== undefined && holds(until, { loose, ignoreCase, zone, engine, budget });
    });
    const start = turn * size;
    if (leaves || start >= items.length) return { done: back.flat(1) };
    if (turn >= max) throw tooManyTurns(max);
    return { body: items.slice(start, start + size) };
  },
  examples: [
    {
      // Five items, two a turn: turn 1 gets the third and the fourth.
      name: 'The second batch of two',
      params: { size: 2 },
      given: { in: [1, 2, 3, 4, 5] },
      with: { loop: { turn: 1, back: [[10, 20]] } },
      gives: { each: [3, 4] },
    },
    {
      name: 'What came back from every turn, in turn order',
      params: { size: 2 },
      given: { in: ['å', null, 3] },
      with: { loop: { turn: 2, back: [['Å'], [], [null, 3]] } },
      gives: { done: ['Å', null, 3] },
    },
    {
      name: 'Leaves when one of the items that came back is found',
      params: { until: { left: '{{ $json.found }}', op: 'is-true' } },
      given: { in: [{ id: 1 }, { id: 2 }, { id: 3 }] },
      with: { loop: { turn: 2, back: [[{ id: 1 }], [{ id: 2, found: true }]] } },
      gives: { done: [{ id: 1 }, { id: 2, found: true }] },
    },
    {
      name: 'More iterations than allowed is a fault',
      params: { max: 2 },
      given: { in: [1, 2, 3] },
      with: { loop: { turn: 2, back: [[1], [2]] } },
      gives: { fault: 'loop.limit' },
    },
    { name: 'No items, no turn', params: {}, given: { in: [] }, gives: {} },
  ],
});

/** A loop that would go on past its maximum. */
export const tooManyTurns = (max: number): Fault =>
  new Fault('loop.limit', `The loop is not done after ${max} ${max === 1 ? 'iteration' : 'iterations'}.`, {
    mend: 'Raise Maximum iterations, or find out why it does not end.',
    done: 'no',
  });
