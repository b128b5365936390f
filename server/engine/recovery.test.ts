import { expect, test } from 'vitest';
import { decide } from '../../flow/facts/decide.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { draw } from '../../flow/testing/draw.ts';
import { createTestDatabase } from '../db/testing.ts';
import { answerRun } from '../runs/act.ts';
import type { Shelf } from '../journal/shelf.ts';
import { farSide, httpReply } from './testing/in-memory.ts';
import { rebuildsAsItIs } from './testing/rebuild-law.ts';
import { openTestEngine, until } from './testing/test-engine.ts';
import type { TestEngine } from './testing/test-engine.ts';

/** A shelf in memory that can lose what stands on it, or be away: then it does not answer at all, or says so. */
class TestShelf implements Shelf {
  readonly where = 'here';
  readonly bytes = new Map<string, Uint8Array>();
  is: 'here' | 'silent' | 'away' = 'here';
  asked = 0;

  async has({ hash }: { hash: string }) {
    return this.bytes.has(hash);
  }
  async put({ hash }: { hash: string }, bytes: Uint8Array) {
    this.bytes.set(hash, bytes);
  }
  async get({ hash }: { hash: string }) {
    this.asked++;
    if (this.is === 'silent') await new Promise(() => {});
    if (this.is === 'away') throw new Fault('store.away', 'It does not answer.');
    return this.bytes.get(hash);
  }
  async drop() {}
  async tidy() {}
}

const document = draw('a:test.start -> b:test.idempotent -> c');
const unreadable = 150;
const healthy = 20;

/** Runs with and without a large value whose process died in the middle; gives the ids of both. */
async function dead(url: string, shelf: Shelf, counts: { large: number; small: number }) {
  const far = farSide(() => new Promise(() => {}));
  const before = await openTestEngine({ url, far, shelf, slots: 1_000 });
  const start = async (n: number, text: string) => (await before.start(document, { input: [{ n, text }] })).run;
  const large: string[] = [];
  const small: string[] = [];
  for (let n = 0; n < counts.large; n++) large.push(await start(n, `${n}`.padStart(70_000, '.')));
  for (let n = 0; n < counts.small; n++) small.push(await start(n, 'x'));
  await until('all are under way', () => far.sent.length === counts.large + counts.small);
  await before.engine.drain(0);
  // The unreadable ones are the oldest: a sweeper that takes those first would never come to the others.
  await before.ledger
    .sql`update stages set lease_owner = 'boot_dead', lease_until = now() - interval '1 hour' where run = any(${large})`;
  await before.ledger
    .sql`update stages set lease_owner = 'boot_dead', lease_until = now() - interval '1 minute' where run = any(${small})`;
  await before[Symbol.asyncDispose]();
  return { large, small };
}

const standing = async ({ ledger }: TestEngine, runs: readonly string[]) => {
  const rows = await ledger.sql`select status, needs from runs where id = any(${[...runs]})`;
  return Object.fromEntries(
    [
      ...Map.groupBy(rows, ({ status, needs }) =>
        [status, ...needs.map((need: { kind: string }) => need.kind)].join(' '),
      ),
    ].map(([name, group]) => [name, group.length]),
  );
};

test('a hundred and fifty runs whose store does not answer hold up nobody: twenty healthy ones go on, and no run fails', async () => {
  await using database = await createTestDatabase();
  const { url } = database;
  const shelf = new TestShelf();
  const { large, small } = await dead(url, shelf, { large: unreadable, small: healthy });
  await using next = await openTestEngine({ url, far: farSide(), shelf });
  shelf.is = 'silent';
  const began = performance.now();
  for (let round = 0; round < 3; round++) await next.engine.recover();
  await next.takeAll();
  await until('the healthy ones are over', async () => {
    await next.takeAll();
    return (await standing(next, small))['finished'] === healthy;
  });
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(await standing(next, large)).toEqual({ running: unreadable });
  const tried = async () =>
    (
      await next.ledger
        .sql`select tries, count(*)::int as n from stages where run = any(${large}) group by 1 order by 1`
    ).map((row) => [row['tries'], row['n']]);
  expect(await tried()).toEqual([[1, unreadable]]);
  // Put off: nobody looks at them again before their time, and then longer after that.
  expect(await next.engine.recover()).toBe(0);
  shelf.is = 'here';
  await next.ledger.sql`update stages set lease_until = now() - interval '1 second' where run = any(${large})`;
  await using other = await openTestEngine({ url, far: farSide(), shelf });
  for (let round = 0; round < 2; round++) await other.engine.recover();
  await until('the others are over as well', async () => {
    await other.takeAll();
    return (await standing(other, large))['finished'] === unreadable;
  });
  await rebuildsAsItIs(other.ledger);
}, 90_000);

