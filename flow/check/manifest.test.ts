import { expect, test } from 'vitest';
import type { NodeCard } from '../document/card.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { manifestOf, manifestWords } from './manifest.ts';

const effect = testCards.find(({ type }) => type === 'test.effect') as NodeCard;
const cards: readonly NodeCard[] = [
  ...testCards,
  {
    ...effect,
    type: 'test.send',
    params: { type: 'object', properties: { login: { type: 'string', ui: 'credential' } } },
  },
  {
    ...effect,
    type: 'test.call',
    needs: ['workflow'],
    params: { type: 'object', properties: { workflow: { ui: 'workflow' } } },
  },
];
const send = (url: unknown) =>
  manifestOf(draw('a:test.start -> b:test.send', { b: { params: { url } } }), catalogueOf(cards)).hosts;

test.each([
  ['https://api.example.com/orders?x=1', 'api.example.com'],
  ['HTTPS://API.Example.com', 'api.example.com'],
  ['http://127.0.0.1:4801/{{ $json.id }}', '127.0.0.1:4801'],
  ['https://[::1]:80/', '[::1]:80'],
  ['https://api.example.com{{ $json.path }}', '*'],
  ['https://{{ $json.host }}/x', '*'],
  ['{{ $json.url }}', '*'],
  ['https://good.example@evil.example/', '*'],
  ['https://good.example\\@evil.example/', '*'],
  ['https://good.example:80@evil.example/', '*'],
  ['https://exämple.com/', '*'],
  ['https://good.example\t.evil.example/', '*'],
  ['ftp://files.example.com', '*'],
  [undefined, '*'],
])('the address %s may reach %s', (url, host) => {
  expect(send(url)).toEqual([host]);
});

test('what publishing grants is said in sentences, and disabled nodes ask for nothing', () => {
  const document = draw(
    'a:test.start -> b:test.send -> c:test.send -> d:test.call -> e:test.timer -> f -> g:test.agent',
    {
      b: { params: { url: 'https://api.example.com', login: 'c1' } },
      c: { params: { url: '{{ $json.url }}', login: '{{ $json.c }}' } },
      d: { params: { workflow: 'w1' } },
      g: { settings: { disabled: true } },
    },
  );
  const manifest = manifestOf(document, catalogueOf(cards));
  expect(manifest.powers).toEqual(['http', 'timer', 'workflow']);
  expect(manifest.nodes.map(({ node }) => node)).toEqual(['b', 'c', 'd', 'e']);
  expect(manifestWords(manifest)).toEqual([
    'May call api.example.com.',
    'May call any public host, because c works the address out while it runs.',
    'Uses the connections c1.',
    'May use any connection of the workspace.',
    'Runs the workflows w1.',
    'Waits.',
  ]);
});

test('a workflow that only called a server was said to read and write files: a power that the params leave unused is not granted', () => {
  const idle = { file: { as: ['json'], file: [null] } };
  const card: NodeCard = { ...effect, type: 'test.fetch', needs: ['http', 'file'], idle };
  const asked = (params: Record<string, unknown>) =>
    manifestOf(draw('a:test.start -> b:test.fetch', { b: { params } }), catalogueOf([...cards, card])).powers;
  expect(asked({ as: 'json' })).toEqual(['http']);
  expect(asked({})).toEqual(['file', 'http']);
  expect(asked({ as: '{{ $json.as }}' })).toEqual(['file', 'http']);
  expect(asked({ as: 'json', file: '{{ $json.file }}' })).toEqual(['file', 'http']);
});
