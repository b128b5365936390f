import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { newHolding } from './holding.ts';
import { passForTests } from './testing/pass.ts';
import { Holdings } from './holdings.ts';
import { NoSuchRun, Refused } from '../journal/refused.ts';
import { MemoryJournal } from './testing/memory-ledger.ts';
import { SimulatedProcess, settle } from './testing/simulated.ts';
import { startOf } from './testing/test-engine.ts';

const leaseMs = 1_000;
const document = draw('a:test.start -> b:test.idempotent -> c:test.idempotent -> d');

/** Where two stages may wait and one compute, most of what can be in the way is. */
const narrow = { slots: 1, fromLanes: 1, ticketBytes: 3 * 64 * 1024 };

function open(room?: typeof narrow) {
  const journal = new MemoryJournal(leaseMs);
  return {
    journal,
    one: new SimulatedProcess(journal, 'boot_1', room),
    two: new SimulatedProcess(journal, 'boot_2', room),
    epochs: () => [...journal.rows.values()].map(({ epoch, owner }) => `${owner}#${epoch}`),
    crashes: () => [...journal.facts.values()].flat().filter(({ type }) => type === 'stage.crashed').length,
  };
}

test('what is let go is a claim: a later one of the same stage stays, and each is let go once', () => {
  const holdings = new Holdings();
  const claim = (epoch: number) => newHolding({ stage: 's', path: '', epoch }, 0, passForTests());
  const [first, second] = [claim(1), claim(3)];
  expect(holdings.put(first)).toEqual({ isHeld: true, former: undefined });
  expect(holdings.put(second)).toEqual({ isHeld: true, former: first });
  expect([holdings.remove(first), holdings.remove(first)]).toEqual([true, false]);
  expect([...holdings.byKey.values()]).toEqual([second]);
  // An answer that was so late that its claim was lost before it came.
  expect(holdings.put(claim(2)).isHeld).toBe(false);
  expect(holdings.remove(second)).toBe(true);
  expect(holdings.size).toBe(0);
});

describe('a process that stalls past its lease', () => {
  test('and takes the same stage again goes on with the new claim, whatever the beat says of the old one', async () => {
    const { journal, one, two, epochs, crashes } = open();
    const actor = await one.engine.start(startOf(document, { run: 'run_1' }));
    await settle();
    expect(one.asked).toHaveLength(1);
    journal.now += leaseMs + 1;
    await two.engine.recover();
    one.takeAll();
    await settle();
    expect(epochs()).toEqual(['boot_1#3']);
    expect([one.asked.length, one.aborted]).toEqual([2, 1]);
    await one.engine.renew();
    // The first attempt was cut off, the second is under way and holds the only slot.
    expect([one.aborted, one.engine.carrying]).toEqual([1, 1]);
    for (const { answer } of one.asked) answer();
    await settle();
    for (const { answer } of one.asked) answer();
    await actor.whenOver();
    await settle();
    expect([one.engine.carrying, one.taking, crashes()]).toEqual([0, 0, 1]);
    expect(journal.givenUp).toEqual([]);
  });

  test('holds its slots once: a claim that ends while the beat is told that it is gone is not let go twice', async () => {
    const { one } = open();
    const { ledger } = one.engine.options;
    const append = ledger.append.bind(ledger);
    // What ends a stage is in the journal and its answer on the way, when the beat asks which claims are left.
    ledger.append = async (given) => {
      const result = await append(given);
      await one.engine.renew();
      return result;
    };
    await one.engine.start(startOf(document, { run: 'run_1' }));
    await settle();
    one.asked[0]?.answer();
    await settle();
    expect([one.asked.length, one.engine.carrying]).toEqual([2, 1]);
  });
});

test('a claim whose run takes long to read is not given up: with 150 ms to the database runs were quarantined', async () => {
  const { journal, one, crashes } = open();
  const starter = new SimulatedProcess(journal, 'boot_0', { slots: 0 });
  for (let n = 0; n < 4; n++) await starter.engine.start(startOf(document, { run: `run_${n}` }));
  const { ledger } = one.engine.options;
  const slow = Promise.withResolvers<void>();
  const read = ledger.read.bind(ledger);
  ledger.read = async (run) => (await slow.promise, read(run));
  one.takeAll();
  await settle();
  for (let beats = 0; beats < 4; beats++) await one.engine.renew();
  expect(journal.givenUp).toEqual([]);
  slow.resolve();
  await settle();
  one.takeAll();
  await settle();
  expect([crashes(), one.asked.length]).toEqual([0, 4]);
});

test('a claim whose append is answered late is not given up either', async () => {
  const { journal, one } = open();
  const { ledger } = one.engine.options;
  const append = ledger.append.bind(ledger);
  ledger.append = async (given) => {
    const result = await append(given);
    for (let beats = 0; beats < 3; beats++) await one.engine.renew();
    return result;
  };
  await one.engine.start(startOf(document, { run: 'run_1' }));
  await settle();
  expect([journal.givenUp, one.engine.carrying, one.asked.length]).toEqual([[], 1, 1]);
});

