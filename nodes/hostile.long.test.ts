import { describe, expect, test } from 'vitest';
import { isObject } from '../flow/document/json.ts';
import { Budget } from '../flow/facts/budget.ts';
import { examplesOf, movable, play, repeated } from './testing/play.ts';
import type { Params } from './kit/prepare-params.ts';
import type { Items } from './testing/play.ts';

/** Milliseconds of processor between two looks. */
const most = 250;

describe.each(movable.map((node) => [`${node.type} ${node.version}`, node] as const))('%s', (_, node) => {
  test('never computes for long without a look at the clock, whatever comes in', { timeout: 300_000 }, async () => {
    for (const { params, given } of [...examplesOf(node), ...(nasty[node.type] ?? [])])
      for (const [name, hostile] of hostiles(given)) {
        let [came, longest]: [unknown, number] = [undefined, Infinity];
        // What lasts does so each time; the collector of garbage, and caches that neighbours emptied, once.
        for (let time = 0; time < 3 && longest >= most; time++) {
          const watch = watched();
          came = await play(node, { params, given: hostile, budget: watch.budget, pause: watch.pause });
          longest = Math.min(longest, watch.longest());
        }
        expect({ params, name, came: typeof came, longest }).toEqual({
          params,
          name,
          came: expect.any(String),
          longest: expect.toSatisfy((ms: number) => ms < most),
        });
      }
  });
});

/** A budget as a web process has it, and the most processor time that went by between two looks or pauses. */
function watched() {
  let last = processorMs();
  let longest = 0;
  const look = () => {
    const now = processorMs();
    longest = Math.max(longest, now - last);
    last = now;
    return now;
  };
  const limits = { ms: 2_000, stretchMs: 20, bytes: 256 * 1024 * 1024, items: 1_000_000 };
  return {
    budget: new Budget(limits, look),
    pause: async () => void look(),
    longest: () => {
      look();
      return longest;
    },
  };
}

/** Of this thread: a busy machine that gives it none fails nobody. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Texts of 16 MB; flat, as parsers make them. */
const big = 16_000_000;
const texts = {
  letters: flat('a'.repeat(big)),
  digits: flat('7'.repeat(big)),
  dates: flat('2026-01-01 '.repeat(big / 11)),
  json: JSON.stringify(Array.from({ length: 1_000_000 }, (_, id) => ({ id }))),
};

function flat(text: string): string {
  return Buffer.from(text).toString();
}

/** The items of an example, a hundred thousand of them; and with large texts and lists in their places. */
function* hostiles(given: Items): Generator<[string, Items]> {
  yield ['100,000 items', repeated(given, 100_000)];
  for (const [name, text] of Object.entries(texts)) {
    const item = (value: unknown) => replaced(value, (leaf) => (typeof leaf === 'string' ? text : undefined));
    yield [`${name} of 16 MB`, mapped(repeated(given, 4), item)];
    yield [`items that are ${name} of 16 MB`, mapped(repeated(given, 4), () => text)];
  }
  // More names than these take V8 longer in one go: it lists all of an object's before the first can be looked at.
  const list = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `n${id}` }));
  const fields = Object.fromEntries(list.map((one) => [one.name, one]));
  yield ['lists of 100,000', mapped(repeated(given, 4), (item) => replaced(item, asLarge(list)))];
  yield ['objects of 100,000', mapped(repeated(given, 4), (item) => replaced(item, asLarge(fields)))];
}

const asLarge = (large: unknown) => (leaf: unknown) => (typeof leaf === 'object' && leaf !== null ? undefined : large);

const mapped = (given: Items, change: (item: unknown) => unknown): Items =>
  Object.fromEntries(Object.entries(given).map(([port, items]) => [port, items.map(change)]));

/** A value with other leaves. */
function replaced(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => replaced(one, leaf));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, leaf)]));
  return leaf(value) ?? value;
}

/** Each names the next twice: 2^40 looks. */
const doubling = {
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `d${at}`,
      at === 39 ? true : { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
    ]),
  ),
};
const condition = (op: string, right: unknown) => ({ left: '{{ $json.a }}', op, right });
const slowPattern = `(?:${'a?'.repeat(100)}){5}${'a'.repeat(100)}$`;
const item = { a: 'a', b: { c: 1 }, list: [1] };