test('what cannot be read waits longer each time, and counts', async () => {
  await using database = await createTestDatabase();
  const { url } = database;
  const shelf = new TestShelf();
  const { large } = await dead(url, shelf, { large: 1, small: 0 });
  await using next = await openTestEngine({ url, far: farSide(), shelf });
  shelf.is = 'away';
  const waits: number[] = [];
  for (let round = 0; round < 4; round++) {
    expect(await next.engine.recover()).toBe(1);
    const [row] = await next.ledger.sql`
      select tries, extract(epoch from lease_until - now())::float8 as wait from stages where run = any(${large})`;
    waits.push(Number(row?.['wait']));
    expect(row?.['tries']).toBe(round + 1);
    await next.ledger.sql`update stages set lease_until = now() - interval '1 second' where run = any(${large})`;
  }
  for (const [index, wait] of waits.entries()) expect(Math.round(wait / 10)).toBe(2 ** index);
  shelf.is = 'here';
  await next.engine.recover();
  await next.takeAll();
  await until('it is over', async () => (await standing(next, large))['finished'] === 1);
  expect(next.broken.every((error) => error instanceof Fault && error.code === 'store.away')).toBe(true);
});

test('a value that is proven missing asks a person: once it is back the run goes on, or somebody fails it', async () => {
  await using database = await createTestDatabase();
  const { url } = database;
  const shelf = new TestShelf();
  const { large } = await dead(url, shelf, { large: 3, small: 0 });
  const [again, failed, ready] = large as [string, string, string];
  const backup = new Map(shelf.bytes);
  shelf.bytes.clear();
  const far = farSide(() => httpReply());
  await using next = await openTestEngine({ url, far, shelf });
  // One of them is not a dead process' but ready for whoever wakes.
  await next.ledger
    .sql`update stages set state = 'ready', lease_owner = null, lease_until = null, next_at = now() where run = ${ready}`;
  await next.engine.recover();
  await next.takeAll();
  expect(await standing(next, large)).toEqual({ 'waiting quarantine': 3 });
  const [row] = await next.ledger.sql`select needs from runs where id = ${again}`;
  expect(row?.['needs']).toMatchObject([{ kind: 'quarantine', node: 'b', details: { reason: 'value-lost' } }]);
  expect(far.sent).toHaveLength(0);
  // Tried again while it is still missing, it asks again; nothing is skipped or finished with nothing in its place.
  await answerRun(next.engine, again, { step: 'b', answer: 'again' });
  await next.takeAll();
  expect(await standing(next, [again])).toEqual({ 'waiting quarantine': 1 });
  await answerRun(next.engine, failed, { step: 'b', answer: 'fail' });
  expect(await standing(next, [failed])).toEqual({ failed: 1 });
  for (const [hash, bytes] of backup) shelf.bytes.set(hash, bytes);
  for (const run of [again, ready]) await answerRun(next.engine, run, { step: 'b', answer: 'again' });
  await next.takeAll();
  await until('both are over', async () => (await standing(next, [again, ready]))['finished'] === 2);
  for (const run of [again, ready]) {
    const { plan, state } = await next.ledger.read(run);
    expect([decide(plan, state).status, JSON.stringify(state.output).length > 70_000]).toEqual(['finished', true]);
  }
  expect(next.engine.carrying).toBe(0);
  expect(next.broken).toEqual([]);
  await rebuildsAsItIs(next.ledger);
});