const step = fc.constantFrom(
  ...(['one', 'two'] as const).flatMap((who) =>
    (['stall', 'wake', 'beat', 'recover', 'take', 'answer', 'answer', 'start'] as const).map((what) => ({ who, what })),
  ),
  { who: 'one' as const, what: 'time' as const },
);

test('whatever stalls and wakes, no slot leaks, no valid attempt is cut off, and every run ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50 }), fc.boolean(), async (steps, isNarrow) => {
      const place = open(isNarrow ? narrow : undefined);
      const { journal } = place;
      let started = 0;
      const act = async (who: SimulatedProcess, what: (typeof steps)[number]['what']) => {
        if (what === 'stall') who.stall();
        else if (what === 'wake') who.wake();
        else if (what === 'beat') void who.engine.renew();
        else if (what === 'recover') void who.engine.recover();
        else if (what === 'take') who.takeAll();
        else if (what === 'answer') who.asked.shift()?.answer();
        else if (what === 'start') {
          const workspace = `ws_${started % 3}`;
          void who.engine.start(startOf(document, { run: `run_${started++}`, workspace }));
        } else journal.now += leaseMs + 1;
        await settle();
      };
      for (const { who, what } of steps) await act(place[who], what);
      const both = [place.one, place.two];
      for (const process of both) process.wake();
      const isOver = (run: string) => journal.facts.get(run)?.some(({ type }) => type === 'run.finished');
      const names = Array.from({ length: started }, (_, n) => `run_${n}`);
      const quarantined = () => [...journal.facts.values()].flat().some(({ type }) => type === 'stage.quarantined');
      for (let round = 0; round < 40 && !names.every(isOver) && !quarantined(); round++) {
        journal.now += 10;
        for (const process of both) {
          for (const what of ['beat', 'recover', 'take'] as const) await act(process, what);
          while (process.asked.length > 0) await act(process, 'answer');
        }
      }
      await settle();
      if (!quarantined()) expect(names.filter((run) => !isOver(run))).toEqual([]);
      if (!quarantined())
        for (const { engine, taking } of both)
          expect([engine.carrying, engine.computing, engine.waitingBytes, taking]).toEqual([0, 0, 0, 0]);
      expect(journal.givenUp).toEqual([]);
      for (const { broken } of both) expect(broken).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

describe('a start that is refused is over', () => {
  test.each(['unavailable', 'duplicate', 'broken'] as const)(
    '%s: nothing is read again, no slot is held',
    async (why) => {
      const { journal, one } = open();
      const { ledger } = one.engine.options;
      let reads = 0;
      const read = ledger.read.bind(ledger);
      ledger.read = (run) => (reads++, read(run));
      ledger.append = async () => {
        if (why === 'broken') throw new Error('the journal refuses what it would append');
        return { ok: false, why };
      };
      await expect(one.engine.start(startOf(document, { run: 'run_1' }))).rejects.toThrow('the journal refuse');
      await settle();
      expect([reads, one.engine.carrying, one.engine.known('run_1'), journal.facts.size]).toEqual([0, 0, undefined, 0]);
      expect(one.broken).toEqual([]);
      await expect(one.engine.actor('run_1')).rejects.toThrow(NoSuchRun);
    },
  );

  test('a run that was forgotten while something was held of it is let go, and whoever waits hears of it', async () => {
    const { journal, one } = open();
    const actor = await one.engine.start(startOf(document, { run: 'run_1' }));
    await settle();
    journal.forget();
    const late = actor.append([]).catch((error: unknown) => error);
    await actor.whenOver();
    expect([await late, one.engine.carrying, one.engine.known('run_1')]).toEqual([expect.any(Refused), 0, undefined]);
    await expect(actor.append([])).rejects.toThrow(NoSuchRun);
  });

  test('what breaks while committing is told to whoever asked, and rejects nowhere else', async () => {
    const { one } = open();
    const unhandled: unknown[] = [];
    const hear = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', hear);
    try {
      const actor = await one.engine.start(startOf(document, { run: 'run_1' }));
      await settle();
      const { clock } = one.engine.options;
      Object.assign(actor.around, {
        clock: () => {
          throw new Error('no time');
        },
      });
      await expect(actor.append([])).rejects.toThrow('no time');
      Object.assign(actor.around, { clock });
      await settle();
      one.asked[0]?.answer();
      await settle();
      one.asked[1]?.answer();
      await actor.whenOver();
      await settle();
    } finally {
      process.off('unhandledRejection', hear);
    }
    expect([unhandled, one.engine.carrying]).toEqual([[], 0]);
  });
});
