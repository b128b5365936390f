import { afterAll, beforeAll, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { openTestEngine, until } from '../engine/testing/test-engine.ts';
import type { TestEngine } from '../engine/testing/test-engine.ts';
import { openStandings } from './standings.ts';
import type { Standings } from './standings.ts';

let database: TestDatabase;
let one: TestEngine;
let standings: Standings;
beforeAll(async () => {
  database = await createTestDatabase();
  one = await openTestEngine({ url: database.url });
  standings = openStandings(one.ledger.sql, one.ledger.blobs);
});
afterAll(async () => {
  await one[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const waits = async (drawing: string, input: unknown = { n: 1 }) => {
  const { run } = await one.start(draw(drawing), { input: [input] });
  await until(`${drawing} waits`, async () => (await one.status(run)) === 'waiting');
  return run;
};
const standing = async (run: string, after = 0) => (await standings.of([{ run, after }])).get(run);

test('a run that has ended tells its end and its answer, and nothing of it is read but that', async () => {
  const actor = await one.start(draw('a:test.start -> b -> c:test.respond'), {
    input: [{ long: 'x'.repeat(300_000) }],
  });
  await actor.whenOver();
  const { run, workspace, state } = actor;
  expect(await standing(run)).toEqual({ seq: state.seq, isOver: true, hasReplied: true });
  expect(await standing(run, state.seq)).toEqual({ seq: state.seq, isOver: true, hasReplied: false });
  expect([await one.ledger.hasMore(run, state.seq), await one.ledger.hasMore(run, state.seq - 1)]).toEqual([
    false,
    true,
  ]);
  const { reply, ended, output } = await standings.outcomeOf(workspace, run);
  expect({ reply, ended, output }).toEqual({ reply: state.reply, ended: state.ended, output: state.output });
  expect(JSON.stringify(reply)).toContain('xxx');
  const { ended: stopped } = await standings.outcomeOf(workspace, await cancelled());
  expect(stopped?.status).toBe('cancelled');
});

async function cancelled(): Promise<string> {
  const run = await waits('a:test.start -> q:test.ask');
  await (await one.engine.actor(run)).append([{ type: 'run.cancelled', at: Date.now(), data: { reason: 'enough' } }]);
  return run;
}

test('what waits for a person is parked for ever, what waits for a moment until then, and what may be called is not', async () => {
  expect(await standing(await waits('a:test.start -> q:test.ask'))).toMatchObject({
    isOver: false,
    parkedUntil: Number.POSITIVE_INFINITY,
  });
  const timed = await waits('a:test.start -> w:test.wait');
  const { startedAt } = (await one.ledger.read(timed)).state;
  expect((await standing(timed))?.parkedUntil).toBeGreaterThanOrEqual(startedAt + 5_000);
  expect((await standing(await waits('a:test.start -> w:test.called')))?.parkedUntil).toBeUndefined();
});

test('a stage that somebody holds may go on at any moment, whatever the row of its run says', async () => {
  const run = await waits('a:test.start -> q:test.ask\na -> w:test.wait');
  expect((await standing(run))?.parkedUntil).toBeGreaterThan(Date.now() - 60_000);
  await one.ledger.sql`
    update stages set state = 'leased', lease_owner = 'boot_other', lease_until = now() + interval '1 hour', next_at = null
    where run = ${run} and next_at is not null`;
  const found = await standing(run);
  const [row] = await one.ledger.sql`select extract(epoch from now())::float8 * 1000 as now`;
  expect(found?.parkedUntil).toBeLessThanOrEqual(Number(row?.['now']));
});

test('all that are asked about are told of at once, and one that is not there is left out', async () => {
  const runs = [await waits('a:test.start -> q:test.ask'), await waits('a:test.start -> w:test.wait'), 'run_none'];
  const found = await standings.of(runs.map((run) => ({ run, after: 0 })));
  expect([...found.keys()].toSorted()).toEqual(runs.slice(0, 2).toSorted());
  expect(await standings.of([])).toEqual(new Map());
});
