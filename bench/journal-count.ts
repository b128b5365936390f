import * as z from 'zod';
import { openDatabase } from '../server/db/connect.ts';
import { joinEmbeddedPostgres } from '../server/db/embedded.ts';

/** How many runs of a workflow the database itself calls finished, beside the server that made them. */
export async function countFinished(home: string, workflow: string): Promise<number> {
  await using server = await joinEmbeddedPostgres({ home });
  await using database = await openDatabase({ url: server.url, app: 1, engine: 1 });
  const rows = await database.engine.sql`
    select count(*)::int as count from runs where workflow = ${workflow} and status = 'finished'`;
  return z.object({ count: z.number() }).parse(rows[0]).count;
}
