import { expect, test, vi } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { draw } from '../../flow/testing/draw.ts';
import { besideOf } from '../forms/kept.ts';
import { countOf } from './calm.ts';
import { keepChecked, loadTexts } from './checking.ts';
import { addNode, edit, undoEdit } from './editing.ts';
import { openEditor } from './editor-state.ts';
import { keptAt } from './kept-forms.ts';
import { keptIssues, settingAt, tellKept } from './kept-issues.ts';
import { known } from './testing/cards.ts';

const opened = (id: string, params: Record<string, unknown>) => {
  const document = draw('start:start.manual -> call:connect.http-request', { call: { params } });
  return openEditor({ id, document, revision: 1, published: undefined, issues: [] }, { ...known, role: 'owner' });
};
const problem = { code: 'row-twice', message: '“a” stands twice in Headers.', mend: 'Enter another name.' };
const rows = { value: [], beside: besideOf({ a: 1 }), problems: [problem] };
const codesOf = (issues: readonly { readonly code: string }[]) => issues.map(({ code }) => code);

test('what was typed and is not in the draft is an error at its node at once, and after the next check', async () => {
  const store = opened('counts', { url: 'https://shop.test', headers: { a: 1 } });
  keptAt('counts', 'call').put('headers', 'rows', rows);
  tellKept(store);
  expect(store.getState().issues).toMatchObject([
    { level: 'error', code: 'row-twice', where: { node: 'call', param: 'headers' } },
  ]);
  expect(countOf(store.getState())).toBe(1);
  store.setState({ issues: [] });
  const stop = keepChecked(
    store,
    (work) => {
      work();
      return () => undefined;
    },
    () => Promise.resolve(check),
  );
  await vi.waitFor(() => expect(codesOf(store.getState().issues)).toContain('row-twice'));
  stop();
});

test('it is no Issue once the document holds another value there, or its field is not shown', () => {
  const store = opened('shown', { headers: { a: 1 } });
  const room = keptAt('shown', 'call');
  room.put('headers', 'rows', rows);
  expect(keptIssues(store.getState())).toHaveLength(1);
  edit(store, { do: 'set-params', key: 'call', params: { headers: { b: 1 } } }, 'Change Headers');
  expect(keptIssues(store.getState())).toEqual([]);
  room.put('form', 'rows', { ...rows, beside: '' });
  expect(keptIssues(store.getState())).toEqual([]);
  room.put('', 'opened', { value: new Set(['form']) });
  expect(codesOf(keptIssues(store.getState()))).toEqual(['row-twice']);
});

test('a time limit that is none is an error of its node until it is another', () => {
  const store = opened('limits', {});
  keptAt('limits', 'call').put(settingAt('timeout'), 'duration', { ...rows, beside: besideOf('5s') });
  expect(keptIssues(store.getState())).toEqual([]);
  edit(store, { do: 'set-settings', key: 'call', settings: { timeout: '5s' } }, 'Change settings');
  expect(keptIssues(store.getState())).toMatchObject([{ level: 'error', where: { node: 'call' } }]);
});

test('it goes with a node that gets another key and back, and a new node begins without it', async () => {
  await loadTexts();
  const store = opened('renamed', { headers: { a: 1 } });
  keptAt('renamed', 'call').put('headers', 'rows', rows);
  edit(store, { do: 'rename-key', key: 'call', to: 'shop' }, 'Change the name');
  expect(keptIssues(store.getState()).map(({ where }) => where.node)).toEqual(['shop']);
  undoEdit(store);
  expect(keptIssues(store.getState()).map(({ where }) => where.node)).toEqual(['call']);
  edit(store, { do: 'remove-node', key: 'call' }, 'Remove');
  expect(keptIssues(store.getState())).toEqual([]);
  undoEdit(store);
  expect(keptIssues(store.getState())).toHaveLength(1);
  keptAt('renamed', 'limit').put('count', 'number', { ...rows, beside: undefined });
  expect(addNode(store, { type: 'data.limit' }, { at: [0, 0] })).toBe('limit');
  expect(keptIssues(store.getState()).map(({ where }) => where.node)).toEqual(['call']);
});
