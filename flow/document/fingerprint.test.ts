import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draw } from '../testing/draw.ts';
import { someWorkflow } from '../testing/documents.ts';
import { fingerprint } from './fingerprint.ts';

test('the look of a document does not count', () => {
  fc.assert(
    fc.property(someWorkflow, (document) => {
      const bare = {
        ...document,
        nodes: document.nodes.map(({ at: _at, title: _title, note: _note, ...node }) => ({ params: {}, ...node })),
        name: 'Other',
        about: { title: 'x' },
        notes: [],
        groups: [],
        pins: {},
        tests: [],
      };
      expect(fingerprint(bare)).toBe(fingerprint(document));
    }),
  );
});

const orders = draw('hook:test.start -> a -> c\nhook -> b -> c', { a: { params: { x: 1, y: 2 } } });
const [hook, a, c, b] = orders.nodes;

test('the order of a param does not count', () => {
  const turned = { ...orders, nodes: [hook!, { ...a!, params: { y: 2, x: 1 } }, c!, b!] };
  expect(fingerprint(turned)).toBe(fingerprint(orders));
});

test.each([
  ['a param', { ...orders, nodes: [hook!, { ...a!, params: { x: 1, y: 3 } }, c!, b!] }],
  ['a setting', { ...orders, nodes: [hook!, { ...a!, settings: { disabled: true } }, c!, b!] }],
  ['a version', { ...orders, nodes: [hook!, { ...a!, version: 2 }, c!, b!] }],
  ['the order of edges', { ...orders, edges: orders.edges.toReversed() }],
  ['a setting of the workflow', { ...orders, settings: { timezone: 'Europe/Berlin' } }],
])('%s counts', (_, changed) => {
  expect(fingerprint(changed)).not.toBe(fingerprint(orders));
});
