import { expect, test } from 'vitest';
import { jsonInTurns, isLarge } from '../text/known-json.ts';
import { turnsOf } from '../text/testing/turns-of.ts';
import type { Fact, NodeRecord } from '../../flow/facts/fact.ts';
import type { BlobStore } from './blobs.ts';
import type { Append } from './flusher.ts';
import { holdsMany, moveLarge, readJson } from './large-values.ts';

const keeping = (text: string): BlobStore => ({
  writeBytes: async () => 'hash',
  writeSpooled: async () => 'hash',
  readBytes: async () => new TextEncoder().encode(text),
  letGo: () => {},
});

test('a large value comes back as it was written, in turns: 16 MB of one took half a second in one go', async () => {
  const rows = Array.from({ length: 100_000 }, (_, n) => ({
    n,
    big: 12345678901234567000,
    lone: '\ud800',
    text: `å${n}`,
  }));
  const text = JSON.stringify({ rows });
  let value: unknown;
  const turns = await turnsOf(async () => void (value = await readJson(keeping(text), 'w', 'hash')));
  expect(JSON.stringify(value) === text).toBe(true);
  expect(turns).toBeGreaterThan(5);
  expect(isLarge(value)).toBe(true);
  expect((await jsonInTurns(value)) === text).toBe(true);
});

const appending = (fact: Fact): Append => ({
  workspace: 'w',
  run: 'run_1',
  expect: 1,
  facts: [fact],
  row: { status: 'running', needs: [], awaitsRuns: false, error: null, finishedAt: null },
  stages: [],
});
const record = (items: unknown[]): NodeRecord => ({
  key: 'set',
  path: '',
  status: 'finished',
  attempt: 1,
  out: { out: { items } },
});
const step = { stage: 's1', path: '', node: 'set', attempt: 1, fault: { code: 'x', message: 'x' } };

test('what the nodes before a failed one delivered leaves the row as what a finished stage delivered does', async () => {
  const items = Array.from({ length: 10_000 }, (_, n) => ({ n, name: `Name ${n}` }));
  const append = appending({ type: 'step.failed', at: 1, data: { ...step, before: [record(items)] } });
  expect(holdsMany(append)).toBe(true);
  const { facts } = await moveLarge(keeping(''), append);
  expect(facts[0]?.data).toMatchObject({ before: [{ out: { out: { $blob: 'hash', count: 10_000 } } }] });
});

test('one large item is seen before its fact is turned into text, wherever in a fact it stands', () => {
  const large = { deep: { text: 'x'.repeat(100_000) } };
  let written = 0;
  const counting = { toJSON: () => ((written += 1), 'x') };
  for (const item of [large, { list: Array.from({ length: 100_000 }, (_, n) => n) }])
    for (const fact of [
      { type: 'step.failed', at: 1, data: { ...step, before: [record([counting, item])] } },
      { type: 'stage.finished', at: 1, data: { stage: 's1', path: '', nodes: [record([counting, item])] } },
      { type: 'step.answered', at: 1, data: { ...step, item: 0, out: { out: [counting, item] } } },
      { type: 'call.answered', at: 1, data: { ...step, call: 'c', op: 'o', hash: 'h', value: item } },
      { type: 'run.finished', at: 1, data: { output: [counting, item] } },
    ] as Fact[])
      expect([fact.type, holdsMany(appending(fact))]).toEqual([fact.type, true]);
  expect(holdsMany(appending({ type: 'run.finished', at: 1, data: { output: [{ n: 1 }] } }))).toBe(false);
  expect(written).toBe(0);
});
