import type { Sql } from 'postgres';
import * as z from 'zod';

/** Which workspaces keep more than they may, as of the last look. */
export interface Stored {
  isFull(workspace: string): boolean;
  /** Looks at the database; call it now and then. */
  look(): Promise<void>;
}

const Full = z.array(z.object({ workspace: z.string() }));

/**
 * Bounds what a workspace keeps, in bytes, where the operator set a bound. Nothing is counted as it is stored: a look reads what runs recorded, and the
 * sizes of large values and files, whole. Either alone is less than all that is there, so nobody is refused too soon.
 */
export function openStored(sql: Sql, most: number | undefined): Stored {
  let full = new Set<string>();
  return {
    isFull: (workspace) => full.size > 0 && full.has(workspace),
    look: async () => {
      if (most === undefined) return;
      const rows = await sql`
        select workspace_id as workspace from runs group by workspace_id having sum(bytes) > ${most}
        union select workspace_id from blobs group by workspace_id having sum(size) > ${most}`;
      full = new Set(Full.parse([...rows]).map(({ workspace }) => workspace));
    },
  };
}
