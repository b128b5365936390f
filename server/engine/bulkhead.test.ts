import { describe, expect, test, vi } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { processorMs } from '../processor-time.ts';
import type { Computing } from './computing.ts';
import type { FilledItems } from './params-away.ts';
import { MemoryJournal } from './testing/memory-ledger.ts';
import { SimulatedProcess, settle } from './testing/simulated.ts';
import { startOf } from './testing/test-engine.ts';

const slow = draw('a:test.start -> b:test.idempotent -> c');
const pure = draw('a:test.start -> b -> c');
/** A stage that waits weighs 64 kB before its data; a quarter of the room is one workspace's share, and alone it may have three. */
const roomFor = (stages: number) => stages * 64 * 1024;

function open(room: { slots: number; fromLanes?: number; ticketBytes?: number; compute?: Computing }) {
  const journal = new MemoryJournal(1_000);
  const one = new SimulatedProcess(journal, 'boot_1', room);
  let started = 0;
  const start = async (workspace: string, document = slow, more: Parameters<typeof startOf>[1] = {}) => {
    const run = `run_${workspace}_${started++}`;
    const actor = await one.engine.start(startOf(document, { run, workspace, ...more }));
    await settle();
    return actor;
  };
  const answer = async (count: number) => {
    for (let n = 0; n < count; n++) {
      one.asked.shift()?.answer();
      await settle();
    }
  };
  return { journal, one, start, answer };
}

describe('stages that wait for an answer (E4)', () => {
  test('hold no slot: beside a hundred slow runs of its own, in a process with eight slots, a pure run is over at once', async () => {
    const { one, start } = open({ slots: 8, fromLanes: 0 });
    for (let n = 0; n < 100; n++) await start('ws_a');
    expect([one.asked.length, one.engine.carrying, one.engine.computing]).toEqual([100, 100, 0]);
    expect((await start('ws_a', pure)).isOver).toBe(true);
    expect((await start('ws_b', pure)).isOver).toBe(true);
  });

  test('leave a pure run alone that comes while as many as there are slots are on their way to the journal', async () => {
    const { journal, one, start } = open({ slots: 8, fromLanes: 0 });
    const { ledger } = one.engine.options;
    const append = ledger.append.bind(ledger);
    const gate = Promise.withResolvers<void>();
    // The journal is slow with what came first: claims that are made with it hold their slots meanwhile.
    let held = 40;
    ledger.append = async (given) => (held-- > 0 && (await gate.promise), append(given));
    const waiting = Array.from({ length: 40 }, () => start('ws_a'));
    await settle();
    // All that a workspace may have of eight when no caller waits.
    expect(one.engine.computing).toBe(5);
    expect((await start('ws_a', pure, { isAwaited: true })).isOver).toBe(true);
    gate.resolve();
    await Promise.all(waiting);
    expect(journal.rows.size).toBeGreaterThan(0);
  });

  test('hold no job of a lane: the wake-up is done when its stage waits, and the stage goes on when it is answered', async () => {
    const { journal, one, answer } = open({ slots: 0, fromLanes: 1 });
    for (let n = 0; n < 3; n++) await one.engine.start(startOf(slow, { run: `run_${n}` }));
    // One after another, as a lane of one job does it: none is answered meanwhile.
    const lane = async () => {
      const ready = [...journal.rows.values()].filter(({ state }) => state === 'ready');
      for (const { run, stage, path } of ready) await one.engine.wake({ run, stage, path });
    };
    await lane();
    await lane();
    expect([one.asked.length, one.engine.computing]).toEqual([3, 0]);
    await answer(3);
    await lane();
    await settle();
    expect([...journal.facts.values()].map((facts) => facts.at(-1)?.type)).toEqual(Array(3).fill('run.finished'));
    expect([one.engine.carrying, one.engine.waitingBytes]).toEqual([0, 0]);
  });

  test('hold no slot for one slow item of a window, when the others are answered', async () => {
    const items = Array.from({ length: 5 }, (_, n) => ({ n }));
    const window = draw('a:test.start -> b:test.idempotent -> c', { b: { settings: { concurrency: 5 } } });
    const { one, start, answer } = open({ slots: 8 });
    const actor = await start('ws_a', window, { input: items });
    expect([one.asked.length, one.engine.computing]).toEqual([5, 0]);
    await answer(4);
    expect([one.asked.length, one.engine.carrying, one.engine.computing]).toEqual([1, 1, 0]);
    await answer(1);
    await actor.whenOver();
    await settle();
    expect([one.engine.carrying, one.engine.computing]).toEqual([0, 0]);
  });

  test('are so many as weigh what they may: of one workspace what is more stays ready, others go on, and it follows when there is room', async () => {
    const { journal, one, start, answer } = open({ slots: 8, ticketBytes: roomFor(16) });
    for (let n = 0; n < 20; n++) await start('ws_a');
    const ready = () => [...journal.rows.values()].filter(({ state }) => state === 'ready').length;
    // Three quarters but for what is kept for callers who wait: an eighth.
    expect([one.asked.length, ready()]).toEqual([10, 10]);
    one.takeAll();
    await settle();
    expect([one.asked.length, ready(), one.engine.crowded]).toEqual([10, 10, ['ws_a']]);
    await start('ws_b');
    expect(one.asked.length).toBe(11);
    // Nobody wakes them: each that comes back takes up the next.
    for (let n = 0; n < 40 && one.asked.length > 0; n++) await answer(1);
    await settle();
    expect([ready(), one.engine.crowded, one.engine.waitingBytes, one.engine.carrying]).toEqual([0, [], 0, 0]);
    expect([...journal.facts.values()].every((facts) => facts.at(-1)?.type === 'run.finished')).toBe(true);
  });

  test('that are left ready while what they wait for comes back are taken up all the same', async () => {
    const { journal, one, start, answer } = open({ slots: 8, ticketBytes: roomFor(16) });
    for (let n = 0; n < 11; n++) await start('ws_a');
    const { ledger } = one.engine.options;
    const giveBack = ledger.giveBack.bind(ledger);
    // The last that could have made room for it does so while it is given back.
    ledger.giveBack = async (claim) => {
      await answer(10);
      await giveBack(claim);
    };
    one.takeAll();
    for (let n = 0; n < 20; n++) await settle();
    expect([one.asked.length, [...journal.rows.values()].filter(({ state }) => state === 'ready').length]).toEqual([
      1, 0,
    ]);
  });

  test('are waited for by a drain, and let go with their claims when its time is up', async () => {
    const { one, start, answer } = open({ slots: 8 });
    const actor = await start('ws_a');
    let isDrained = false;
    const drained = one.engine.drain(5_000).then(() => (isDrained = true));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(isDrained).toBe(false);
    await answer(1);
    await drained;
    expect([one.engine.carrying, one.aborted]).toEqual([0, 0]);
    expect(actor.state.outputs.size).toBeGreaterThan(1);
    const other = open({ slots: 8 });
    await other.start('ws_a');
    await other.one.engine.drain(0);
    expect([other.one.engine.carrying, other.one.aborted]).toEqual([0, 1]);
  });

  test('are aborted by a cancel, and hold nothing afterwards', async () => {
    const { one, start } = open({ slots: 8 });
    const actor = await start('ws_a');
    await actor.append([{ type: 'run.cancelled', at: 1, data: { reason: 'test' } }]);
    await settle();
    expect([one.aborted, one.engine.carrying, one.engine.computing, one.engine.waitingBytes]).toEqual([1, 0, 0, 0]);
  });
});

