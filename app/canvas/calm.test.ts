import { expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { isTold, issueWords, leaveField, tellAll, troubleOf } from './calm.ts';
import { keepChecked } from './checking.ts';
import { edit } from './editing.ts';
import { openEditor } from './editor-state.ts';
import type { EditorStore } from './editor-state.ts';
import { catalogue, known } from './testing/cards.ts';

const hook: Node = { key: 'hook', type: 'start.webhook' };

/** An editor whose checks are made when they are asked for. */
function opened(nodes: readonly Node[]): { store: EditorStore; settle: () => Promise<void> } {
  const document = { heddle: 1 as const, name: 'W', nodes: [...nodes], edges: [] };
  const store = openEditor({ id: 'w', document, revision: 1, published: undefined }, known);
  let work: (() => void) | undefined;
  keepChecked(
    store,
    (next) => {
      work = next;
      return () => (work = undefined);
    },
    async () => check,
  );
  const settle = async () => {
    const before = store.getState().issues;
    work?.();
    await expect.poll(() => store.getState().issues !== before || work === undefined).toBe(true);
  };
  return { store, settle };
}

const told = (store: EditorStore) => {
  const { told: said, issues } = store.getState();
  return issues
    .filter((issue) => issue.level === 'error' && issue.where.node !== undefined && isTold(said, issue))
    .map(({ message }) => message);
};
const card = (store: EditorStore) => {
  const { loud, unready } = troubleOf(store.getState());
  return { loud: loud.map(({ message }) => message), unready: [...unready] };
};
const alone = 'Webhook leads to no node: a run that it starts does nothing.';
const add = (store: EditorStore, node: Node) => edit(store, { do: 'add-node', node }, 'Add');

test('a node that was just added is not red: it needs setup', async () => {
  const { store, settle } = opened([]);
  add(store, hook);
  await settle();
  expect(store.getState().issues.map(({ message }) => message)).toContain('Enter a path.');
  expect(told(store)).toEqual([]);
  expect(card(store)).toEqual({ loud: [], unready: ['hook'] });
});

test('a field that was left empty says what it needs; its card goes on waiting', async () => {
  const { store, settle } = opened([]);
  add(store, hook);
  await settle();
  leaveField(store, 'hook', 'path');
  expect(told(store)).toEqual(['Enter a path.']);
  expect(card(store)).toEqual({ loud: [], unready: ['hook'] });
});

test('a wrong value is told at its card too, once its field was left', async () => {
  const { store, settle } = opened([]);
  add(store, { ...hook, params: { path: 'not a path' } });
  await settle();
  expect(card(store).loud).toEqual([]);
  leaveField(store, 'hook', 'path');
  expect(card(store)).toEqual({ loud: ['Path is “not a path”.'], unready: [] });
});

test('who leaves a list has left its fields, who leaves a field not the others', async () => {
  const { store, settle } = opened([]);
  add(store, { key: 'set', type: 'data.set', params: { fields: [{ name: '' }, { name: '' }] } });
  await settle();
  leaveField(store, 'set', 'fields[1].name');
  expect(told(store)).toEqual(['Field 2 needs a name.']);
  leaveField(store, 'set', 'fields');
  expect(told(store)).toEqual(['Field 1 needs a name.', 'Field 2 needs a name.']);
});

test('after Run or Publish was tried everything is told; a node that is added then is calm again', async () => {
  const { store, settle } = opened([]);
  add(store, hook);
  await settle();
  tellAll(store);
  expect(card(store)).toEqual({ loud: ['Enter a path.', alone], unready: [] });
  add(store, { key: 'called', type: 'control.call' });
  await settle();
  expect(card(store)).toEqual({ loud: ['Enter a path.', alone], unready: ['called'] });
});

test('what was wrong in the document that was opened is told at once', async () => {
  const { store, settle } = opened([hook]);
  await settle();
  expect(card(store)).toEqual({ loud: ['Enter a path.', alone], unready: [] });
});

test('a node of a template whose address is only an example needs setup, until it has another', async () => {
  const document = {
    heddle: 1 as const,
    name: 'T',
    about: { needs: ['The address of your CRM'] },
    nodes: [
      { key: 'go', type: 'start.manual' },
      { key: 'crm', type: 'connect.http-request', params: { url: 'https://crm.example.com/' } },
    ],
    edges: [{ from: 'go', to: 'crm' }],
  };
  const issues = (url: string) =>
    check({ ...document, nodes: [document.nodes[0], { ...document.nodes[1], params: { url } }] }, catalogue);
  const state = (url: string) => ({
    issues: issues(url),
    told: { issues: new Set<string>(), left: new Set<string>() },
  });
  expect([...troubleOf(state('https://crm.example.com/')).unready]).toEqual(['crm']);
  expect([...troubleOf(state('https://crm.acme.io/')).unready]).toEqual([]);
});

test('a warning is the same everywhere: at its field, on its card, in the list and in the number at the way to it', async () => {
  const { store, settle } = opened([]);
  add(store, { ...hook, params: { path: 'orders', reply: 'respond' } });
  await settle();
  const waits = 'The caller of Webhook waits for a Respond node, and Webhook leads to none.';
  expect(issueWords(store.getState())).toBe('Issues, 1 warning');
  expect(card(store)).toEqual({ loud: [], unready: [] });
  leaveField(store, 'hook', 'reply');
  expect(card(store)).toEqual({ loud: [waits], unready: [] });
  add(store, { key: 'called', type: 'control.call' });
  await settle();
  // It is not connected yet, which is no news on its card.
  expect(issueWords(store.getState())).toBe('Issues, 3: 1 to fill in, 2 warnings');
  expect(card(store)).toEqual({ loud: [waits], unready: ['called'] });
  tellAll(store);
  expect(card(store).loud).toContain('No start leads to Call workflow, so it never runs.');
});

test('a path that another workflow listens on was told by publishing alone: it is a warning at the field, and the own path is none', async () => {
  const { store, settle } = opened([]);
  const listens = [{ type: 'start.webhook', path: 'orders', methods: ['POST'] }];
  const others = (id: string) => ({ workflows: [{ id, name: 'Bill', isPublished: true, listens }] });
  const taken = () => store.getState().issues.filter(({ code }) => code === 'path-taken');
  add(store, { ...hook, params: { path: 'orders' } });
  store.setState(others('w'));
  await settle();
  expect(taken()).toEqual([]);
  store.setState(others('other'));
  await settle();
  expect(taken()).toMatchObject([
    {
      level: 'warning',
      where: { node: 'hook', param: 'path' },
      message: 'The workflow “Bill” listens on the path “orders”.',
    },
  ]);
  leaveField(store, 'hook', 'path');
  expect(card(store).loud).toEqual(['The workflow “Bill” listens on the path “orders”.']);
});

test('a condition that was just added is to be filled in: the mark on the card went with the press that added it', async () => {
  const { store, settle } = opened([]);
  add(store, { key: 'if', type: 'rules.if' });
  await settle();
  expect(card(store)).toEqual({ loud: [], unready: ['if'] });
  const where = { all: [{ left: '', op: 'equals', right: '' }] };
  edit(store, { do: 'set-params', key: 'if', params: { where } }, 'Change');
  await settle();
  expect(card(store)).toEqual({ loud: [], unready: ['if'] });
  expect(issueWords(store.getState())).toContain('1 to fill in');
});

test('what Issues lists stood at no card while it was no news: a quiet sign says where', async () => {
  const { store, settle } = opened([{ key: 'go', type: 'start.manual' }]);
  const quiet = () => troubleOf(store.getState()).quiet.map(({ code, where }) => `${where.node} ${code}`);
  await settle();
  add(store, { key: 'loop', type: 'control.loop' });
  edit(store, { do: 'connect', edge: { from: 'go', to: 'loop' } }, 'Connect');
  await settle();
  expect([card(store).loud, quiet()]).toEqual([[], ['loop loop-empty']]);
  tellAll(store);
  expect(quiet()).toEqual([]);
  expect(card(store).loud).toHaveLength(1);
});
