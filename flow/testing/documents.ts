import fc from 'fast-check';
import type { Edge, Node, Workflow } from '../document/workflow.ts';
import { testCards } from './cards.ts';

/** JSON as documents hold it: no -0, which print cannot keep. */
export const anyJson: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as unknown);

/** A few keys, so that generated edits often meet a node that is there. */
export const someKey = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'a_2', 'hook', 'price');

const someTemplate = someKey.map((key) => `Total {{ $('${key}').item.total + $json["${key}"] }}`);

const someParams = fc.dictionary(
  fc.constantFrom('url', 'fields', 'value', 'text'),
  fc.oneof(anyJson, someTemplate, fc.record({ inner: someTemplate })),
);

const point = fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -999, max: 999 }));

/** One node of any of the test cards. */
export const someNode: fc.Arbitrary<Node> = fc.record(
  {
    key: someKey,
    type: fc.constantFrom(...testCards.map(({ type }) => type)),
    title: fc.string({ maxLength: 20 }),
    at: point,
    note: fc.string({ maxLength: 20 }),
    params: someParams,
    settings: fc.constantFrom({ disabled: true }, { retry: { times: 2, wait: '2s' } }, { onError: 'port' as const }),
  },
  { requiredKeys: ['key', 'type'] },
);

const end = fc.oneof(
  someKey,
  fc.tuple(someKey, fc.constantFrom('out', 'in', 'in2', 'next', 'each', 'done', 'a')).map((parts) => parts.join('.')),
);

export const someEdge: fc.Arbitrary<Edge> = fc.record({ from: end, to: end });

export const someNote = fc.record(
  { id: fc.constantFrom('n1', 'n2', 'n3'), text: fc.string(), at: point, size: point, color: fc.constant('amber') },
  { requiredKeys: ['id', 'text'] },
);

export const someGroup = fc.record(
  {
    id: fc.constantFrom('g1', 'g2', 'g3'),
    title: fc.string({ maxLength: 9 }),
    nodes: fc.uniqueArray(someKey),
    collapsed: fc.boolean(),
  },
  { requiredKeys: ['id', 'title', 'nodes'] },
);

export const somePin = fc.oneof(fc.array(anyJson, { maxLength: 3 }), fc.record({ out: fc.array(anyJson) }));

const someTest = fc.record(
  { name: fc.string(), start: someKey, input: anyJson, with: fc.dictionary(someKey, somePin), gives: anyJson },
  { requiredKeys: ['name'] },
);

/** Any document that `parseWorkflow` lets through: mostly nonsense to run, always right in form. */
export const someWorkflow: fc.Arbitrary<Workflow> = fc.record(
  {
    heddle: fc.constant(1 as const),
    name: fc.string({ minLength: 1, maxLength: 20 }),
    about: fc.record({ title: fc.string() }, { requiredKeys: [] }),
    nodes: fc.uniqueArray(someNode, { selector: ({ key }) => key, maxLength: 8 }),
    edges: fc.array(someEdge, { maxLength: 10 }),
    notes: fc.uniqueArray(someNote, { selector: ({ id }) => id, minLength: 1 }),
    groups: fc.uniqueArray(someGroup, { selector: ({ id }) => id, minLength: 1 }),
    settings: fc.constantFrom({}, { timezone: 'Europe/Berlin' }, { concurrency: { max: 2, key: '{{ $json.id }}' } }),
    pins: fc.dictionary(someKey, somePin, { minKeys: 1 }),
    tests: fc.array(someTest, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['heddle', 'name', 'nodes', 'edges'] },
);
