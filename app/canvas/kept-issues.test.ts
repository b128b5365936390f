import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { draw } from '../../flow/testing/draw.ts';
import { FormContext } from '../forms/form-context.tsx';
import type { FormWorld } from '../forms/form-context.tsx';
import { besideOf } from '../forms/kept.ts';
import { countOf } from './calm.ts';
import { keepChecked, loadTexts } from './checking.ts';
import { DeskContext } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { addNode, edit, undoEdit } from './editing.ts';
import { openEditor } from './editor-state.ts';
import { keptAt } from './kept-forms.ts';
import { KeyField } from './key-field.tsx';
import { keyAt, keyProblem, takeKey } from './key-taking.ts';
import { keptIssues, settingAt, tellKept } from './kept-issues.ts';
import { goTo } from './issue-list.tsx';
import { catalogue, known } from './testing/cards.ts';
import { deskOver } from './testing/desk.ts';

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

test('a body that was chosen and left empty was sent as none in silence: it is a warning until it is filled in or let go', () => {
  const store = opened('chosen', { url: 'https://shop.test' });
  const room = keptAt('chosen', 'call');
  room.put('', 'opened', { value: new Set(['json', 'timeout']) });
  expect(keptIssues(store.getState())).toEqual([
    {
      level: 'warning',
      code: 'choice-empty',
      where: { node: 'call', param: 'json' },
      message: 'JSON body is empty, so no body is sent.',
      mend: 'Enter it, or set Body to None.',
    },
  ]);
  tellKept(store);
  expect(codesOf(store.getState().issues)).toEqual(['choice-empty']);
  edit(store, { do: 'set-params', key: 'call', params: { json: '{{ $json }}' } }, 'Change JSON body');
  tellKept(store);
  expect(store.getState().issues).toEqual([]);
});

test('a time limit that is none is an error of its node until it is another', () => {
  const store = opened('limits', {});
  keptAt('limits', 'call').put(settingAt('timeout'), 'duration', { ...rows, beside: besideOf('5s') });
  expect(keptIssues(store.getState())).toEqual([]);
  edit(store, { do: 'set-settings', key: 'call', settings: { timeout: '5s' } }, 'Change settings');
  expect(keptIssues(store.getState())).toMatchObject([{ level: 'error', where: { node: 'call' } }]);
});

test('a name in expressions that was refused is there again with its error, and an Issue, until it is another name', async () => {
  await loadTexts();
  const store = opened('names', {});
  const refused = takeKey(store, 'call', 'start');
  expect(refused).toMatchObject({ message: '“start” is another node’s name.' });
  const why = (typed: string) => keyProblem(store.getState().history.document, 'call', typed)?.message;
  expect(why('x'.repeat(81))).toBe('A name has 80 characters or fewer; this has 81.');
  expect(why('constructor')).toBe('“constructor” is taken by the language of expressions.');
  expect(why('1st')).toMatch(/begins with a letter/);
  const room = keptAt('names', 'call');
  room.put(keyAt, 'key', { value: { text: 'start', refused }, beside: besideOf('call'), problems: [refused!] });
  expect(keptIssues(store.getState())).toMatchObject([{ code: 'key-taken', where: { node: 'call' } }]);
  const call = store.getState().history.document.nodes[1]!;
  const drawn = renderToStaticMarkup(
    createElement(
      DeskContext,
      { value: { store } as Desk },
      createElement(
        FormContext,
        { value: { kept: room } as unknown as FormWorld },
        createElement(KeyField, { node: call }),
      ),
    ),
  );
  expect(drawn).toContain('value="start"');
  expect(drawn).toContain('“start” is another node’s name. Enter a name of its own.');
  // Another node lets go of the name.
  expect(takeKey(store, 'start', 'begin')).toBeUndefined();
  expect(keptIssues(store.getState())).toEqual([]);
  expect(takeKey(store, 'begin', 'start')).toBeUndefined();
  expect(keptIssues(store.getState())).toHaveLength(1);
  expect(takeKey(store, 'call', ' shop ')).toBeUndefined();
  expect(keptIssues(store.getState())).toEqual([]);
});

test.each([
  ['two words', 'Enter two_words.'],
  ['', 'Enter a name, such as orders.'],
  ['start', 'Enter a name of its own.'],
  ['call', undefined],
  ['fine_2', undefined],
])('the name “%s” is refused with what to enter', (text, mend) => {
  expect(keyProblem(draw('start:start.manual -> call'), 'call', text)?.mend).toBe(mend);
});

test('a number of retries that is none is an error of its node: the field swallowed its letters', () => {
  const store = opened('retries', {});
  const stored = besideOf(3);
  keptAt('retries', 'call').put(settingAt('retry.times'), 'number', { ...rows, beside: stored });
  expect(keptIssues(store.getState())).toEqual([]);
  edit(store, { do: 'set-settings', key: 'call', settings: { retry: { times: 3 } } }, 'Change settings');
  expect(keptIssues(store.getState())).toMatchObject([{ level: 'error', where: { node: 'call' } }]);
});

test('an Issue of what is set at a node led to its params, where nothing is wrong: it opens the settings', async () => {
  await loadTexts();
  const { desk, store } = deskOver(
    draw('start:start.manual -> call:connect.http-request', {
      call: { params: { method: 'POST' }, settings: { timeout: '9999999h', retry: { times: 2 } } },
    }),
  );
  const refused = takeKey(store, 'call', 'start')!;
  keptAt('w', 'call').put(keyAt, 'key', { value: { text: 'start', refused }, problems: [refused] });
  const issues = [...check(store.getState().history.document, catalogue), ...keptIssues(store.getState())];
  const tabs = issues.map((issue) => {
    goTo(desk, issue);
    return `${issue.code} ${store.getState().formTab}`;
  });
  expect(tabs).toEqual(
    expect.arrayContaining([
      'key-taken settings',
      'duration-absurd settings',
      'retry-of-effect settings',
      'param-missing params',
    ]),
  );
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
