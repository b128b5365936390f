import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { makeId } from '../accounts/tokens.ts';
import { withWorkspace } from '../db/connect.ts';
import type { CatalogueOf } from '../catalogue/catalogue.ts';
import type { Database, Transaction } from '../db/connect.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { issuesOf, readSent } from './judging.ts';
import type { Elsewhere } from './judging.ts';
import { fitting, refuseBlank } from './read-document.ts';
import { callsOfVersion, surroundingsOf } from './surroundings.ts';
import { workflows, workflowVersions } from './tables.ts';

/** What saving answers: where the draft stands and what is wrong with it. */
export interface Saved {
  readonly id: string;
  readonly revision: number;
  readonly issues: Issue[];
}

/** A workflow whole. Times are ISO 8601; `published` is the version that is. */
export interface WorkflowView extends Saved {
  readonly name: string;
  readonly document: Workflow;
  readonly published: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The database as the room uses it: by the requests' pool alone. */
export type Store = Pick<Database, 'app'>;

/** What working on drafts needs. Nodes are asked for before a transaction, and documents worked out beside them, so that none waits with a connection in hand. */
export interface Drafts {
  readonly database: Store;
  readonly catalogueOf: CatalogueOf;
  /** Whether webhooks have an address of their own: their answers may do more. */
  readonly hasOwnAddress?: boolean | undefined;
  readonly compute?: Elsewhere;
}

/** Makes a workflow of a document. Params that do not fit are Issues; an envelope that does not fit is a 400. */
export async function createWorkflow(
  { database, catalogueOf, hasOwnAddress, compute }: Drafts,
  workspace: string,
  given: unknown,
  by: string | undefined,
): Promise<Saved> {
  const { document, prints } = fitting(await readSent(compute, workspace, given));
  refuseBlank(document);
  const nodes = await catalogueOf(workspace);
  const id = makeId('workflow');
  const row = {
    id,
    workspaceId: workspace,
    name: document.name,
    document,
    fingerprint: prints,
    updatedBy: by ?? null,
  };
  const around = await withWorkspace(database, workspace, async (tx) => {
    await tx.insert(workflows).values(row);
    return surroundingsOf(tx, { id, document, nodes, hasOwnAddress });
  });
  return { id, revision: 1, issues: await issuesOf(compute, workspace, document, around) };
}

/** One workflow; 404 for one of another workspace or one that was deleted. */
export async function readWorkflow(
  { database, catalogueOf, hasOwnAddress, compute }: Drafts,
  workspace: string,
  id: string,
): Promise<WorkflowView> {
  const nodes = await catalogueOf(workspace);
  const { row, document, around } = await withWorkspace(database, workspace, async (tx) => {
    const row = await findRow(tx, id);
    const document = asDocument(row.document);
    return { row, document, around: await surroundingsOf(tx, { id, document, nodes, hasOwnAddress }) };
  });
  return {
    id,
    name: row.name,
    revision: row.revision,
    document,
    issues: await issuesOf(compute, workspace, document, around),
    published: row.published,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
  };
}

/**
 * Saves a draft over the revision that its writer saw. When somebody was quicker: 409 `stale` with the revision and the document that are
 * there now, and nothing is lost on either side.
 */
export async function saveWorkflow(
  { database, catalogueOf, hasOwnAddress, compute }: Drafts,
  workspace: string,
  id: string,
  wanted: { document: unknown; revision: number; by?: string },
): Promise<Saved> {
  const { document, prints } = fitting(await readSent(compute, workspace, wanted.document));
  const nodes = await catalogueOf(workspace);
  const { revision, around } = await withWorkspace(database, workspace, async (tx) => {
    const row = await findRow(tx, id, true);
    refuseStale(row, wanted.revision);
    refuseBlank(document, row.name);
    const next = row.revision + 1;
    await writeDraft(tx, id, { document, prints, revision: next, by: wanted.by });
    return { revision: next, around: await surroundingsOf(tx, { id, document, nodes, hasOwnAddress }) };
  });
  return { id, revision, issues: await issuesOf(compute, workspace, document, around) };
}

/** Writes the draft of a row that the transaction has locked. */
export async function writeDraft(
  tx: Transaction,
  id: string,
  { document, prints, revision, by }: { document: Workflow; prints: string; revision: number; by: string | undefined },
): Promise<void> {
  await tx
    .update(workflows)
    .set({
      document,
      name: document.name,
      fingerprint: prints,
      revision,
      updatedAt: sql`now()`,
      updatedBy: by ?? null,
    })
    .where(eq(workflows.id, id));
}

/** Refuses what was asked of a revision that is not the draft's any more: 409 `stale`, with the draft as it is. Without a revision, nothing. */
export function refuseStale(row: { revision: number; document: unknown }, revision: number | undefined): void {
  if (revision !== undefined && row.revision !== revision) throw stale(row);
}

const stale = ({ revision, document }: { revision: number; document: unknown }) =>
  new Refusal(409, 'stale', `The workflow was changed meanwhile; it is at revision ${revision} now.`, {
    mend: 'Look at what changed, bring your change in, and save over the newer revision.',
    details: { revision, document },
  });

/** The row of a workflow that is there, locked when it is about to change; 404 otherwise. */
export async function findRow(tx: Transaction, id: string, isLocked = false) {
  const query = tx
    .select()
    .from(workflows)
    .where(and(eq(workflows.id, id), isNull(workflows.deletedAt)));
  const [row] = isLocked ? await query.for('update') : await query;
  if (!row) throw notFound('workflow');
  return row;
}

/** Whether publishing would bring something; null when nothing is live. What older builds wrote is compared by what it means alone. */
const isChanged = sql<boolean | null>`
  case when ${workflowVersions.fingerprint} is null then null
  when split_part(${workflowVersions.fingerprint}, '.', 3) = '' or split_part(${workflows.fingerprint}, '.', 2) = ''
  then split_part(${workflowVersions.fingerprint}, '.', 2) <> split_part(${workflows.fingerprint}, '.', 1)
  else split_part(${workflowVersions.fingerprint}, '.', 3) <> split_part(${workflows.fingerprint}, '.', 2) end`;

/** The highest version that was ever published; null when none was. A workflow that has one and is not published was turned off. */
const latestVersion = sql<
  number | null
>`(select max(v.version) from workflow_versions v where v.workflow = ${workflows.id})`;

/** The workflows of a workspace, the latest changed first; `document` is left out. */
export async function listRows(tx: Transaction) {
  return tx
    .select({
      id: workflows.id,
      name: workflows.name,
      revision: workflows.revision,
      published: workflows.published,
      latest: latestVersion,
      changed: isChanged,
      calls: callsOfVersion,
      createdAt: workflows.createdAt,
      updatedAt: workflows.updatedAt,
    })
    .from(workflows)
    .leftJoin(
      workflowVersions,
      and(eq(workflowVersions.workflow, workflows.id), eq(workflowVersions.version, workflows.published)),
    )
    .where(isNull(workflows.deletedAt))
    .orderBy(desc(workflows.updatedAt), desc(workflows.id));
}

/** What only `readDocument` lets into the table. */
export const asDocument = (stored: unknown): Workflow =>
  z.custom<Workflow>((value) => typeof value === 'object').parse(stored);

export const iso = (at: Date): string => at.toISOString();
