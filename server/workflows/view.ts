import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { withWorkspace } from '../db/connect.ts';
import { basesOf, listTriggers } from '../triggers/swap.ts';
import type { Bases, ListedTrigger } from '../triggers/swap.ts';
import { readWorkflow } from './store.ts';
import type { Drafts, WorkflowView } from './store.ts';

/** A workflow with what a person wants to know of it while editing: where it is called, and whether it was ever live. */
export interface EditedWorkflow extends WorkflowView {
  /** The highest version that was published; null when none was. */
  readonly latest: number | null;
  /** The triggers of the version that is live. */
  readonly triggers: ListedTrigger[];
  readonly bases: Bases & { readonly hasOwnAddress?: true };
}

/** One workflow as the editor opens it; 404 for one of another workspace or one that was deleted. `url` is where people and programs come in. */
export async function viewWorkflow(
  drafts: Drafts,
  workspace: string,
  id: string,
  url: string,
): Promise<EditedWorkflow> {
  const view = await readWorkflow(drafts, workspace, id);
  return withWorkspace(drafts.database, workspace, async (tx) => {
    const [row] = await tx.execute(sql`select max(version) as latest from workflow_versions where workflow = ${id}`);
    const triggers = await listTriggers(tx, url, id);
    return {
      ...view,
      latest: z.object({ latest: z.number().nullable() }).parse(row).latest,
      triggers: triggers.get(id) ?? [],
      bases: { ...(await basesOf(tx, workspace, url)), ...(drafts.hasOwnAddress ? { hasOwnAddress: true } : {}) },
    };
  });
}
