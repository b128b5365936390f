import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';

/** The requests' pool, as drizzle: accounts are of the whole installation, so no workspace is set on it. */
export type Orm = PostgresJsDatabase;

/** A pool or a transaction on it. */
export type Reader = Pick<Orm, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;