describe('params that are worked out in another process', () => {
  const loop = '{{ (() => { let s = 0; for (let i = 0; i < 200000; i++) s += i; return s })() }}';
  const long = {
    ...slow,
    nodes: slow.nodes.map((node) =>
      node.key === 'b' ? { ...node, params: { url: `http://far/${loop.repeat(3)}` } } : node,
    ),
  };

  /** Another process that answers when it is told to. */
  function elsewhere() {
    const asked: { signal: AbortSignal; answer: (answer: FilledItems) => void }[] = [];
    const none = async () => {
      throw new Error('not asked for');
    };
    const compute: Computing = {
      node: none,
      for: () => none,
      params: (_workspace, { carriage }) =>
        new Promise((resolve, reject) => {
          asked.push({ signal: carriage.signal, answer: resolve });
          carriage.signal.addEventListener('abort', () => reject(carriage.signal.reason));
        }),
    };
    return { asked, compute };
  }

  test('hold no slot, and the node goes on with them', async () => {
    const { asked, compute } = elsewhere();
    const { one, start, answer } = open({ slots: 8, fromLanes: 0, compute });
    const actor = await start('ws_a', long);
    expect([asked.length, one.asked.length, one.engine.carrying, one.engine.computing]).toEqual([1, 0, 1, 0]);
    expect((await start('ws_b', pure)).isOver).toBe(true);
    asked[0]?.answer({ filled: [{ params: { url: 'http://far/1' } }], drawn: 0 });
    await settle();
    await answer(1);
    expect([actor.isOver, actor.state.ended?.status]).toEqual([true, 'finished']);
  });

  test('of twenty runs that go on in one turn of the event loop hold it for no quarter of a second: each tries for a moment here', async () => {
    const { asked, compute } = elsewhere();
    const { journal, one, start } = open({ slots: 64, compute });
    const { ledger } = one.engine.options;
    const append = ledger.append.bind(ledger);
    const gate = Promise.withResolvers<void>();
    // Their claims come back all at once.
    ledger.append = async (given) => {
      const made = await append(given);
      await gate.promise;
      return made;
    };
    const starting = Array.from({ length: 20 }, (_, n) => start(`ws_${n}`, long));
    await settle();
    let [longest, before] = [0, processorMs()];
    const look = () => {
      const now = processorMs();
      [longest, before] = [Math.max(longest, now - before), now];
      if (asked.length < 20) setImmediate(look);
    };
    gate.resolve();
    look();
    await vi.waitFor(() => expect(asked.length).toBe(20), { timeout: 30_000 });
    await Promise.all(starting);
    expect(journal.rows.size).toBe(20);
    expect(longest).toBeLessThan(250);
  });

  test('are given up when their run is cancelled, and nothing is sent', async () => {
    const { asked, compute } = elsewhere();
    const { one, start } = open({ slots: 8, fromLanes: 0, compute });
    const actor = await start('ws_a', long);
    await actor.append([{ type: 'run.cancelled', at: 1_000, data: { reason: 'test' } }]);
    await settle();
    expect([asked[0]?.signal.aborted, one.asked.length, one.engine.carrying]).toEqual([true, 0, 0]);
    expect(one.broken).toEqual([]);
  });
});
