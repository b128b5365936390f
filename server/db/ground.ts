import type { Config } from '../config.ts';
import { openDatabase, type Database, type PoolSizes } from './connect.ts';
import { joinEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts';
import { migrate } from './migrate.ts';

/** A migrated, open database, and the Postgres under it when that is ours. */
export interface Ground extends AsyncDisposable {
  database: Database;
  embedded: EmbeddedPostgres | undefined;
  /** Closes the pools, then leaves the embedded Postgres; the last process to leave stops it. */
  close(): Promise<void>;
}

/**
 * Stands a process on its database: the one of DATABASE_URL, or the embedded one of HEDDLE_HOME, brought up to this build.
 * `say` gets a sentence for the person when something lies elsewhere than expected. Whoever opens it closes it, after everything on it.
 */
export async function standOn(
  config: Pick<Config, 'databaseUrl' | 'home'>,
  options: PoolSizes & { say?: (sentence: string) => void } = {},
): Promise<Ground> {
  const { say = () => {}, ...sizes } = options;
  const embedded = config.databaseUrl ? undefined : await joinEmbeddedPostgres({ home: config.home });
  if (embedded?.note) say(embedded.note);
  try {
    const url = config.databaseUrl ?? embedded?.url ?? '';
    const { access } = await migrate({ url });
    const database = await openDatabase({ url, access, ...sizes });
    const close = async () => {
      try {
        await database.close();
      } finally {
        await embedded?.leave();
      }
    };
    return { database, embedded, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await embedded?.leave();
    throw error;
  }
}
