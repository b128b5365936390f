import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { sql as sqlOf } from 'drizzle-orm';
import pg from 'pg';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import { findAccess, type Access } from './access.ts';
import { PoolShares } from './pool-shares.ts';
import type { Asker } from './pool-shares.ts';

/**
 * One pool of connections that all act in one role. `orm` and `sql` share them, so drizzle's settings hold for both: jsonb parameters go in as
 * JSON text (`JSON.stringify(value)`), timestamps come out as text, int8 comes out as text.
 */
export interface Pool {
  orm: Orm;
  sql: Sql;
  /** Its connections, as workspaces share them. */
  shares: PoolShares;
}

/** Drizzle over postgres.js; columns are snake_case. */
export type Orm = PostgresJsDatabase;

/** What runs inside `orm.transaction`. */
export type Transaction = Parameters<Parameters<Orm['transaction']>[0]>[0];

/** The database as the rooms of the server see it: two roles, two pools (ENGINE E22). */
export interface Database extends AsyncDisposable {
  /** The requests' pool: row-level security shows it one workspace, and none outside `withWorkspace`. */
  app: Pool;
  /** The journal's pool: the engine's tables of all workspaces. Only server/runs, server/work and server/db may touch it (house test). */
  engine: Pool;
  access: Access;
  url: string;
  /** Ends both pools once what runs has ended, at most 5 s later. */
  close(): Promise<void>;
}

/** How many connections each pool may open, at most. */
export interface PoolSizes {
  app?: number;
  engine?: number;
}

/**
 * Opens both pools on a migrated database; connections are made when first used. The address is the owner's: each connection puts its role on
 * while it starts, without a further round trip. `access` is what `migrate` answered; without it we ask.
 */
export async function openDatabase(options: { url: string; access?: Access } & PoolSizes): Promise<Database> {
  const { url, access = await findAccess(url) } = options;
  const app = openPool(url, options.app ?? 10, 'heddle app', { ...actAs(access, 'heddle_app'), ...inTime });
  const engine = openPool(url, options.engine ?? 6, 'heddle engine', {
    ...actAs(access, 'heddle_engine'),
    ...byIndex,
  });
  const close = async () => void (await Promise.all([app.sql.end({ timeout: 5 }), engine.sql.end({ timeout: 5 })]));
  return { app, engine, access, url, close, [Symbol.asyncDispose]: close };
}

/**
 * How long a request's statement may take, and wait for what another holds: the connection is others' after that, and the caller hears that the
 * database does not answer (503). Milliseconds.
 */
const inTime = { statement_timeout: '30000', lock_timeout: '10000' };

/**
 * Runs `work` in one transaction that sees and writes the rows of this workspace and no others. The setting ends with the transaction, so a
 * connection carries nothing over to the next request. Nothing in `work` asks for another transaction: it would wait with this one in hand.
 */
export function withWorkspace<T>(
  database: Pick<Database, 'app'>,
  workspaceId: string,
  work: (tx: Transaction) => Promise<T>,
  asker?: Asker,
): Promise<T> {
  return database.app.shares.take(workspaceId, () => within(database, workspaceId, work), asker);
}

/** As `withWorkspace`, one of the workspace at a time: for what takes its locks. Rejects with 429 where many wait. */
export function withWorkspaceAlone<T>(
  database: Pick<Database, 'app'>,
  workspaceId: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return database.app.shares.alone(workspaceId, () => within(database, workspaceId, work));
}

const within = <T>(
  database: Pick<Database, 'app'>,
  workspaceId: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> =>
  database.app.orm.transaction(async (tx) => {
    await tx.execute(sqlOf`select set_config('app.workspace_id', ${workspaceId}, true)`);
    return work(tx);
  });

/** As `withWorkspace`, for statements that are written out: the transaction of postgres.js itself. */
export async function withWorkspaceSql<T>(
  database: Pick<Database, 'app'>,
  workspaceId: string,
  work: (sql: TransactionSql) => Promise<T>,
): Promise<T> {
  const { done } = await database.app.shares.take(workspaceId, () =>
    database.app.sql.begin(async (sql) => {
      await sql`select set_config('app.workspace_id', ${workspaceId}, true)`;
      // Wrapped, because the driver would await the members of an array that comes back.
      return { done: await work(sql) };
    }),
  );
  return done;
}

/**
 * The pool that graphile-worker wants (it speaks `pg`), in the engine's role. Both error handlers are there: without them an idle connection
 * that breaks ends the process (SAFETY G28). The caller ends it after its runner.
 */
export function openWorkerPool(database: Database, max: number, onError: (error: Error) => void): pg.Pool {
  const options = Object.entries(actAs(database.access, 'heddle_engine')).map(([name, value]) => `-c ${name}=${value}`);
  const pool = new pg.Pool({
    connectionString: database.url,
    max,
    application_name: 'heddle worker',
    options: options.join(' '),
  });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/**
 * How the engine's statements are planned. A plan is made once and kept, so it must not be one that a young table made look good: on a few
 * pages a hash join over the whole table wins, and later costs two thirds of the rate (SPEED, trap 3). By index is right at every size.
 *
 * Planning anew is no faster: of a run at 50 clients Postgres' backends spend, with one plan kept, 0.12 to 0.17 ms, with `auto` 0.13 to 0.19 and
 * with `force_custom_plan` 0.11 to 0.18; of a run that is one append 0.06 to 0.09, 0.06 to 0.14 and 0.05 to 0.13 (three rounds in turn).
 */
const byIndex = {
  plan_cache_mode: 'force_generic_plan',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
  jit: 'off',
};

/** Seconds before the n-th try to connect again: the driver's own go up to 20, as long as a lease lasts. */
const backoff = (tries: number) => Math.min(3 ** tries / 100, 1) * (0.5 + Math.random() / 2);

function openPool(url: string, max: number, name: string, role: Record<string, string>): Pool {
  const connection = {
    application_name: name,
    search_path: 'public',
    idle_in_transaction_session_timeout: 60_000,
    ...role,
  };
  const sql = postgres(url, { max, connection, backoff, idle_timeout: 60, onnotice: () => {} });
  return { sql, orm: drizzle(sql, { casing: 'snake_case' }), shares: new PoolShares(max) };
}

/** Where roles could not be made, the engine's connections are told by a setting that the policies know. */
function actAs(access: Access, role: 'heddle_app' | 'heddle_engine'): Record<string, string> {
  if (access === 'roles') return { role };
  return { 'app.engine': role === 'heddle_engine' ? 'on' : 'off' };
}
