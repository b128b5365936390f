import { expect, test } from 'vitest';
import { nodeCards, nodeIndex } from '../../flow/contract/node.ts';
import { cardOf } from '../../nodes/kit/card.ts';
import type { Asked } from '../http/route.ts';
import { builtIn, builtInNodes } from './built-in.ts';
import { openCatalogue } from './catalogue.ts';
import { contentOf } from './content.ts';
import { nodesRoutes } from './routes.ts';
import type { NodeSource } from './source.ts';
import { OwnNodes, wordNode } from './testing.ts';

const routes = nodesRoutes(openCatalogue());
const answerOf = async (path: string, query: object = {}): Promise<unknown> => {
  const route = routes.find((one) => one.path === path);
  return (await route?.handle({ workspace: 'ws_1', query, params: {} } as Asked))?.body;
};
const weight = (value: unknown) => JSON.stringify(value).length;

test('the index is light: hundreds of nodes weigh what a tenth of their cards do', async () => {
  const whole = nodeCards.parse(await answerOf('/api/v1/nodes'));
  const index = nodeIndex.parse(await answerOf('/api/v1/nodes/index'));
  expect(weight(index)).toBeLessThan(weight(whole) / 10);
  // An entry of some 270 bytes: five hundred nodes are one answer of 140 kB, a fifth of that on the wire.
  expect(weight(index) / index.items.length).toBeLessThan(400);
});

test('the index has each type once, its newest version; the cards have every version', async () => {
  const index = nodeIndex.parse(await answerOf('/api/v1/nodes/index')).items;
  expect(index.map(({ type }) => type)).toEqual([...new Set(builtInNodes.cards.map(({ type }) => type))]);
  expect(index.find(({ type }) => type === 'connect.http-request')?.version).toBe(2);
  const some = nodeCards.parse(await answerOf('/api/v1/nodes', { types: 'connect.http-request,data.set,no.such' }));
  expect(some.items.map(({ type, version }) => `${type} ${version}`)).toEqual([
    'connect.http-request 1',
    'connect.http-request 2',
    'data.set 1',
  ]);
});

test('an answer is the same object until the catalogue changes, so that it is compressed once', async () => {
  for (const [path, query] of [
    ['/api/v1/nodes', {}],
    ['/api/v1/nodes', { types: 'data.set,rules.if' }],
    ['/api/v1/nodes/index', {}],
  ] as const)
    expect(await answerOf(path, query)).toBe(await answerOf(path, query));
});

test('what a workspace has is the same until a source offers something else; workspaces with nothing of their own share it', async () => {
  const own = new OwnNodes();
  const { catalogueOf } = openCatalogue([own]);
  expect(await catalogueOf('ws_1')).toBe(await catalogueOf('ws_2'));
  own.put('ws_1', wordNode('one'), 'one');
  const before = await catalogueOf('ws_1');
  expect(before.types.at(-1)).toBe('own.word');
  expect(await catalogueOf('ws_1')).toBe(before);
  expect((await catalogueOf('ws_2')).types).not.toContain('own.word');
  own.put('ws_1', wordNode('two'), 'two');
  expect((await catalogueOf('ws_1')).catalogue('own.word')?.content).not.toBe(before.catalogue('own.word')?.content);
});

test('what is pinned is found to its very content: a source that answers with something else has nothing', async () => {
  const bare = cardOf(wordNode('new'));
  const content = contentOf(bare, 'new');
  const offered = { card: { ...bare, content }, definition: wordNode('new') };
  const careless: NodeSource = { offers: async () => [offered], find: async () => offered };
  const { findPinned } = openCatalogue([careless]);
  const pin = { type: 'own.word', version: 1 };
  expect(await findPinned('ws_1', { ...pin, content })).toBe(offered);
  expect(await findPinned('ws_1', { ...pin, content: contentOf(bare, 'old') })).toBeUndefined();
  expect(await findPinned('ws_1', pin)).toBeUndefined();
  expect(await findPinned('ws_1', { ...pin, version: 2, content })).toBeUndefined();
});

test('nodes of this build are at hand, found by version alone, and never stand in for what was pinned by content', () => {
  const { findPinned } = openCatalogue([new OwnNodes()]);
  expect(findPinned('ws_1', { type: 'connect.http-request', version: 1 })).toMatchObject({ card: { version: 1 } });
  expect(builtIn.find('ws_1', { type: 'data.set', version: 1, content: 'abc' })).toBeUndefined();
});

test('no node of this build has a content hash: plans that were stored before have the fingerprints that they would get now', () => {
  expect(builtInNodes.cards.filter(({ content }) => content !== undefined)).toEqual([]);
});

test('a content hash covers card and text, and not itself', () => {
  const card = cardOf(wordNode('a'));
  const hash = contentOf(card, 'text');
  expect(contentOf({ ...card, content: hash }, 'text')).toBe(hash);
  expect(contentOf({ ...card, summary: 'Other.' }, 'text')).not.toBe(hash);
  expect(contentOf(card, 'other text')).not.toBe(hash);
});
