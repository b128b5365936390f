import { expect, test } from 'vitest';
import { draw } from '../testing/draw.ts';
import { parseWorkflow } from './parse.ts';
import { printWorkflow } from './print.ts';

const codes = (input: unknown) => {
  const parsed = parseWorkflow(input);
  return parsed.ok ? [] : parsed.issues.map(({ code }) => code);
};
const base = draw('hook:test.start -> price', { price: { params: {} } });

test('a document prints as a person would write it', () => {
  const document = draw('hook:start.webhook -> price', { price: { at: [40, 20], params: { keep: 'all' } } });
  expect(printWorkflow(document)).toBe(`{
  "heddle": 1,
  "name": "Drawing",
  "nodes": [
    { "key": "hook", "type": "start.webhook" },
    { "key": "price", "type": "test.pure", "at": [40, 20], "params": { "keep": "all" } }
  ],
  "edges": [{ "from": "hook", "to": "price" }]
}
`);
});

test.each<[string, unknown, string, string]>([
  ['text that is no JSON', '{ "heddle": 1, }', 'document.not-json', 'JSON allows no remarks'],
  ['something else', { name: 'x' }, 'document.not-heddle', 'Choose a JSON file that Heddle exported'],
  [
    'a workflow of n8n',
    { nodes: [{ type: 'n8n-nodes-base.set', typeVersion: 3 }], connections: {} },
    'document.not-heddle',
    'build the workflow anew',
  ],
  ['a later format', { ...base, heddle: 9 }, 'document.newer-format', 'Update Heddle'],
  ['a misspelt field', { ...base, egdes: [] }, 'document.unknown-field', 'Write edges.'],
  [
    'a misspelt field of a node',
    { ...base, nodes: [{ ...base.nodes[0], parms: {} }] },
    'document.unknown-field',
    'Write params.',
  ],
  [
    'a misspelt setting',
    { ...base, nodes: [{ ...base.nodes[0], settings: { timeOut: '1s' } }] },
    'document.unknown-field',
    'Write timeout.',
  ],
  [
    'a wrong value',
    { ...base, nodes: [{ ...base.nodes[0], settings: { timeout: 'soon' } }] },
    'document.invalid',
    'Correct the value',
  ],
  [
    'a key twice',
    { ...base, nodes: [base.nodes[0], base.nodes[0]] },
    'document.duplicate-key',
    'Give one of them another key.',
  ],
  [
    'a note twice',
    {
      ...base,
      notes: [
        { id: 'n', text: '' },
        { id: 'n', text: '' },
      ],
    },
    'document.duplicate-id',
    'another id',
  ],
  ['a key of the language', { ...base, nodes: [{ key: 'constructor', type: 'x' }] }, 'document.invalid', 'Correct'],
  ['hidden marks in a key', { ...base, nodes: [{ key: 'a\u200b', type: 'x' }] }, 'document.invalid', 'Correct'],
])('%s is refused with what mends it', (_, input, code, mend) => {
  const parsed = parseWorkflow(input);
  expect(parsed.ok ? [] : parsed.issues).toMatchObject([{ level: 'error', code, mend: expect.stringContaining(mend) }]);
});

test('an Issue of the envelope names the node and the param', () => {
  const text = JSON.stringify(base).replace('"params":{}', '"params":{"a":{"__proto__":{"x":1}}}');
  expect(parseWorkflow(text)).toMatchObject({
    issues: [{ code: 'document.forbidden-key', where: { node: 'price', param: 'a' } }],
  });
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const withParams = (params: string) => JSON.stringify(base).replace('"params":{}', `"params":{"a":${params}}`);

test.each<[string, () => unknown, string]>([
  ['a million brackets', () => deep(1_000_000), 'document.too-deep'],
  ['params as deep as that', () => withParams(deep(100_000)), 'document.too-deep'],
  ['21 million characters', () => ' '.repeat(21_000_000), 'document.too-large'],
  ['three million values', () => withParams(`[${'1,'.repeat(3_000_000)}1]`), 'document.too-large'],
  [
    '6,000 nodes',
    () => ({ ...base, nodes: Array.from({ length: 6_000 }, (_, n) => ({ key: `n${n}`, type: 'x' })) }),
    'document.invalid',
  ],
  [
    'a value that contains itself',
    () => {
      const nodes: unknown[] = [];
      nodes.push(nodes, nodes);
      return { ...base, nodes };
    },
    'document.too-deep',
  ],
  ['a function', () => ({ ...base, about: () => 1 }), 'document.not-json'],
  ['an infinite number', () => ({ ...base, about: { title: Infinity } }), 'document.not-json'],
])('hostile: %s is refused quickly', (_, make, code) => {
  const input = make();
  const started = performance.now();
  expect(codes(input)).toContain(code);
  expect(performance.now() - started).toBeLessThan(15_000);
});

test('ten megabytes of params are kept', () => {
  expect(codes(withParams(JSON.stringify('x'.repeat(10_000_000))))).toEqual([]);
});

test('text that is no JSON is told by line and column, wherever it is read', () => {
  const read = parseWorkflow('{\n  "heddle": 1,\n}');
  expect(read.ok ? [] : read.issues.map(({ message }) => message)).toEqual([
    'The document is not JSON. It breaks at line 3, column 1: “{ "heddle": 1, }”.',
  ]);
});

test('“name does not fit: Too small: expected string to have >=1 characters” is said in words for people', () => {
  const says = (more: object) => {
    const parsed = parseWorkflow({ ...base, ...more });
    return parsed.ok ? [] : parsed.issues.map(({ message }) => message);
  };
  expect(says({ name: '' })).toEqual(['name must not be empty.']);
  expect(says({ name: undefined })).toEqual(['name is missing.']);
  expect(says({ settings: { concurrency: { max: 'x' } } }).join()).not.toMatch(/Invalid|Too |expected/);
  expect(says({ nodes: [{ ...base.nodes[0], settings: { retry: { times: -1 } } }] })).toEqual([
    'nodes[0].settings.retry.times must be at least 0.',
  ]);
});
