import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createTestDatabase, databaseUrl } from './testing.ts';

async function databasesNamed(url: string): Promise<number> {
  const sql = postgres(databaseUrl(url, 'postgres'), { max: 1 });
  const found = await sql`select 1 from pg_database where datname = ${new URL(url).pathname.slice(1)}`;
  await sql.end();
  return found.length;
}

test('two test databases know nothing of each other, and both are migrated', async () => {
  await using one = await createTestDatabase();
  await using two = await createTestDatabase();
  expect(one.url).not.toBe(two.url);
  const [first, second] = [await one.open(), await two.open()];
  await first.engine.sql`select graphile_worker.add_job('sweep')`;
  const jobs = (pool: typeof first.engine) => pool.sql`select 1 from graphile_worker.jobs`;
  expect(await jobs(first.engine)).toHaveLength(1);
  expect(await jobs(second.engine)).toHaveLength(0);
});

test('a test that leaves a connection open is told which, and the database is gone all the same', async () => {
  await using keeper = await createTestDatabase();
  const held = await createTestDatabase();
  const forgotten = postgres(held.url, { max: 1, connection: { application_name: 'forgotten' }, onnotice: () => {} });
  await forgotten`select 1`;
  await expect(held[Symbol.asyncDispose]()).rejects.toThrow('The test left 1 connection(s) open: forgotten.');
  await forgotten.end();
  expect(await databasesNamed(held.url)).toBe(0);
  expect(await databasesNamed(keeper.url)).toBe(1);
});
