import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import { lockWorkflow, movableWorkflows } from './pending.ts';

const workflow = (name: string, settings: object) =>
  drawn(
    name,
    { hook: { type: 'start.webhook', params: { path: name } }, then: { type: 'control.no-op' } },
    'hook -> then',
    settings,
  );

test('runs give their turns back as they end: where very many may be at once, counting them took ever longer', async () => {
  await using place = await openPlace({ role: 'web' });
  const { id } = await place.publish(workflow('many', { concurrency: 1_000 }));
  const sent = Array.from({ length: 30 }, () => place.hook('/hooks/main/many', { method: 'POST' }));
  for (const { json } of await Promise.all(sent)) await place.over(json.runId);
  const { sql } = place.opened.ledger;
  await expect.poll(async () => (await sql`select from turns where workflow = ${id}`).length).toBe(0);
});

test('a workflow whose lock somebody else has holds up no other that has something due', async () => {
  await using base = await createTestDatabase();
  await using elsewhere = await base.open({ app: 1, engine: 2 });
  await using place = await openPlace({ databaseUrl: base.url, role: 'web' });
  for (const name of ['one', 'two']) {
    await place.publish(workflow(name, { debounce: { wait: '1h' } }));
    expect((await place.hook(`/hooks/main/${name}`, { method: 'POST' })).status).toBe(202);
  }
  const { sql } = elsewhere.engine;
  await sql`update pending_events set due = now() - interval '1 second'`;
  const [first, second] = await movableWorkflows(place.opened.ledger.sql, Date.now());
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const deciding = sql.begin(async (tx) => {
    await lockWorkflow(tx, first!.workflow);
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  const tick = place.rooms.triggers.admission.tick();
  const left = async () => (await sql`select workflow from pending_events`).map((row) => row['workflow']);
  await expect.poll(left).toEqual([first!.workflow]);
  expect(second!.workflow).not.toBe(first!.workflow);
  letGo.resolve();
  await Promise.all([deciding, tick]);
  expect(await left()).toEqual([]);
});
