import { expect, test } from 'vitest';
import { workflow } from '../../flow/document/workflow.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { allNodes } from '../../nodes/all.ts';
import { farSide, httpReply, play } from './testing/in-memory.ts';
import type { PlayOptions } from './testing/in-memory.ts';

type Nodes = Record<string, { type: string; params?: object; settings?: object }>;

/** Plays real nodes: `edges` are `from -> to`, a line each. */
const run = (nodes: Nodes, edges: string, options: Partial<PlayOptions> = {}) =>
  play(
    workflow.parse({
      heddle: 1,
      name: 'Real nodes',
      nodes: Object.entries(nodes).map(([key, node]) => ({ key, ...node })),
      edges: edges
        .trim()
        .split('\n')
        .map((line) => line.trim().split(' -> '))
        .map(([from, to]) => ({ from, to })),
    }),
    { nodes: allNodes, ...options },
  );
const start = { type: 'start.manual' };
const end = { type: 'control.no-op' };
const factsOf = (facts: readonly Fact[], type: Fact['type']) => facts.filter((fact) => fact.type === type);

test('the order workflow of the design: priced, told to the far side, answered with what it said', async () => {
  const far = farSide(() => httpReply(200, { accepted: true }));
  const done = await run(
    {
      hook: { type: 'start.webhook', params: { path: 'orders', reply: 'respond' } },
      price: {
        type: 'data.set',
        params: { fields: [{ name: 'total', type: 'number', value: '{{ $json.body.amount * 1.2 }}' }] },
      },
      big: { type: 'rules.if', params: { where: { all: [{ left: '{{ $json.total }}', op: 'gt', right: 100 }] } } },
      tell: {
        type: 'connect.http-request',
        params: { method: 'POST', url: 'https://example.com/big', json: '{{ $json }}' },
      },
      reply: { type: 'control.respond' },
    },
    `hook -> price
     price -> big
     big.true -> tell
     big.false -> reply
     tell -> reply`,
    { input: [{ body: { amount: 100 } }], far },
  );
  expect(far.sent.map(({ body }) => body)).toEqual(['{"body":{"amount":100},"total":120}']);
  expect(factsOf(done.facts, 'run.replied')).toMatchObject([
    { data: { reply: { status: 200, body: { accepted: true } } } },
  ]);
  expect(done.state.output).toEqual([{ accepted: true }]);
});

