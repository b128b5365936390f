import { expect, test } from 'vitest';
import type { Standing, Standings } from '../journal/standings.ts';
import type { Told } from './live.ts';
import { Outcomes } from './outcomes.ts';
import { until } from './testing/test-engine.ts';

const place = { workspace: 'ws_1', run: 'run_1' };
const reply = { status: 200, headers: {}, as: 'json', body: 'done' } as const;
const outcome = { reply, ended: undefined, output: undefined };
const going: Standing = { seq: 3, isOver: false, hasReplied: false };

/** A journal that others write to, and what is asked of it. */
function afar(standing: Standing | undefined = going) {
  const asked: number[] = [];
  const read: string[] = [];
  const watchers = new Set<Told>();
  const watch = (_run: string, told: Told) => {
    watchers.add(told);
    return () => void watchers.delete(told);
  };
  const journal: { standing: Standing | undefined; isAway: boolean } = { standing, isAway: false };
  const standings: Standings = {
    of: async (runs) => {
      asked.push(...runs.map(({ after }) => after));
      await new Promise((resolve) => setImmediate(resolve));
      return new Map(runs.flatMap(({ run }) => (journal.standing ? [[run, journal.standing] as const] : [])));
    },
    outcomeOf: async (_workspace, run) => {
      read.push(run);
      await new Promise((resolve) => setImmediate(resolve));
      if (journal.isAway) throw new Error('away');
      return outcome;
    },
  };
  const engine = { known: () => undefined, options: { clock: () => 1_000_000 } } as never;
  const outcomes = new Outcomes({ engine, live: { watch, watchHere: watch }, standings });
  const tell = () => {
    for (const told of watchers) told(undefined);
  };
  return { outcomes, journal, asked, read, watchers, tell };
}

const wanted = { want: 'reply', withinMs: 600_000 } as const;

test('sixty callers who wait for one run have it looked at together, and read once when there is an answer: each read all of it, again and again', async () => {
  const { outcomes, journal, asked, read, watchers, tell } = afar();
  const waiting = Array.from({ length: 60 }, () => outcomes.of(place, wanted));
  // Timers of one length come in their order: all of them have begun to wait.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await until('it was looked at for the last of them', () => asked.at(-1) === 3);
  const before = asked.length;
  expect([before < 10, read.length]).toEqual([true, 0]);
  journal.standing = { seq: 5, isOver: false, hasReplied: true };
  tell();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([outcome]));
  expect([read.length, asked.length - before, outcomes.size, watchers.size]).toEqual([1, 1, 0, 0]);
});

test('nobody looks at a run for callers who have gone', async () => {
  const { outcomes, asked, watchers, tell } = afar();
  const left = new AbortController();
  const { signal } = left;
  const waiting = Array.from({ length: 20 }, () => outcomes.of(place, { ...wanted, signal }));
  await until('it is looked at', () => asked.includes(3));
  left.abort();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([undefined]));
  expect(await outcomes.of(place, { ...wanted, signal })).toBeUndefined();
  const before = asked.length;
  tell();
  expect([asked.length - before, outcomes.size, watchers.size]).toEqual([0, 0, 0]);
});

test('who would wait for a person, or beyond his own time, waits no longer; others go on', async () => {
  const { outcomes, journal, asked } = afar({ ...going, parkedUntil: 1_000_000 + 300_000 });
  expect(await outcomes.of(place, { want: 'end', withinMs: 60_000 })).toBeUndefined();
  const long = outcomes.of(place, wanted);
  await until('it is looked at', () => asked.length === 2 && outcomes.size === 1);
  journal.standing = { ...going, parkedUntil: Number.POSITIVE_INFINITY };
  expect(await outcomes.of(place, wanted)).toBeUndefined();
  expect(await long).toBeUndefined();
});

test('an answer is none for who waits for the end, and a run that is not there is not waited for', async () => {
  const { outcomes, journal, asked, read, tell } = afar({ seq: 4, isOver: false, hasReplied: true });
  const end = outcomes.of(place, { want: 'end', withinMs: 600_000 });
  expect(await outcomes.of(place, wanted)).toBe(outcome);
  expect([read.length, outcomes.size]).toEqual([1, 1]);
  journal.standing = undefined;
  tell();
  expect(await end).toBeUndefined();
  expect(asked.length).toBeGreaterThan(1);
});

test('what could not be read is brought by the next look', async () => {
  const { outcomes, journal, read, tell } = afar({ seq: 4, isOver: true, hasReplied: false });
  journal.isAway = true;
  const waiting = outcomes.of(place, wanted);
  await until('it was tried', () => read.length === 1);
  journal.isAway = false;
  await until('it is there', () => {
    tell();
    return outcomes.size === 0;
  });
  expect(await waiting).toBe(outcome);
});
