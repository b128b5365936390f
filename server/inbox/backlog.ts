import type { Sql } from 'postgres';
import * as z from 'zod';

/** Which workspaces have more ready to run than they may have (E4), as of the last look. */
export interface Backlog {
  isFull(workspace: string): boolean;
  /** Looks at the database; call it every few seconds. */
  look(): Promise<void>;
}

/**
 * `most` stages ready and due of one workspace. Counting reads an index and costs nothing while there is no backlog; it goes no further than
 * it must.
 */
export function openBacklog(sql: Sql, most: number): Backlog {
  let full = new Set<string>();
  return {
    isFull: (workspace) => full.size > 0 && full.has(workspace),
    look: async () => {
      const rows = await sql`
        select workspace_id as workspace, count(*)::int as waiting from (
          select workspace_id from stages where state = 'ready' and (next_at is null or next_at <= now()) limit ${most * 4}) as ready
        group by workspace_id having count(*) > ${most}`;
      full = new Set(
        z
          .array(z.object({ workspace: z.string() }))
          .parse([...rows])
          .map(({ workspace }) => workspace),
      );
    },
  };
}
