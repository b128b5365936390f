import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { card } from '../canvas/testing/cards.ts';
import { TipProvider } from '../ui/tip.tsx';
import { fieldsOf } from './fields-of.ts';
import { FieldsView } from './fields-view.tsx';
import { FormContext } from './form-context.tsx';
import type { FormWorld } from './form-context.tsx';
import { besideOf, keptRoom } from './kept.ts';
import type { KeptRoom } from './kept.ts';
import { pairProblems, recordOf } from './pair-rows.ts';
import type { Pair } from './pair-rows.ts';

/** The form of a node, as whoever comes back to it sees it. */
function drawn(type: string, params: Record<string, unknown>, kept: KeptRoom): string {
  const samples = { items: [], outputs: new Map(), zone: 'UTC', workflow: { id: 'w', name: 'W' }, now: 0 };
  const world: FormWorld = { samples, issues: [], params, zone: 'UTC', kept };
  // What there is to choose from comes from the server.
  const fields = fieldsOf(card(type)).filter(({ control }) => control.kind !== 'credential');
  const view = createElement(FieldsView, { fields, values: params, pathOf: (name) => name, change: () => {} });
  return renderToStaticMarkup(createElement(TipProvider, null, createElement(FormContext, { value: world }, view)));
}

const http = (params: Record<string, unknown>, kept: KeptRoom) => drawn('connect.http-request', params, kept);

test('a header whose name is there already is in the form again, with its value, until the document is another', () => {
  const room = keptRoom();
  const rows: Pair[] = [
    ['X-One', 'a'],
    ['X-One', 'second'],
  ];
  room.put('headers', 'rows', { value: rows, beside: besideOf(recordOf(rows)) });
  const again = http({ headers: { 'X-One': 'a' } }, room);
  expect(again).toContain('value="second"');
  expect(again).toContain('“X-One” is there already.');
  expect(http({ headers: { 'X-One': 'b' } }, room)).not.toContain('value="second"');
});

test('a query parameter with a value and no name is in the form again', () => {
  const room = keptRoom();
  const rows: Pair[] = [['', 'lonely']];
  room.put('query', 'rows', { value: rows, beside: besideOf(recordOf(rows)) });
  expect(http({}, room)).toContain('value="lonely"');
  expect(http({}, room)).toContain('Enter a name for this value.');
});

test('rows say what keeps them from being stored, each name once, and a row with nothing in it is no news', () => {
  const twice = pairProblems('Headers', [
    ['a', 1],
    ['a', 2],
    ['a', 3],
    ['', ''],
  ]);
  expect(twice.map(({ message }) => message)).toEqual(['“a” stands twice in Headers.']);
  expect(pairProblems('Query', [['', 'x']]).map(({ message }) => message)).toEqual(['A value in Query has no name.']);
});

test('the body that was chosen stays chosen before anything is in it, and so does an option that was added', () => {
  const room = keptRoom();
  expect(http({}, room)).not.toContain('data-field="json"');
  room.put('', 'opened', { value: new Set(['json', 'timeout']) });
  expect(http({}, room)).toContain('data-field="json"');
  expect(http({}, room)).toContain('data-field="timeout"');
});

test('text in the place of a number stays in its field', () => {
  const room = keptRoom();
  room.put('count', 'number', { value: '5x', beside: besideOf(5) });
  expect(drawn('data.limit', { count: 5 }, room)).toContain('value="5x"');
  expect(drawn('data.limit', { count: 6 }, room)).toContain('value="6"');
});

test('the name of a result that was not added yet stays in its field', () => {
  const room = keptRoom();
  room.put('rows', 'new-result', { value: 'discount' });
  expect(drawn('rules.decision-table', {}, room)).toContain('value="discount"');
});

test('what is kept in an entry of a list goes with it, and is gone with it', () => {
  const room = keptRoom();
  room.put('rules[0].every', 'number', { value: 'first' });
  room.put('rules[1].every', 'number', { value: 'second' });
  room.reorder('rules', [1, 0]);
  expect(room.get('rules[0].every', 'number')?.value).toBe('second');
  room.reorder('rules', [1]);
  expect(room.all().map(({ path, kept }) => [path, kept.value])).toEqual([['rules[0].every', 'first']]);
});
