import { createHash } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import * as z from 'zod';
import { accessStatements, type FoundTable } from './grants.ts';
import type { TableClass } from './tables.ts';

/**
 * How the two roles are told apart: `roles` are real ones; `settings` is the fall-back where the login may not make roles (row-level security
 * is forced on the owner, and the engine's connections carry `app.engine`). `doctor` says which.
 */
export type Access = 'roles' | 'settings';

const refusals = new Set(['42501', '42704']);

/** Looks at the database: real roles count when both exist and the login may put them on. */
export async function findAccess(url: string): Promise<Access> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return (await mayActAsBoth(sql)) ? 'roles' : 'settings';
  } finally {
    await sql.end();
  }
}

/** Makes the two roles where that is allowed and says what came of it. Roles belong to the whole cluster, so other databases may have them. */
export async function makeRoles(sql: Sql): Promise<Access> {
  if (await mayActAsBoth(sql)) return 'roles';
  try {
    for (const role of ['heddle_app', 'heddle_engine']) await makeRole(sql, role);
  } catch (error) {
    if (!(error instanceof postgres.PostgresError && refusals.has(error.code))) throw error;
  }
  return (await mayActAsBoth(sql)) ? 'roles' : 'settings';
}

/**
 * Brings grants, policies and triggers in line with the catalogue and the declared classes. Does nothing when they were so already (by the
 * fingerprint of the last time), because a policy locks its table against the work of others; `anew` does it all the same.
 */
export async function applyAccess(
  sql: Sql,
  classes: ReadonlyMap<string, TableClass>,
  access: Access,
  anew = false,
): Promise<boolean> {
  await sql.unsafe('create schema if not exists heddle_meta');
  await sql.unsafe('create table if not exists heddle_meta.access (fingerprint text not null)');
  const found = await findTables(sql);
  const statements = accessStatements(found, classes, access);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([statements, found]))
    .digest('hex');
  const [last] = await sql`select fingerprint from heddle_meta.access`;
  if (!anew && last?.['fingerprint'] === fingerprint) return false;
  await sql.begin(async (tx) => {
    await tx.unsafe(`${statements.join(';\n')};`);
    await tx`delete from heddle_meta.access`;
    await tx`insert into heddle_meta.access ${tx({ fingerprint })}`;
  });
  return true;
}

const FoundTables = z.array(
  z.object({
    schema: z.enum(['public', 'graphile_worker']),
    name: z.string(),
    oid: z.string(),
    workspaceType: z.string().nullable(),
  }) satisfies z.ZodType<FoundTable>,
);

/** Every table of ours and of graphile-worker, in a fixed order. */
export async function findTables(sql: Sql): Promise<FoundTable[]> {
  const rows = await sql`
    select n.nspname as schema, c.relname as name, c.oid::text as oid, format_type(a.atttypid, a.atttypmod) as "workspaceType"
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname in ('public', 'graphile_worker')
    order by n.nspname, c.relname`;
  return FoundTables.parse([...rows]);
}

async function mayActAsBoth(sql: Sql): Promise<boolean> {
  const [server] = await sql`select current_setting('server_version_num')::int as version`;
  // Postgres 15 knows no separate right to put a role on: a member may.
  const right = Number(server?.['version']) >= 160_000 ? 'SET' : 'MEMBER';
  const found = await sql`
    select 1 from pg_roles where rolname in ('heddle_app', 'heddle_engine') and pg_has_role(oid, ${right})`;
  return found.length === 2;
}

/** Whoever makes a role since Postgres 16 administers it but may not put it on: the grant says so. */
async function makeRole(sql: Sql, role: string): Promise<void> {
  await sql.unsafe(`do $$ begin create role ${role} nologin nobypassrls noinherit;
    exception when duplicate_object or unique_violation then null; end $$`);
  await sql.unsafe(`grant ${role} to current_user`);
}
