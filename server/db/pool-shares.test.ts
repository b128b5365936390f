import { sql as sqlOf } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { answerError } from '../http/answer-error.ts';
import { withWorkspace, withWorkspaceSql } from './connect.ts';
import { NoConnection, PoolShares } from './pool-shares.ts';
import { createTestDatabase } from './testing.ts';

/** Work that goes on until all are told to end. */
function works() {
  const begun: string[] = [];
  const { promise: goOn, resolve: end } = Promise.withResolvers<void>();
  const work = (name: string) => async () => {
    begun.push(name);
    await goOn;
  };
  return { begun, work, end };
}
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('however much one workspace asks for, whoever comes from another finds a connection', async () => {
  const shares = new PoolShares(10);
  const { begun, work, end } = works();
  const many = Array.from({ length: 60 }, () => shares.take('a', work('a')));
  await nextTurn();
  expect(begun).toHaveLength(7);
  await shares.take('b', async () => void begun.push('b'));
  expect(begun).toHaveLength(8);
  end();
  await Promise.all(many);
  expect(begun).toHaveLength(61);
});

test('what runs look up does not wait for the requests of their workspace, and one workspace leaves others a place there, too', async () => {
  const shares = new PoolShares(10);
  const { begun, work, end } = works();
  const many = Array.from({ length: 60 }, () => shares.take('a', work('request')));
  const lookups = Array.from({ length: 60 }, () => shares.take('a', work('lookup'), 'run'));
  await nextTurn();
  expect(begun.filter((name) => name === 'lookup')).toHaveLength(3);
  await shares.take('b', async () => void begun.push('b'), 'run');
  expect(begun.at(-1)).toBe('b');
  end();
  await Promise.all([...many, ...lookups]);
});

test('who waits for a connection, or to be alone, is told to come again after a while, and keeps nobody else from it', async () => {
  const shares = new PoolShares(1, { connection: 1, alone: 1 });
  const { begun, work, end } = works();
  const held = shares.alone('a', work('a'));
  const refused: unknown = await shares.take('b', work('b')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(NoConnection);
  expect(answerError(refused, 'fault_1')).toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
    body: { error: { message: 'The database did not get to this in time.' } },
  });
  await expect(shares.alone('a', work('a'))).rejects.toThrow(NoConnection);
  expect(begun).toEqual(['a']);
  end();
  await held;
  await shares.alone('a', async () => void begun.push('later'));
  await shares.take('b', async () => void begun.push('b'));
  expect(begun).toEqual(['a', 'later', 'b']);
});

test('alone, one of a workspace at a time, in order; the others hold nothing, and too many are told to come again', async () => {
  const shares = new PoolShares(10);
  const { begun, work, end } = works();
  const failing = shares.alone('a', () => Promise.reject(new Error('no')));
  const many = Array.from({ length: 50 }, (_, n) => shares.alone('a', work(`a${n}`)));
  await expect(failing).rejects.toThrow('no');
  await nextTurn();
  expect(begun).toEqual(['a0']);
  const last = shares.alone('a', work('last'));
  await expect(shares.alone('a', work('more'))).rejects.toMatchObject({ status: 429, code: 'too-many' });
  await shares.alone('b', async () => void begun.push('b'));
  await shares.take('a', async () => void begun.push('read'));
  expect(begun).toEqual(['a0', 'b', 'read']);
  end();
  await Promise.all([...many, last]);
  expect(begun.slice(3)).toEqual([...Array.from({ length: 49 }, (_, n) => `a${n + 1}`), 'last']);
});

test('thirty transactions of one workspace that wait for a lock leave connections for those of another, for its runs and for who logs in', async () => {
  await using database = await createTestDatabase();
  await using holder = await database.open({ app: 1, engine: 1 });
  await using asked = await database.open({ app: 10, engine: 1 });
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = holder.app.sql.begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(4711)`;
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  const waiting = Array.from({ length: 30 }, () =>
    withWorkspaceSql(asked, 'ws_a', async (sql) => void (await sql`select pg_advisory_xact_lock(4711)`)),
  );
  for (let n = 0; n < 5; n++)
    expect(await withWorkspaceSql(asked, 'ws_b', async (sql) => (await sql`select 1 as one`)[0]?.['one'])).toBe(1);
  expect(
    await withWorkspace(asked, 'ws_a', async (tx) => [...(await tx.execute(sqlOf`select 2 as two`))], 'run'),
  ).toEqual([{ two: 2 }]);
  expect([...(await asked.app.sql`select 3 as three`)]).toEqual([{ three: 3 }]);
  const [row] = await holder.engine.sql`
    select count(*)::int as waiting from pg_locks where locktype = 'advisory' and objid = 4711 and not granted
      and database = (select oid from pg_database where datname = current_database())`;
  expect(row?.['waiting']).toBeLessThanOrEqual(7);
  letGo.resolve();
  await Promise.all([holding, ...waiting]);
});

test('a statement of a request has 30 s, 10 of them to wait for a lock; an append of the journal waits for what it must', async () => {
  await using database = await createTestDatabase();
  await using asked = await database.open({ app: 2, engine: 1 });
  const [row] = await asked.app.sql`
    select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`;
  expect(row).toEqual({ lock: '10s', statement: '30s' });
  const [engine] = await asked.engine.sql`select current_setting('statement_timeout') as statement`;
  expect(engine).toEqual({ statement: '0' });
});
