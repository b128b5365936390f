import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { packageRoot } from '../root.ts';
import { openDatabase, type Database, type PoolSizes } from './connect.ts';
import { joinEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts';
import { migrate } from './migrate.ts';
import { inTurn } from './turn.ts';

/** A database of its own for one test file (or one test), migrated, empty. */
export interface TestDatabase extends AsyncDisposable {
  /** As its owner. */
  url: string;
  /** Opens the two pools; they are closed with the test database. */
  open(sizes?: PoolSizes): Promise<Database>;
}

/**
 * Gives a fresh copy of the migrated template, in the one Postgres of this test run (the global set-up of vitest.config.ts keeps it):
 *
 *     await using test = await createTestDatabase();
 *     const database = await test.open();
 *
 * Giving it back throws when the test left a connection open.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await joinTestPostgres();
  const name = `test_${randomUUID().slice(0, 13).replace('-', '')}`;
  const template = await haveTemplate(server);
  await asAdmin(server.url, (sql) => sql.unsafe(`create database ${name} template ${template}`));
  const url = databaseUrl(server.url, name);
  const opened: Database[] = [];
  const dispose = async () => {
    try {
      await Promise.all(opened.map((database) => database.close()));
      await asAdmin(server.url, async (sql) => {
        const left = await connectionsLeft(sql, name);
        await sql.unsafe(`drop database ${name} with (force)`);
        if (left.length > 0) throw new Error(`The test left ${left.length} connection(s) open: ${left.join(', ')}.`);
      });
    } finally {
      await server.leave();
    }
  };
  return {
    url,
    open: async (sizes = {}) => {
      const database = await openDatabase({ url, ...sizes });
      opened.push(database);
      return database;
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** A server that a test uses: where it is, and how to give it up. */
export type TestPostgres = Pick<EmbeddedPostgres, 'url' | 'leave'>;

/**
 * The one Postgres of this test run, without the disk's safety, for tests that need a server rather than a database; `named`, another one
 * beside it. With HEDDLE_TEST_DATABASE_URL (a superuser's) both are that server, which the run must have to itself.
 */
export async function joinTestPostgres(named = ''): Promise<TestPostgres> {
  const given = process.env['HEDDLE_TEST_DATABASE_URL'];
  if (given) return { url: given, leave: async () => {} };
  const home = process.env['HEDDLE_TEST_HOME'];
  if (!home)
    throw new Error('Tests get their Postgres from the global set-up: run them by vitest, in a project that has it.');
  return joinEmbeddedPostgres({ home: path.join(home, named), durable: false });
}

/** The same server, another database. */
export function databaseUrl(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Made once for each state of migrations and access rules, under the home's turn; a half-made one has another name. */
async function haveTemplate(server: TestPostgres): Promise<string> {
  const name = `template_${fingerprint()}`;
  const home = process.env['HEDDLE_TEST_HOME'] ?? '';
  await inTurn(path.join(home, 'template-turns'), () =>
    asAdmin(server.url, async (sql) => {
      if ((await sql`select 1 from pg_database where datname = ${name}`).length > 0) return;
      await sql.unsafe(`drop database if exists ${name}_draft with (force)`);
      await sql.unsafe(`create database ${name}_draft`);
      await migrate({ url: databaseUrl(server.url, `${name}_draft`) });
      await sql.unsafe(`alter database ${name}_draft rename to ${name}`);
    }),
  );
  return name;
}

function fingerprint(): string {
  const folder = path.join(packageRoot, 'drizzle');
  const migrations = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.sql')) : [];
  const rules = ['tables.ts', 'grants.ts'].map((file) => path.join(packageRoot, 'server/db', file));
  const files = [...migrations.sort().map((file) => path.join(folder, file)), ...rules];
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

async function asAdmin<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(databaseUrl(url, 'postgres'), { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** A closed connection takes the server a moment to forget: what is still there after two seconds is left open. */
async function connectionsLeft(sql: postgres.Sql, name: string): Promise<string[]> {
  const until = Date.now() + 2_000;
  for (;;) {
    const rows = await sql`
      select coalesce(nullif(application_name, ''), 'unnamed') as name from pg_stat_activity
      where datname = ${name} and backend_type = 'client backend'`;
    if (rows.length === 0 || Date.now() > until) return rows.map((row) => String(row['name']));
    await pause(20);
  }
}
