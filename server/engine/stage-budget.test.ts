import { expect, test } from 'vitest';
import { workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import { allNodes } from '../../nodes/all.ts';
import type { Carriage } from './carriage.ts';
import { play } from './testing/in-memory.ts';

/** About a million steps of an expression. */
const long = '{{ (() => { let n = 0; for (let i = 0; i < 150000; i++) n += i; return n; })() }}';
const sum = (150_000 * 149_999) / 2;
const names = ['a', 'b', 'c', 'd', 'e', 'f'];

function run(node: object, options: { compute?: Carriage['compute']; items?: unknown[]; settings?: object } = {}) {
  const document = workflow.parse({
    heddle: 1,
    name: 'Budgets',
    nodes: [
      { key: 'start', type: 'start.manual' },
      { key: 'work', ...node, ...(options.settings ? { settings: options.settings } : {}) },
      { key: 'end', type: 'control.no-op' },
    ],
    edges: [
      { from: 'start', to: 'work' },
      { from: 'work', to: 'end' },
    ],
  });
  const { compute, items: input = [{ id: 1 }] } = options;
  return play(document, { nodes: allNodes, input, ...(compute ? { compute } : {}) });
}

const summing = { type: 'data.set', params: { fields: names.map((name) => ({ name, value: long })), keep: 'none' } };
const sums = Object.fromEntries(names.map((name) => [name, sum]));

test('a pure node that takes too long for this process is carried out elsewhere, from its beginning', async () => {
  const asked: unknown[] = [];
  const done = await run(summing, {
    compute: async ({ node }, { batch }) => {
      asked.push([node.key, batch.inputs]);
      return { out: { out: { items: [{ elsewhere: true }] } }, faults: [] };
    },
  });
  expect(asked).toEqual([['work', { in: [{ id: 1 }] }]]);
  expect(done.state.output).toEqual([{ elsewhere: true }]);
});

test('where there is no elsewhere it is done here, and comes to the same', async () => {
  const done = await run(summing);
  expect(done.state.output).toEqual([sums]);
});

const texts = { type: 'data.set', params: { fields: [{ name: 'text', value: "{{ 'x'.repeat(16000000) }}" }] } };
const many = Array.from({ length: 400 }, (_, id) => ({ id }));

test('16 MB of text for each of 400 items is a fault that names the node and the limit, and is not tried again', async () => {
  const settings = { retry: { times: 3, wait: '1s' } };
  const done = await run(texts, { items: many, settings });
  const failed = done.facts.filter(({ type }) => type === 'step.failed');
  expect(failed).toMatchObject([{ data: { node: 'work', fault: { code: 'stage.limit', node: 'work' } } }]);
  expect(JSON.stringify(failed)).toContain('made more than 256 MB of data');
});

test('the node’s onError may take it, and the budget stays spent: items after it fail as well', async () => {
  const done = await run(texts, { items: many, settings: { onError: 'ignore' } });
  expect(done.state.ended).toBeDefined();
  const faults = done.facts.flatMap((fact) =>
    fact.type === 'stage.finished' ? fact.data.nodes.flatMap((node) => node.faults ?? []) : [],
  );
  expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['stage.limit']));
  const first = Math.min(...faults.map(({ item }) => item ?? Infinity));
  expect(faults.map(({ item }) => item)).toEqual(Array.from({ length: 400 - first }, (_, at) => first + at));
});

/** So many turns, in each of which a text of 2 MB is made and comes back, or is thrown away. */
function looping(turns: number, comesBack: boolean) {
  const document = draw(
    comesBack
      ? 'a:start.manual -> l:control.loop\nl.each -> b:data.set -> l.next'
      : 'a:start.manual -> l:control.loop\nl.each -> b:data.set -> c:data.set -> l.next',
    {
      b: { params: { fields: [{ name: 'text', value: "{{ 'x'.repeat(2000000) + $json.id }}" }] } },
      ...(comesBack ? {} : { c: { params: { fields: [{ name: 'id', value: '{{ $json.id }}' }], keep: 'none' } } }),
    },
  );
  const input = Array.from({ length: turns }, (_, id) => ({ id }));
  return play(document, { nodes: allNodes, input, mode: 'live', trigger: 'webhook' });
}

test('what comes back of a loop’s turns counts with its bytes in each turn: 200 turns held 400 MB before it was told', async () => {
  const kept = await looping(200, true);
  const failed = kept.facts.find(({ type }) => type === 'step.failed');
  expect(failed).toMatchObject({
    data: { fault: { code: 'stage.limit', message: expect.stringContaining('256 MB') } },
  });
  const turn = failed?.type === 'step.failed' ? failed.data.turn : undefined;
  expect(Number(turn?.slice('/l:'.length))).toBeLessThan(140);
  expect((await looping(200, false)).state.ended?.status).toBe('finished');
});
