import { eq } from 'drizzle-orm';
import { withWorkspace } from '../db/connect.ts';
import type { ReadPublished } from '../triggers/directory.ts';
import type { Store } from './store.ts';
import { workflows } from './tables.ts';
import { readPlan } from './versions.ts';

/** Versions as triggers start them; also of a workflow that is just being deleted, whose promised runs are still to be ended. */
export const publishedReader =
  (database: Store): ReadPublished =>
  async (workspace, id, version) => {
    const found = await readPlan(database, workspace, id, version, 'run');
    if (!found) return undefined;
    const [row] = await withWorkspace(
      database,
      workspace,
      (tx) => tx.select({ name: workflows.name }).from(workflows).where(eq(workflows.id, id)),
      'run',
    );
    return { id, name: row?.name ?? found.document.name, version, ...found };
  };
