import { getTableName } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyAccess, findTables, makeRoles } from './access.ts';
import { openDatabase, openWorkerPool, withWorkspace, type Database } from './connect.ts';
import { migrate } from './migrate.ts';
import { tables, type TableClass } from './tables.ts';
import { createTestDatabase, joinTestPostgres, type TestDatabase, type TestPostgres } from './testing.ts';

const classes = new Map<string, TableClass>([
  ['notes', 'tenant'],
  ['clocks', 'joint'],
  ['journal', 'journal'],
  ['facts', 'facts'],
  ['beats', 'engine'],
  ['people', 'global'],
]);
const owned = ['notes', 'clocks', 'journal', 'facts', 'forgotten'];

/** A table of each class, one that nobody declared, and a row of each of two workspaces in all that have one. */
async function furnish(sql: Sql): Promise<void> {
  for (const name of owned) {
    await sql.unsafe(`create table "${name}" (id serial primary key, workspace_id text not null, body text)`);
    await sql.unsafe(`insert into "${name}" (workspace_id, body) values ('w1', 'one'), ('w2', 'two')`);
  }
  for (const name of ['beats', 'people']) await sql.unsafe(`create table "${name}" (id serial primary key, body text)`);
}

const attempts = {
  read: (name: string) => `select count(*)::int as count from "${name}"`,
  insert: (name: string) =>
    owned.includes(name)
      ? `insert into "${name}" (workspace_id, body) values ('w1', 'new')`
      : `insert into "${name}" (body) values ('new')`,
  update: (name: string) => `update "${name}" set body = 'changed'`,
  delete: (name: string) => `delete from "${name}"`,
};

/** Which of the four things the connection may do to a table at all. */
async function mayDo(sql: Sql, name: string): Promise<string> {
  const allowed: string[] = [];
  for (const [verb, statement] of Object.entries(attempts)) {
    const done = sql.begin(async (tx) => {
      await tx`select set_config('app.workspace_id', 'w1', true)`;
      await tx.unsafe(statement(name));
      throw new Error('undo');
    });
    const message = await done.then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (message === 'undo') allowed.push(verb);
    expect(message, `${verb} ${name}`).toMatch(/^undo$|^permission denied/);
  }
  return allowed.join(' ');
}

