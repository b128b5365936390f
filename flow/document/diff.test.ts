import { expect, test } from 'vitest';
import { draw } from '../testing/draw.ts';
import { diff, diffWords } from './diff.ts';
import { workflow } from './workflow.ts';
import type { Edge, Workflow } from './workflow.ts';

const before = draw('hook:test.start -> price -> tell:test.effect\nold', {
  price: { title: 'Price', params: { fields: [{ name: 'total', value: 1 }], keep: 'all' } },
  tell: { params: { url: 'https://a.example' }, at: [0, 0] },
  old: { params: { deep: { list: [1, 2] } } },
});
const words = (after: Workflow) => diffWords(diff(before, after), after);

test('each change is a sentence', () => {
  const after: Workflow = {
    ...draw('hook:test.start -> price -> big:test.two\nbig.a -> tell:test.effect', {
      price: { title: 'Price', params: { fields: [{ name: 'total', value: 2 }] } },
      big: { title: 'Big order?' },
      tell: { params: { url: 'https://a.example', text: 'line\nline' }, at: [9, 9], settings: { retry: { times: 3 } } },
    }),
    settings: { timezone: 'Europe/Berlin' },
  };
  expect(words(after)).toEqual([
    'Added “Big order?”, a node test.two.',
    'Removed old, a node test.pure.',
    '“Price”: fields[0].value changed from 1 to 2.',
    '“Price”: keep removed (was “all”).',
    'tell: settings.retry.times set to 3.',
    'tell: text written.',
    'Connected “Price” to “Big order?”.',
    'Connected “Big order?” (a) to tell.',
    'Disconnected “Price” from tell.',
    'The workflow: settings.timezone set to “Europe/Berlin”.',
    'Rearranged the canvas.',
  ]);
});

test.each<[string, unknown, unknown, string[]]>([
  ['one more at the end', [{ name: 'a' }], [{ name: 'a' }, { name: 'b' }], ['list[1] (“b”) added']],
  ['one before the others', [{ name: 'a' }], [{ name: 'b' }, { name: 'a' }], ['list[0] (“b”) added']],
  ['one gone in the middle', ['a', 'b', 'c'], ['a', 'c'], ['list[1] (“b”) removed']],
  ['all gone', [{ n: 1 }], [], ['list[0] removed']],
  ['changed and grown', [{ v: 1 }], [{ v: 2 }, { v: 3 }], ['list[0].v changed from 1 to 2', 'list[1] added']],
  ['a text of a list', ['a'], ['b'], ['list[0] changed from “a” to “b”']],
  ['a small object in the place of a text', 'a', { b: [1, 2] }, ['list changed from “a” to {"b":[1,2]}']],
  ['a long list in the place of a text', 'a', Array(40).fill(0), ['list changed from “a” to 40 entries']],
])(
  'what came and went in a list is said by its name, and a value as it is: “set to an object” told nobody what (%s)',
  (_, old, now, says) => {
    const of = (list: unknown) => draw('a:test.start', { a: { title: 'A', params: { list } } });
    expect(diffWords(diff(of(old), of(now)), of(now))).toEqual(says.map((one) => `“A”: ${one}.`));
  },
);

test('a new key for the same node is a renaming, not a loss', () => {
  const after = {
    ...before,
    nodes: before.nodes.map((node) => (node.key === 'old' ? { ...node, key: 'spare' } : node)),
  };
  expect(words(after)).toEqual(['spare: changed the name in expressions from old to spare.']);
  const wired = draw('a:test.start -> b -> c.x');
  expect(diffWords(diff(wired, draw('a:test.start -> d -> c.x')), draw('a:test.start -> d -> c.x'))).toEqual([
    'd: changed the name in expressions from b to d.',
  ]);
});

const lists = draw('a -> all\nb -> all\na -> other', { all: { title: 'All' } });
const [aAll, bAll, aOther] = lists.edges as [Edge, Edge, Edge];

test.each<[string, readonly Edge[], readonly Edge[], string[]]>([
  ['edges to different inputs', [aAll, bAll, aOther], [aOther, aAll, bAll], []],
  ['an edge that came between others', [aAll, bAll], [aAll, aOther, bAll], ['Connected a to other.']],
  [
    'edges into one input, which takes them in that order',
    [aAll, bAll, aOther],
    [bAll, aAll, aOther],
    ['Changed the order in which items come into “All”.'],
  ],
  [
    'one input, named and unnamed',
    [{ ...aAll, to: 'all.in' }, bAll],
    [bAll, { ...aAll, to: 'all.in' }],
    ['Changed the order in which items come into “All”.'],
  ],
  ['two inputs of one node', [aAll, { ...bAll, to: 'all.b' }], [{ ...bAll, to: 'all.b' }, aAll], []],
])(
  'the order of edges is told only where items come in by it: after a merge it was told of edges that nobody touched (%s)',
  (_, old, now, says) => {
    const of = (edges: readonly Edge[]): Workflow => ({ ...lists, edges: [...edges] });
    expect(diffWords(diff(of(old), of(now)), of(now))).toEqual(says);
  },
);

test('notes and groups that a merge put in another order rearrange nothing', () => {
  const [one, two] = [1, 2].map((number) => ({ id: `note-${number}`, text: '', at: [0, 0] as [number, number] }));
  const group = { id: 'g', title: '', nodes: ['a', 'b'] };
  const now: Workflow = { ...lists, notes: [one!, two!], groups: [group] };
  const other: Workflow = { ...lists, notes: [two!, one!], groups: [{ ...group, nodes: ['b', 'a'] }] };
  expect(diffWords(diff(now, other), other)).toEqual([]);
  expect(diffWords(diff({ ...lists, notes: [] }, lists), lists)).toEqual([]);
  expect(diffWords(diff(now, { ...now, notes: [one!] }), now)).toEqual(['Rearranged the canvas.']);
});

test('a field of null that is not there any more is a change: publishing would bring it, and nothing was listed', () => {
  const node = (params: object) =>
    workflow.parse({
      heddle: 1,
      name: 'x',
      nodes: [{ key: 'a', type: 'start.manual', at: [0, 0], params }],
      edges: [],
    });
  const changes = (before: object, after: object) => diffWords(diff(node(before), node(after)), node(after));
  expect(changes({ url: null }, {})).toHaveLength(1);
  expect(changes({}, { url: null })).toHaveLength(1);
  expect(changes({ url: null }, { url: null })).toEqual([]);
});

test('a value nested deep is read a few times, not once for each level above it', () => {
  let reads = 0;
  const counted = (member: string) => new Proxy({ member }, { ownKeys: (of) => (reads++, Reflect.ownKeys(of)) });
  const nested = (inner: object) => Array.from({ length: 90 }).reduce<object>((value) => ({ value }), inner);
  const holding = (member: string) => {
    const document = draw('begin:test.start -> next:test.pure');
    return {
      ...document,
      nodes: document.nodes.map((node) => ({ ...node, params: { deep: nested(counted(member)) as never } })),
    };
  };
  const [change] = diff(holding('a'), holding('b')).changed;
  expect(change?.fields).toMatchObject([{ before: 'a', after: 'b' }]);
  expect(reads).toBeLessThan(30);
});
