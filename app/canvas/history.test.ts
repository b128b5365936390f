import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { draw } from '../../flow/testing/draw.ts';
import { begin, carry, redo, undo } from './history.ts';
import type { History, Stepped } from './history.ts';

const graph = draw('hook:start.webhook -> price -> tell');

function stepped(step: Stepped | undefined): History {
  if (!step || 'refused' in step) throw new Error(`The step was refused: ${JSON.stringify(step)}`);
  return step.history;
}

const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    do: fc.constant('set-title' as const),
    key: fc.constantFrom('hook', 'price', 'tell'),
    title: fc.string({ maxLength: 20 }),
  }),
  fc.record({ do: fc.constant('remove-node' as const), key: fc.constantFrom('hook', 'price', 'tell') }),
  fc.record({
    do: fc.constant('connect' as const),
    edge: fc.constantFrom({ from: 'hook', to: 'tell' }, { from: 'tell', to: 'price' }),
  }),
  fc.record({
    do: fc.constant('set-params' as const),
    key: fc.constantFrom('price', 'tell'),
    params: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer(), { noNullPrototype: true }),
  }),
);

test('undoing everything gives the first document, and redoing everything the last, however steps were joined', () => {
  const deeds = fc.array(
    fc.record({ edit: anyEdit, join: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }), gap: fc.nat(2_000) }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(deeds, (list) => {
      let at = 0;
      let history = begin(graph);
      for (const { edit, join, gap } of list) {
        at += gap;
        const step = carry(history, edit, { label: edit.do, join, at });
        if ('history' in step) ({ history } = step);
      }
      const last = history.document;
      const steps = history.past.length;
      while (history.past.length > 0) history = stepped(undo(history));
      expect(history.document).toEqual(graph);
      for (let count = 0; count < steps; count++) history = stepped(redo(history));
      expect(history.document).toEqual(last);
    }),
  );
});

test('letters typed into one field within a second are one step; a pause or another field begins a new one', () => {
  const type = (history: History, letters: string, at: number, join = 'params:price:a') =>
    stepped(carry(history, { do: 'set-params', key: 'price', params: { a: letters } }, { label: 'Type', join, at }));
  const typed = type(type(type(begin(graph), 'a', 0), 'ab', 400), 'abc', 900);
  expect(typed.past).toHaveLength(1);
  expect(stepped(undo(typed)).document).toEqual(graph);
  expect(type(typed, 'abcd', 2_000).past).toHaveLength(2);
  expect(type(typed, 'abcd', 950, 'params:price:b').past).toHaveLength(2);
});

test('an edit that does not fit is refused in words and leaves history alone', () => {
  const step = carry(begin(graph), { do: 'remove-node', key: 'nobody' }, { label: 'Delete', at: 0 });
  expect(step).toMatchObject({ refused: { code: 'edit.refused' } });
  expect(undo(begin(graph))).toBeUndefined();
});