describe('with real roles', () => {
  let held: TestDatabase;
  let owner: Sql;
  let database: Database;
  beforeAll(async () => {
    held = await createTestDatabase();
    owner = postgres(held.url, { max: 1, onnotice: () => {} });
    await furnish(owner);
    await applyAccess(owner, classes, await makeRoles(owner));
    database = await held.open();
  });
  afterAll(async () => {
    await owner.end();
    await held[Symbol.asyncDispose]();
  });

  test('each class lets each role do what its row of the table says, and an undeclared table nothing', async () => {
    const seen = [];
    for (const name of [...classes.keys(), 'forgotten']) {
      seen.push([name, await mayDo(database.app.sql, name), await mayDo(database.engine.sql, name)]);
    }
    const all = 'read insert update delete';
    expect(seen).toEqual([
      ['notes', all, ''],
      ['clocks', all, all],
      ['journal', 'read', all],
      ['facts', 'read', 'read insert'],
      ['beats', '', all],
      ['people', all, 'read'],
      ['forgotten', '', ''],
    ]);
  });

  test('a request sees and changes its own workspace, and nothing at all outside one', async () => {
    const bodies = (tx: { execute: Database['app']['orm']['execute'] }) => tx.execute('select body from notes');
    expect(await withWorkspace(database, 'w1', bodies)).toMatchObject([{ body: 'one' }]);
    expect(await withWorkspace(database, 'w2', bodies)).toMatchObject([{ body: 'two' }]);
    expect(await bodies(database.app.orm)).toHaveLength(0);
    const changed = await withWorkspace(database, 'w1', (tx) =>
      tx.execute(`update notes set body = 'mine' returning id`),
    );
    expect(changed).toHaveLength(1);
    const foreign = withWorkspace(database, 'w1', (tx) =>
      tx.execute(`insert into notes (workspace_id, body) values ('w2', 'planted')`),
    );
    await expect(foreign).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  test('the engine sees its tables of every workspace', async () => {
    expect(await database.engine.sql`select body from journal order by id`).toMatchObject([
      { body: 'one' },
      { body: 'two' },
    ]);
  });

  test('resetting the role gives the role back, not the owner', async () => {
    const current = await database.app.sql`select current_user as name`;
    expect(current[0]?.['name']).toBe('heddle_app');
    await database.app.sql.begin(async (tx) => {
      await tx`reset role`;
      expect(await tx`select current_user as name`).toMatchObject([{ name: 'heddle_app' }]);
    });
  });

  test('facts are not changed by their owner either; retention may delete them', async () => {
    await expect(owner`update facts set body = 'x'`).rejects.toThrow('facts in facts are never changed');
    await expect(owner`delete from facts`).rejects.toThrow('never changed');
    await expect(owner`truncate facts`).rejects.toThrow('never changed');
    const pruned = await owner.begin(async (tx) => {
      await tx`set local app.prune = 'on'`;
      await expect(tx.savepoint((point) => point`update facts set body = 'x'`)).rejects.toThrow('never changed');
      return tx`delete from facts where workspace_id = 'w2' returning id`;
    });
    expect(pruned).toHaveLength(1);
  });

  test('the engine may add jobs in its own transaction, and graphile-worker may run as the engine', async () => {
    const { sql } = database.engine;
    await sql`select graphile_worker.add_job('sweep', '{"id":"x"}'::json)`;
    const pool = openWorkerPool(database, 2, () => {});
    const { rows } = await pool.query('select current_user, count(*)::int from graphile_worker.jobs group by 1');
    await pool.end();
    expect(rows).toEqual([{ current_user: 'heddle_engine', count: 1 }]);
    await expect(database.app.sql`select * from graphile_worker.jobs`).rejects.toThrow('permission denied');
  });

  test('applying the same rules again changes nothing; a new table or a lost policy is mended', async () => {
    expect(await applyAccess(owner, classes, 'roles')).toBe(false);
    await owner`create table later (workspace_id text not null, body text)`;
    expect(await applyAccess(owner, classes, 'roles')).toBe(true);
    const [later] =
      await owner`select relrowsecurity as on, relforcerowsecurity as forced from pg_class where relname = 'later'`;
    expect(later).toEqual({ on: true, forced: true });
    await owner`drop policy heddle_workspace on notes`;
    expect(await applyAccess(owner, classes, 'roles', true)).toBe(true);
    expect(
      await owner`select 1 from pg_policies where tablename = 'notes' and policyname = 'heddle_workspace'`,
    ).toHaveLength(1);
  });
});

/** Adds a login that may do little, with a database of its own, to a server; the whole server goes with the test. */
async function poorLogin(serverUrl: string, rights: string): Promise<string> {
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const name = `poor_${rights || 'nothing'}`;
  await admin.unsafe(`create role ${name} login password 'poor' ${rights}`);
  await admin.unsafe(`create database ${name} owner ${name}`);
  await admin.end();
  const url = new URL(serverUrl);
  Object.assign(url, { username: name, password: 'poor', pathname: `/${name}` });
  return url.href;
}

describe('on a server where we are not superuser', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await joinTestPostgres('poor');
  });
  afterAll(() => server.leave());

  // In this order: roles belong to the whole server, and once the second test has made them they are not the first login's to use.
  test('a login that may make no roles gets forced row-level security and a setting, which hold the same walls', async () => {
    const url = await poorLogin(server.url, '');
    const owner = postgres(url, { max: 1, onnotice: () => {}, connection: { 'app.engine': 'on' } });
    expect((await migrate({ url })).access).toBe('settings');
    await furnish(owner);
    await applyAccess(owner, classes, 'settings');
    await owner.end();
    await using database = await openDatabase({ url });
    const bodies = await withWorkspace(database, 'w1', (tx) => tx.execute('select body from notes'));
    expect(bodies).toMatchObject([{ body: 'one' }]);
    expect(await database.app.sql`select body from forgotten`).toHaveLength(0);
    expect(await database.engine.sql`select body from journal`).toHaveLength(2);
    const foreign = withWorkspace(database, 'w1', (tx) => tx.execute(`insert into notes (workspace_id) values ('w2')`));
    await expect(foreign).rejects.toMatchObject({ cause: { code: '42501' } });
    await expect(database.engine.sql`update facts set body = 'x'`).rejects.toThrow('never changed');
    await database.engine.sql`select graphile_worker.add_job('sweep')`;
  });

  test('a login that may make roles, as managed servers give, gets real ones and is fenced in by none', async () => {
    const url = await poorLogin(server.url, 'createrole');
    expect((await migrate({ url })).access).toBe('roles');
    const owner = postgres(url, { max: 1, onnotice: () => {} });
    await furnish(owner);
    await applyAccess(owner, classes, 'roles');
    expect(await owner`select body from notes`).toHaveLength(2);
    await owner.end();
    await using database = await openDatabase({ url });
    expect(await database.app.sql`select body from notes`).toHaveLength(0);
    expect(await database.engine.sql`select body from journal`).toHaveLength(2);
    await database.engine.sql`select graphile_worker.add_job('sweep')`;
  });
});

const declared = pgTable('notes', { workspaceId: text().notNull() });

test('a table that is declared but not in the database does no harm', async () => {
  await using held = await createTestDatabase();
  await migrate({ url: held.url, folder: '/nowhere', tables: [{ table: declared, as: 'tenant' }] });
});

test('every table of the product is declared, and every one with a workspace is fenced', async () => {
  await using held = await createTestDatabase();
  const owner = postgres(held.url, { max: 1 });
  const found = (await findTables(owner)).filter(({ schema }) => schema === 'public');
  const fenced = await owner`
    select tablename as name from pg_policies p join pg_class c on c.relname = p.tablename
    where policyname = 'heddle_workspace' and c.relrowsecurity and c.relforcerowsecurity order by 1`;
  await owner.end();
  expect(found.map(({ name }) => name).sort()).toEqual(tables.map(({ table }) => getTableName(table)).sort());
  expect(fenced.map((row) => row['name'])).toEqual(
    found.filter((table) => table.workspaceType).map(({ name }) => name),
  );
});