/** What an author may set a node to who means no good. */
const nasty: Readonly<Record<string, readonly { params: Params; given: Items }[]>> = {
  'data.validate': [
    { params: { schema: doubling }, given: { in: [item] } },
    { params: { schema: { properties: { a: { pattern: slowPattern, minLength: 3 } } } }, given: { in: [item] } },
    {
      params: { schema: { uniqueItems: true, items: { enum: ['x', { y: 1 }] } }, field: 'list' },
      given: { in: [item] },
    },
    { params: { schema: '{{ $json }}' }, given: { in: [{ $defs: { a: { type: 'string' } }, properties: { a: {} } }] } },
  ],
  'rules.if': ['matches', 'equals', 'contains', 'length-gt', 'before', 'in', 'gt'].map((op) => ({
    params: { where: condition(op, op === 'matches' ? slowPattern : '{{ $json.a }}'), ignoreCase: true, loose: true },
    given: { in: [item] },
  })),
  'data.sort': ['natural', 'text', 'number', 'date'].map((as) => ({
    params: {
      by: [
        { field: 'a', as },
        { field: 'b', as },
      ],
    },
    given: { in: [item, item, item] },
  })),
  'data.set': [
    '{{ JSON.stringify($json) }}',
    '{{ JSON.parse($json.a) }}',
    '{{ $json.a.replace(/(a|b|ab)*c/g, "x") }}',
    '{{ $json.a.normalize("NFKD").toUpperCase().split("").reverse().join("") }}',
    '{{ encodeURIComponent($json.a) }}',
    '{{ $json.a.hash("sha512") }}',
    '{{ $json.a.base64Encode() }}',
    '{{ $json.a.localeCompare($json.a + "b") }}',
    '{{ $jmespath($json, "list[*].id | sort(@) | [::-1]") }}',
    '{{ $json.list.sort((a, b) => b.id - a.id).map(x => x.name + $json.a) }}',
    '{{ $json.list.unique() }}',
    '{{ (() => { let t = ""; for (let i = 0; i < 1000; i++) t += $json.a; return t; })() }}',
    '{{ (() => { let n = 0; for (let i = 0; i < 9000; i++) n += ($json.a + i).charCodeAt(5); return n; })() }}',
    '{{ (() => { let n = 0; for (let i = 0; i < 9000; i++) n += $json.a.endsWith($json.a) ? 1 : 0; return n; })() }}',
    '{{ (() => { let n = 0; for (let i = 0; i < 9000; i++) n += +$json.a; return n; })() }}',
    '{{ (() => { let d = $now; for (let i = 0; i < 90000; i++) d = d.plus({ days: 1 }).setZone("Asia/Tokyo"); return d; })() }}',
    '{{ (() => { let t = ""; for (let i = 0; i < 9000; i++) t = i.toLocaleString("de", { minimumFractionDigits: i % 9 }); return t; })() }}',
    '{{ (() => { let n = 0; for (let i = 0; i < 9000; i++) n += new RegExp("(ab" + i + "){500}").test("x") ? 1 : 0; return n; })() }}',
    'a {{ $json.a }} b {{ $json.a }} c {{ $json }}',
  ].map((value) => ({ params: { fields: [{ name: 'made', value }] }, given: { in: [item] } })),
  'rules.decision-table': [
    {
      params: {
        columns: [{ id: 'a', value: '{{ $json.a }}', type: 'text' }],
        rows: Array.from({ length: 2_000 }, (_, at) => ({ when: { a: { contains: `x${at}` } }, then: { n: at } })),
      },
      given: { in: [item] },
    },
  ],
  'control.merge': ['position', 'match', 'combinations'].map((mode) => ({
    params: { mode, on: [{ left: 'b', right: 'b' }], clash: 'suffix', keep: 'everything' },
    given: { in1: [item, item], in2: [item, item] },
  })),
  'data.split-out': [
    { params: { field: 'list', carry: 'all' }, given: { in: [item] } },
    { params: { field: ['list', 'b'], carry: ['a'] }, given: { in: [item] } },
  ],
  'data.dedupe': [{ params: { by: ['a', 'b'] }, given: { in: [item, item] } }],
  'data.template': [{ params: { each: '{{ $json }} {{ $json.a }}' }, given: { in: [item] } }],
};
