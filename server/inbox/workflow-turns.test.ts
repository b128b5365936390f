import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import { lockWorkflow } from './pending.ts';
import { WorkflowTurns } from './workflow-turns.ts';

test('of one workflow one decides at a time, in the order they came; one that fails lets the next go on', async () => {
  const turns = new WorkflowTurns();
  const said: string[] = [];
  const work = (name: string) => async () => {
    said.push(`${name} begins`);
    await new Promise(setImmediate);
    said.push(`${name} ends`);
    if (name === 'b') throw new Error(name);
  };
  const all = ['a', 'b', 'c'].map((name) => turns.take('ws', 'w', work(name)));
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(said).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('many workflows of one workspace leave the turn of another', async () => {
  const turns = new WorkflowTurns();
  const goOn = Promise.withResolvers<void>();
  let begun = 0;
  const many = Array.from({ length: 20 }, (_, n) =>
    turns.take('ws_many', `w${n}`, () => {
      begun++;
      return goOn.promise;
    }),
  );
  await turns.take('ws_other', 'x', async () => undefined);
  expect(begun).toBe(2);
  goOn.resolve();
  await Promise.all(many);
  expect(begun).toBe(20);
});

test('a flood on workflows that take turns leaves connections to the database for everybody else', async () => {
  await using base = await createTestDatabase();
  await using elsewhere = await base.open({ app: 1, engine: 2 });
  await using place = await openPlace({ databaseUrl: base.url });
  const workflow = (name: string, settings?: object) =>
    place.publish(
      drawn(
        name,
        { hook: { type: 'start.webhook', params: { path: name } }, then: { type: 'control.no-op' } },
        'hook -> then',
        settings,
      ),
    );
  const flooded = [await workflow('one', { concurrency: 1 }), await workflow('two', { concurrency: 1 })];
  await workflow('free');
  const send = async (path: string) => (await place.hook(`/hooks/main/${path}`, { method: 'POST' })).status;
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // Somebody in another process decides about both, and takes his time.
  const { sql } = elsewhere.engine;
  const deciding = sql.begin(async (tx) => {
    for (const { id } of flooded) await lockWorkflow(tx, id);
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  const flood = Array.from({ length: 40 }, (_, n) => send(n % 2 === 0 ? 'one' : 'two'));
  const waiting = async () =>
    (
      await sql`select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`
    ).length;
  await expect.poll(waiting).toBe(2);
  expect(await send('free')).toBe(202);
  letGo.resolve();
  await deciding;
  expect(new Set(await Promise.all(flood))).toEqual(new Set([202]));
});
