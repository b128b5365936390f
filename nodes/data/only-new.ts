import * as z from 'zod';
import { defineNode, deliver } from '../kit/define-node.ts';
import { choice, list, text, whole } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { readPath } from './path.ts';
import { memory, sift } from './seen-marks.ts';
import { joinKeys, keyOf } from './value-key.ts';
import { option } from '../kit/unfolding.ts';

// Twelve hex digits of a hash: with 4,000 of them two agree by chance once in 35 million batches.
const markLength = 12;

export const onlyNew = defineNode({
  type: 'data.only-new',
  version: 1,
  title: 'Only new',
  icon: 'list-filter-plus',
  summary: 'Passes on the items that no earlier run has seen, and remembers them.',
  line: '{{ by.length ? "by " + by.join(", ") : "whole items" }}',
  params: z.object({
    by: list(fieldPath({ title: 'Field' }), {
      title: 'Compare by',
      description: 'Default: whole items.',
      entryTitle: 'Field',
      addLabel: 'Add a field',
    }).default([]),
    name: option(
      text({ title: 'Memory', description: 'Nodes of this workflow with the same name share what they remember.' }),
    ).default('only-new'),
    remember: option(whole({ title: 'Items to remember', min: 1, max: 4_000 })).default(1_000),
    first: option(
      choice(['pass', 'hold'], {
        title: 'On the first run',
        labels: { pass: 'All items are new', hold: 'No item is new, all are remembered' },
      }),
    ).default('pass'),
  }),
  inputs: { in: {} },
  outputs: { new: {}, seen: {} },
  needs: ['state', 'hash'],
  effect: 'idempotent',
  all: async ({ items, params: { by, name, remember, first }, state, hash, idempotencyKey, engine, rest }) => {
    const marks: string[] = [];
    for (const item of items) {
      const key = by.length === 0 ? keyOf(item) : joinKeys(by.map((field) => keyOf(readPath(item, field, engine))));
      marks.push(hash.sha256(key).slice(0, markLength));
      const others = rest();
      if (others) await others;
    }
    const { data: before } = memory.safeParse(await state.get(name));
    const { fresh, after } = sift(marks, before, idempotencyKey, remember);
    await state.set(name, after);
    const isFirst = before === undefined || before.marks.length === (before.by === idempotencyKey ? before.added : 0);
    const isNew = (index: number): boolean => fresh.has(index) && !(isFirst && first === 'hold');
    return deliver({
      new: items.filter((_, index) => isNew(index)),
      seen: items.filter((_, index) => !isNew(index)),
    });
  },
  examples: [
    {
      name: 'The first time every item is new, but once',
      params: { by: ['id'], name: 'feed' },
      given: { in: [{ id: 1, title: 'Å' }, { id: 2 }, { id: 1, title: 'again' }] },
      with: { state: {} },
      gives: { new: [{ id: 1, title: 'Å' }, { id: 2 }], seen: [{ id: 1, title: 'again' }] },
    },
    {
      // The hash of "n1" begins with 676b8bb84ce7, that of "n3" is not remembered.
      name: 'What an earlier run saw is not new',
      params: { by: ['id'], name: 'feed' },
      given: { in: [{ id: 1 }, { id: 3 }] },
      with: { state: { feed: { marks: ['676b8bb84ce7'], by: 'wf_earlier', added: 1 } } },
      gives: { new: [{ id: 3 }], seen: [{ id: 1 }] },
    },
    {
      name: 'Items without the field are the same item',
      params: { by: ['id'], name: 'feed' },
      given: { in: [{}, { id: null }, null] },
      with: { state: {} },
      gives: { new: [{}], seen: [{ id: null }, null] },
    },
    {
      name: 'Held back the first time, so that only what comes later goes on',
      params: { name: 'feed', first: 'hold' },
      given: { in: ['a', 'b'] },
      with: { state: {} },
      gives: { new: [], seen: ['a', 'b'] },
    },
  ],
});
