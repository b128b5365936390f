import { expect, test } from 'vitest';
import { fold } from '../../flow/facts/fold.ts';
import { emptyState, numbered } from '../../flow/facts/state.ts';
import { draw } from '../../flow/testing/draw.ts';
import type { StoredRun } from '../journal/ledger.ts';
import { Engine } from './engine.ts';
import { linkMaker } from './links.ts';
import { startFact } from './start.ts';
import { MemoryJournal } from './testing/memory-ledger.ts';
import { planOf, startOf, testDefinition } from './testing/test-engine.ts';

const document = draw('a:test.start -> w:test.wait');
const MB = 1024 * 1024;

/** An engine over runs that weigh so much each and wait; counts what is read of them. */
function reader(bytes: number, plan = planOf(document)) {
  const reads = { whole: 0, facts: 0, now: 0, atOnce: 0 };
  const ledger = new MemoryJournal(20_000).ledgerOf('boot_a', async () => {});
  const engine = new Engine({
    ledger: {
      ...ledger,
      readFacts: async () => {
        reads.facts++;
        return [];
      },
      hasMore: async () => false,
      read: async (run): Promise<StoredRun> => {
        reads.whole++;
        reads.atOnce = Math.max(reads.atOnce, ++reads.now);
        await new Promise((resolve) => setImmediate(resolve));
        reads.now--;
        const state = fold(emptyState, numbered(0, [startFact(run, startOf(document), 0)]));
        return { workspace: 'ws_1', plan, state, bytes };
      },
    },
    boot: 'boot_a',
    definition: (_workspace, { type }) => testDefinition(type),
    powersOf: () => (() => ({})) as never,
    startChildren: () => () => Promise.reject(new Error('none here')),
    linkOf: linkMaker('http://test', () => new Uint8Array(32)),
    slots: 4,
    mayRunCode: true,
    leaseMs: 20_000,
    clock: () => 0,
    onBroken: () => {},
  });
  return { engine, reads };
}

const names = Array.from({ length: 150 }, (_, index) => `run_${index}`);

test('a hundred and fifty runs that were only looked at stayed in memory for ever: they weigh as all idle ones do', async () => {
  const large = reader(60 * MB);
  for (const run of names) await large.engine.actor(run, Infinity);
  expect(names.filter((run) => large.engine.known(run))).toEqual([]);
  const middling = reader(4 * MB);
  for (const run of names) await middling.engine.actor(run, Infinity);
  expect(names.filter((run) => middling.engine.known(run))).toEqual(names.slice(-8));
});

test('runs of very many stages weigh by those, however little their journals say of them', async () => {
  const branches = Array.from({ length: 4_990 }, (_, n) => `b${n}`);
  const nodes = [{ key: 'a', type: 'test.start' }, ...branches.map((key) => ({ key, type: 'test.pure' }))];
  const wide = planOf({ heddle: 1, name: 'Wide', nodes, edges: branches.map((to) => ({ from: 'a', to })) });
  const { engine } = reader(1_000, wide);
  const some = names.slice(0, 60);
  for (const run of some) await engine.actor(run, Infinity);
  expect(some.filter((run) => engine.known(run)).length).toBeLessThan(55);
});

test('what is in memory and has not moved on is not read again to be sure of it, nor are facts, which a large run may have many of', async () => {
  const { engine, reads } = reader(4 * MB);
  const first = await engine.actor('run_1', Infinity);
  expect(await engine.actor('run_1', Infinity)).toBe(first);
  expect([reads.whole, reads.facts]).toEqual([1, 0]);
});

test('those who ask for one run together read it one after another, and find what the first has read', async () => {
  const small = reader(MB);
  const found = await Promise.all(names.map(() => small.engine.actor('run_1', Infinity)));
  expect([new Set(found).size, small.reads.whole]).toEqual([1, 1]);
  const large = reader(60 * MB);
  await Promise.all(names.map(() => large.engine.actor('run_1', Infinity)));
  expect(large.reads.atOnce).toBe(1);
});