test('a loop sends batches and gives back what came back from every turn', async () => {
  const done = await run(
    {
      s: start,
      l: { type: 'control.loop', params: { size: 2 } },
      b: { type: 'data.set', params: { fields: [{ name: 'turn', value: '{{ $turn }}' }] } },
      e: end,
    },
    `s -> l.in
     l.each -> b
     b -> l.next
     l.done -> e`,
    { input: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  );
  expect(done.state.output).toEqual([
    { n: 1, turn: 0 },
    { n: 2, turn: 0 },
    { n: 3, turn: 1 },
  ]);
});

test('a repeat looks at what came back, waits twice as long each time, and leaves when it is as wanted', async () => {
  const until = { left: '{{ $json.n }}', op: 'gte', right: 3 };
  const done = await run(
    {
      s: start,
      r: { type: 'control.repeat', params: { until, with: 'last', wait: '5s', backoff: 'exponential' } },
      b: { type: 'data.set', params: { fields: [{ name: 'n', value: '{{ $json.n + 1 }}' }] } },
      e: end,
    },
    `s -> r.in
     r.try -> b
     b -> r.next
     r.done -> e`,
    { input: [{ n: 0 }] },
  );
  expect(done.state.output).toEqual([{ n: 3 }]);
  expect(done.now - 1_000_000).toBe(5_000 + 10_000);
});

const parted = {
  s: start,
  i: { type: 'rules.if', params: { where: { left: '{{ $json.n }}', op: 'gt', right: 1 } } },
  a: { type: 'data.set', params: { fields: [{ name: 'v', value: 'a' }], keep: 'none' } },
  c: { type: 'data.set', params: { fields: [{ name: 'v', value: 'c' }], keep: 'none' } },
  f: { type: 'data.set', params: { fields: [{ name: 'of', value: "{{ $('s').item.n }}" }] } },
};

test('after branches part and merge, each item still knows the one it came from', async () => {
  const done = await run(
    { ...parted, m: { type: 'control.merge' } },
    `s -> i
     i.true -> a
     i.false -> c
     a -> m.in1
     c -> m.in2
     m -> f`,
    { input: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  );
  expect(done.state.output).toEqual([
    { v: 'a', of: 2 },
    { v: 'a', of: 3 },
    { v: 'c', of: 1 },
  ]);
});

test('an item merged of two has an ancestor when both lead to it, and none when they do not', async () => {
  const merged = (mode: string) =>
    run(
      { ...parted, m: { type: 'control.merge', params: { mode } } },
      `s -> a
       s -> c
       a -> m.in1
       c -> m.in2
       m -> f`,
      { input: [{ n: 1 }, { n: 2 }] },
    );
  expect((await merged('position')).state.output).toEqual([
    { v: 'c', of: 1 },
    { v: 'c', of: 2 },
  ]);
  const crossed = await merged('combinations');
  expect(crossed.facts.at(-1)).toMatchObject({
    type: 'run.failed',
    data: { fault: { code: 'items.no-ancestor', node: 'f', item: 1 } },
  });
});

test('a choice of the second input keeps its lineage though the first had items', async () => {
  const done = await run(
    { ...parted, m: { type: 'control.merge', params: { mode: 'choose', choose: 2 } } },
    `s -> i
     i.true -> a
     i.false -> c
     a -> m.in1
     c -> m.in2
     m -> f`,
    { input: [{ n: 1 }, { n: 2 }, { n: 0 }] },
  );
  expect(done.state.output).toEqual([
    { v: 'c', of: 1 },
    { v: 'c', of: 0 },
  ]);
});

test('a wait of days holds nothing, and a stop node fails the run with its own words', async () => {
  const done = await run(
    {
      s: start,
      w: { type: 'control.wait', params: { for: '3d' } },
      x: { type: 'control.stop', params: { message: 'no {{ $json.n }}' } },
    },
    `s -> w
     w -> x`,
    { input: [{ n: 1 }] },
  );
  expect(done.now - 1_000_000).toBe(3 * 86_400_000);
  expect(done.facts.at(-1)).toMatchObject({
    type: 'run.failed',
    data: { fault: { code: 'stop.author', message: 'no 1' } },
  });
});

test('one refused request leaves by error with its item, the others go on', async () => {
  const done = await run(
    {
      s: start,
      h: {
        type: 'connect.http-request',
        params: { url: 'https://example.com/{{ $json.n }}' },
        settings: { onError: 'port' },
      },
      e: end,
    },
    `s -> h
     h.error -> e`,
    { input: [{ n: 1 }, { n: 2 }], far: farSide(({ url }) => httpReply(url.endsWith('1') ? 500 : 200)) },
  );
  expect(done.state.output).toEqual([
    {
      error: { code: 'http.status', message: 'GET https://example.com/1 answered 500: {}', node: 'h', attempt: 1 },
      item: { n: 1 },
    },
  ]);
});

const respondLogs = (facts: readonly Fact[]) =>
  facts
    .flatMap((fact) => (fact.type === 'stage.finished' ? fact.data.nodes : []))
    .filter(({ key }) => key.startsWith('reply'))
    .map(({ logs }) => logs?.map(({ text }) => text) ?? []);

test.each([
  [10, 'webhook', []],
  [40, 'webhook', ['Not sent: callers wait 30 s, and this came later.']],
  [40, 'manual', []],
])('a response after %i s of a %s says whether the caller still waited', async (seconds, trigger, log) => {
  const done = await run(
    {
      hook: { type: 'start.webhook', params: { path: 'orders', reply: 'respond' } },
      wait: { type: 'control.wait', params: { for: `${seconds}s` } },
      reply: { type: 'control.respond' },
    },
    `hook -> wait
     wait -> reply`,
    { trigger },
  );
  expect(respondLogs(done.facts)).toEqual([log]);
});

test('of two responses the first is the answer, and the second says that it went nowhere', async () => {
  const done = await run(
    {
      hook: { type: 'start.webhook', params: { path: 'orders', reply: 'respond' } },
      reply_1: { type: 'control.respond' },
      reply_2: { type: 'control.respond' },
    },
    `hook -> reply_1
     reply_1 -> reply_2`,
    { trigger: 'webhook' },
  );
  expect(factsOf(done.facts, 'run.replied')).toHaveLength(1);
  expect(respondLogs(done.facts)).toEqual([[], ['Not sent: an answer was given before.']]);
});
