import { existsSync } from 'node:fs';
import path from 'node:path';
import { getTableName } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runDrizzle } from 'drizzle-orm/postgres-js/migrator';
import { runMigrations as runGraphile } from 'graphile-worker';
import pg from 'pg';
import postgres from 'postgres';
import { packageRoot } from '../root.ts';
import { applyAccess, makeRoles, type Access } from './access.ts';
import { tables, type Declared } from './tables.ts';

/** What a migration did. */
export interface Migrated {
  access: Access;
  /** Whether grants and policies had to be brought in line. */
  accessChanged: boolean;
}

/** Any number, as long as it is ours: processes that start together migrate one after another. */
const migrationLock = 4_915_233;

/**
 * Brings the database up to this build: drizzle's migrations, then graphile-worker's, then roles, grants and policies. Safe to run at every
 * start and by many processes at once; costs a few milliseconds when there is nothing to do. `anew` renews grants and policies all the same.
 */
export async function migrate(options: {
  url: string;
  folder?: string;
  tables?: readonly Declared[];
  anew?: boolean;
}): Promise<Migrated> {
  const { url, folder = path.join(packageRoot, 'drizzle'), anew = false } = options;
  const classes = new Map((options.tables ?? tables).map(({ table, as }) => [getTableName(table), as]));
  // Without the path, a schema named as the login would catch our tables.
  const connection = { application_name: 'heddle migrate', search_path: 'public' };
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection });
  try {
    await sql`select pg_advisory_lock(${migrationLock})`;
    if (existsSync(path.join(folder, 'meta/_journal.json'))) {
      await runDrizzle(drizzle(sql), { migrationsFolder: folder });
    }
    await migrateQueue(url);
    const access = await makeRoles(sql);
    return { access, accessChanged: await applyAccess(sql, classes, access, anew) };
  } finally {
    await sql.end(); // the end of the session frees the lock
  }
}

async function migrateQueue(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'heddle migrate' });
  // A connection that breaks also fails the query that uses it: reported there, once.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await runGraphile({ pgPool: pool });
  } finally {
    await pool.end();
  }
}
