import type { Sql } from 'postgres';
import * as z from 'zod';

/** Which workspaces have more ready to run than they may have (E4), as of the last look. */
export interface Backlog {
  isFull(workspace: string): boolean;
  /** Looks at the database; call it every few seconds. */
  look(): Promise<void>;
}

/** How many stages a workspace may have ready and due. */
export interface BacklogMost {
  readonly ready: number;
  /** Of runs whose callers wait: behind so many they would not get their answer in time. */
  readonly realtime: number;
}

const Deep = z.array(z.object({ workspace: z.string() }));

/** Counting reads an index and costs nothing while there is no backlog; it goes no further than it must. */
export function openBacklog(sql: Sql, most: BacklogMost): Backlog {
  let full = new Set<string>();
  return {
    isFull: (workspace) => full.size > 0 && full.has(workspace),
    look: async () => {
      const rows = await sql`
        select workspace_id as workspace from (
          select workspace_id from stages where state = 'ready' and (next_at is null or next_at <= now()) limit ${most.ready * 4}) as ready
        group by workspace_id having count(*) > ${most.ready}
        union
        select workspace_id from (
          select workspace_id from stages where state = 'ready' and lane = 'realtime' and next_at <= now() limit ${most.realtime * 4}) as realtime
        group by workspace_id having count(*) > ${most.realtime}`;
      full = new Set(Deep.parse([...rows]).map(({ workspace }) => workspace));
    },
  };
}
