import * as z from 'zod';
import { withWorkspaceSql } from '../db/connect.ts';
import type { Database } from '../db/connect.ts';
import type { RunShape } from '../runs/shapes.ts';
import type { Directory } from './directory.ts';

type Store = Pick<Database, 'app'>;

const Row = z.object({
  workflow: z.string(),
  name: z.string(),
  version: z.number().nullable(),
  key: z.string(),
  at: z.number(),
});

/** A run that was promised and waits for its turn, as a run; undefined when nothing waits under that id. */
export async function findQueued(
  database: Store,
  directory: Directory,
  workspace: string,
  run: string,
): Promise<RunShape | undefined> {
  const [found] = await withWorkspaceSql(
    database,
    workspace,
    (sql) => sql`
      select p.workflow, w.name, w.published as version, p.key, (extract(epoch from p.at) * 1000)::float8 as at
      from pending_events p join workflows w on w.id = p.workflow where p.run = ${run} order by p.at limit 1`,
  );
  if (!found) return undefined;
  const { workflow, name, version, key, at } = Row.parse(found);
  const kind = directory.of(workspace).find((one) => one.workflow === workflow && one.key === key)?.kind;
  return {
    id: run,
    workflow,
    workflowName: name,
    version,
    status: 'queued',
    trigger: kind ?? '',
    start: key,
    startedAt: new Date(at).toISOString(),
    finishedAt: null,
    durationMs: null,
    needs: [],
  };
}

/** Takes a run that waits for its turn out of the queue; false when nothing waits under that id. */
export async function dropQueued(database: Store, workspace: string, run: string): Promise<boolean> {
  const gone = await withWorkspaceSql(
    database,
    workspace,
    (sql) => sql`delete from pending_events where run = ${run} and kind <> 'start' returning 1`,
  );
  return gone.length > 0;
}
