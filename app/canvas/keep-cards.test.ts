import { expect, test } from 'vitest';
import { nodeEntry } from '../../flow/contract/node.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { faceOf } from '../graph/geometry.ts';
import { catalogueOf, isShort } from '../graph/catalogue.ts';
import { addNode } from './editing.ts';
import { openEditor } from './editor-state.ts';
import { keepChecked } from './checking.ts';
import { keepCards, lackingTypes } from './keep-cards.ts';
import { card, cards, known } from './testing/cards.ts';

const empty: Workflow = { heddle: 1, name: 'W', nodes: [], edges: [] };
const withSet: Workflow = { ...empty, nodes: [{ key: 'set', type: 'data.set' }] };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** An editor that opened with the index alone, and a server that answers when it is told to. */
function opened(document: Workflow) {
  const store = openEditor({ id: 'w', revision: 1, document }, { index: known.index, cards: [] });
  const asked: string[][] = [];
  const answers: PromiseWithResolvers<NodeCard[]>[] = [];
  const later: (() => void)[] = [];
  const stop = keepCards(
    store,
    {
      cards: (types) => {
        asked.push([...types]);
        const answer = Promise.withResolvers<NodeCard[]>();
        answers.push(answer);
        return answer.promise;
      },
    },
    (work) => {
      later.push(work);
      return () => void later.splice(later.indexOf(work), 1);
    },
  );
  const answer = async (types: readonly string[]) => {
    answers.shift()?.resolve(cards.filter(({ type }) => types.includes(type)));
    await settled();
  };
  const fail = async () => {
    answers.shift()?.reject(new Error('away'));
    await settled();
  };
  return { store, asked, answer, fail, later, stop };
}

test('a node is added at once by its entry, with its ports; its card follows', async () => {
  const { store, asked, answer } = opened(empty);
  expect(asked).toEqual([]);
  expect(addNode(store, { type: 'rules.if' }, { at: [0, 0] })).toBe('if');
  const [node] = store.getState().history.document.nodes;
  const short = store.getState().catalogue('rules.if');
  expect(isShort(short)).toBe(true);
  expect(faceOf(short, node!)).toEqual(faceOf(card('rules.if'), node!));
  expect(asked).toEqual([['rules.if']]);
  await answer(['rules.if']);
  expect(isShort(store.getState().catalogue('rules.if'))).toBe(false);
  expect(store.getState().catalogue('rules.if')).toEqual(card('rules.if'));
});

test('entries draw every node as its card does, also those whose ports follow their params', () => {
  const short = catalogueOf([], known.index);
  for (const entry of known.index) {
    const node = { key: 'n', type: entry.type };
    expect([entry.type, faceOf(short(entry.type), node)]).toEqual([entry.type, faceOf(card(entry.type), node)]);
  }
});

test('the index holds nothing that only a form needs', () => {
  for (const entry of known.index) expect(Object.keys(nodeEntry.parse(entry))).not.toContain('params');
});

test('what comes while an answer is under way is asked for after it, each type once', async () => {
  const { store, asked, answer } = opened(withSet);
  addNode(store, { type: 'rules.if' }, { at: [0, 0] });
  addNode(store, { type: 'rules.if' }, { at: [400, 0] });
  expect(asked).toEqual([['data.set']]);
  await answer(['data.set']);
  expect(asked).toEqual([['data.set'], ['rules.if']]);
  await answer(['rules.if']);
  expect(lackingTypes(store.getState())).toEqual([]);
  addNode(store, { type: 'data.set' }, { at: [800, 0] });
  expect(asked).toHaveLength(2);
});

test('a server that is away is asked again after a while, and not at each edit', async () => {
  const { store, asked, answer, fail, later } = opened(withSet);
  await fail();
  addNode(store, { type: 'rules.if' }, { at: [0, 0] });
  expect(asked).toEqual([['data.set']]);
  expect(later).toHaveLength(1);
  later[0]?.();
  expect(asked).toEqual([['data.set'], ['data.set', 'rules.if']]);
  await answer(['data.set', 'rules.if']);
  expect(lackingTypes(store.getState())).toEqual([]);
});

test('a type that the server has no more is not asked for for ever: it is one that is not installed', async () => {
  const { store, asked, answer } = opened(withSet);
  await answer([]);
  expect(asked).toEqual([['data.set']]);
  expect(store.getState().catalogue('data.set')).toBeUndefined();
  expect(store.getState().index.map(({ type }) => type)).not.toContain('data.set');
});

test('nothing is found wrong with a node before its card is here', async () => {
  const { store, answer } = opened({ ...empty, nodes: [{ key: 'ask', type: 'connect.http-request' }] });
  const works: (() => void)[] = [];
  const looked: string[] = [];
  const stop = keepChecked(
    store,
    (work) => {
      works.push(work);
      return () => {};
    },
    async () => (_document, catalogue) => {
      looked.push(isShort(catalogue('connect.http-request')) ? 'short' : 'whole');
      return [];
    },
  );
  works.shift()?.();
  await settled();
  await answer(['connect.http-request']);
  works.shift()?.();
  await settled();
  expect(looked).toEqual(['whole']);
  stop();
});
