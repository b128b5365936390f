import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { longestDuration } from '../../flow/document/duration.ts';
import { draw } from '../../flow/testing/draw.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { cancelRun } from '../runs/act.ts';
import { farSide, httpReply } from './testing/in-memory.ts';
import { openTestEngine, planOf, until } from './testing/test-engine.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database[Symbol.asyncDispose]());

const waiting = (params: object) => draw('a:test.start -> w:control.wait -> b', { w: { params: { ...params } } });

/** Further than a Date and a database can tell of. */
const never = 8.64e20;

test.each([
  { for: '{{ $json.for }}' },
  { until: '{{ $json.until }}' },
  { called: true, for: '{{ $json.for }}' },
  { called: true, until: '{{ $json.until }}' },
])('a wait that is worked out as absurd is a fault that says so: %j', async (params) => {
  await using one = await openTestEngine({ url: database.url });
  for (const value of ['9999999999999d', `${'9'.repeat(400)}s`, '1e400s', '-5s', 1e300, -5]) {
    const until = '+012026-01-01T00:00:00Z';
    const actor = await one.start(waiting(params), { input: [{ for: value, until }] });
    await actor.whenOver();
    expect(actor.state.failing).toMatchObject({ code: 'params.invalid', node: 'w' });
  }
  expect(one.broken).toEqual([]);
});

test('a time-out of a month leaves a month: a timer that is set further than 25 days went off at once', async () => {
  const far = farSide(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return httpReply();
  });
  await using one = await openTestEngine({ url: database.url, far });
  for (const timeout of ['30d', '60d']) {
    const document = draw('a:test.start -> b:test.idempotent', { b: { settings: { timeout } } });
    const actor = await one.start(document);
    await actor.whenOver();
    expect(actor.state.failing).toBeUndefined();
  }
});

describe('what was stored before this was checked', () => {
  test('a time-out of a workflow and of a node without end, and pauses between tries: its run starts and is tried again', async () => {
    const far = farSide(() => httpReply(500));
    await using one = await openTestEngine({ url: database.url, far });
    const plan = planOf(
      draw('a:test.start -> b:test.idempotent', { b: { settings: { retry: { times: 2 }, timeout: '1m' } } }),
    );
    const node = plan.nodes['b']!;
    const stored = {
      ...plan,
      fingerprint: 'stored-before',
      settings: { ...plan.settings, timeoutMs: never },
      nodes: { ...plan.nodes, b: { ...node, timeoutMs: never, retry: { ...node.retry!, waitMs: never } } },
    };
    const actor = await one.start(draw('a:test.start -> b:test.idempotent'), { plan: stored });
    const again = async () =>
      (await one.facts(actor.run)).flatMap(({ data }) => ('retryAt' in data ? [data.retryAt] : []))[0];
    await until(
      'its try failed or something broke',
      async () => one.broken.length > 0 || (await again()) !== undefined,
    );
    expect(one.broken).toEqual([]);
    expect(await again()).toBeLessThanOrEqual(Date.now() + longestDuration);
  });

  test('a wait for a moment that no calendar has, whose process died: each sweep failed at it and nothing else was swept', async () => {
    await using before = await openTestEngine({ url: database.url });
    const { run } = await before.start(waiting({ for: '3d' }));
    await until('it waits', async () => (await before.status(run)) === 'waiting');
    await before.engine.drain(0);
    const { sql } = before.ledger;
    const owner = postgres(database.url, { max: 1 });
    // Facts never change; this one is as an older build wrote it.
    await owner`set session_replication_role = replica`;
    await owner`
      update run_events set data = jsonb_set(data::jsonb, '{waiting,due}', to_jsonb(${never}::float8))::json
      where run = ${run} and type = 'call.suspended'`;
    await owner.end();
    await sql`
      update stages set state = 'leased', lease_owner = 'boot_dead', lease_until = now() - interval '1 hour' where run = ${run}`;

    await using after = await openTestEngine({ url: database.url });
    await after.engine.recover();
    expect(after.broken).toEqual([]);
    expect(
      await sql`select state, next_at > now() + interval '1000 years' as far from stages where run = ${run}`,
    ).toEqual([{ state: 'ready', far: true }]);
    const other = await after.start(draw('a:test.start -> b'));
    await other.whenOver();
    await cancelRun({ engine: after.engine, told: () => {} }, run, { reason: 'enough' });
    expect(await after.status(run)).toBe('cancelled');
  });
});
