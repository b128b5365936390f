import { and, eq, sql } from 'drizzle-orm';
import { manifestOf } from '../../flow/check/manifest.ts';
import { plan as planSchema } from '../../flow/compile/plan.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { isOneVersion, printsOf } from './prints.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import type { FindPinned } from '../catalogue/catalogue.ts';
import { isPinned } from '../catalogue/workspace-nodes.ts';
import type { WorkspaceNodes } from '../catalogue/workspace-nodes.ts';
import { withWorkspace } from '../db/connect.ts';
import type { Transaction } from '../db/connect.ts';
import { Refusal } from '../http/refusal.ts';
import type { DefinitionOf } from '../triggers/describe.ts';
import { dropTriggers, swapTriggers } from '../triggers/swap.ts';
import type { TriggerView } from '../triggers/swap.ts';
import { issuesOf, planOf } from './read-document.ts';
import { surroundingsOf } from './surroundings.ts';
import { asDocument, findRow, refuseStale } from './store.ts';
import type { Drafts, Store } from './store.ts';
import { workflows, workflowVersions } from './tables.ts';
import { findVersion, readPlan } from './versions.ts';

/** What publishing answers. */
export interface Published {
  readonly version: number;
  readonly triggers: TriggerView[];
  /** What is doubtful about it; left out where nothing is. */
  readonly warnings?: Issue[];
}

export interface PublishOptions {
  /** The draft's revision that is meant; 409 `stale` when it is not the latest. Without it, the draft as it is. */
  readonly revision?: number | undefined;
  /** An earlier version that goes live again as it was, in place of the draft. */
  readonly version?: number | undefined;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
  /** Takes paths that another workflow gave up within the last 90 days. */
  readonly takePaths?: boolean | undefined;
  /** Where webhooks and forms of the workspace begin: `https://…`. */
  readonly url: string;
}

/**
 * Publishes the draft, or puts an earlier version live again: an immutable version with its plan and what it may do, and its triggers in place of the last version's, in one
 * transaction. 422 with Issues of level error; 409 when a path belongs to another workflow. What means the same as an earlier version is that
 * version.
 */
export async function publishWorkflow(
  { database, catalogueOf, findPinned, hasOwnAddress }: Publisher,
  workspace: string,
  id: string,
  options: PublishOptions,
): Promise<Published> {
  const nodes = await catalogueOf(workspace);
  if (options.version !== undefined)
    await refuseGone(findPinned, workspace, await readPlan(database, workspace, id, options.version));
  return withWorkspace(database, workspace, async (tx) => {
    const row = await findRow(tx, id, true);
    refuseStale(row, options.revision);
    const drafted = { workspace, id, document: asDocument(row.document), nodes, hasOwnAddress };
    const { version, document, plan, warnings } =
      options.version === undefined
        ? await draftVersion(tx, drafted, options)
        : await earlierVersion(tx, drafted, options.version);
    await tx.update(workflows).set({ published: version }).where(eq(workflows.id, id));
    const triggers = await swapTriggers(
      tx,
      { workspace, workflow: id, version, plan, document },
      { url: options.url, takePaths: options.takePaths ?? false, definitionOf: reader(nodes) },
    );
    return { version, triggers, ...(warnings.length > 0 ? { warnings } : {}) };
  });
}

/** What publishing needs beside what drafts do. */
export interface Publisher extends Drafts {
  readonly findPinned: FindPinned;
}

/** What a start is read by: the node as it is offered, when that is the one that the plan pinned. */
const reader =
  (nodes: WorkspaceNodes): DefinitionOf =>
  (start) => {
    const found = nodes.find(start.type, start.version);
    return isPinned(found, start) ? found?.definition : undefined;
  };

/** Refuses an earlier version whose nodes are not kept any more as they were pinned: it would start runs that only wait. */
async function refuseGone(
  findPinned: FindPinned,
  workspace: string,
  earlier: { plan: Plan } | undefined,
): Promise<void> {
  const issues: Issue[] = [];
  for (const node of Object.values(earlier?.plan.nodes ?? {}))
    if (node.content !== undefined && !node.disabled && !(await findPinned(workspace, node)))
      issues.push({
        level: 'error',
        code: 'unknown-type',
        where: { node: node.key },
        message: `${node.key} ran ${node.type} in a form that is not kept any more.`,
        mend: 'Restore this version as the draft and publish that: it takes the node as it is now.',
      });
  const [first] = issues;
  if (first) throw new Refusal(422, 'issues', first.message, { mend: first.mend, details: { issues } });
}

interface LiveVersion {
  readonly version: number;
  readonly document: Workflow;
  readonly plan: Plan;
  readonly warnings: Issue[];
}

/** What was sent to be published. */
interface Draft {
  readonly workspace: string;
  readonly id: string;
  readonly document: Workflow;
  readonly nodes: WorkspaceNodes;
  readonly hasOwnAddress: boolean | undefined;
}

const isWarning = ({ level }: Issue): boolean => level === 'warning';

async function draftVersion(tx: Transaction, draft: Draft, options: PublishOptions): Promise<LiveVersion> {
  const { document } = draft;
  const { plan, issues } = planOf(document, await surroundingsOf(tx, draft));
  const version = await versionFor(tx, { ...draft, plan }, options);
  return { document, plan, version, warnings: issues.filter(isWarning) };
}

/** A version as it was published; its plan was made then, and stays what it was. */
async function earlierVersion(tx: Transaction, draft: Draft, version: number): Promise<LiveVersion> {
  const found = await findVersion(tx, draft.id, version);
  const document = asDocument(found.document);
  const issues = issuesOf(document, await surroundingsOf(tx, { ...draft, document }));
  return { version, document, plan: planSchema.parse(found.plan), warnings: issues.filter(isWarning) };
}

interface Drafted extends Draft {
  readonly plan: Plan;
}

/** The number of the version that means this; a new one when there is none. */
async function versionFor(
  tx: Transaction,
  { workspace, id, document, plan, nodes }: Drafted,
  { by, note }: PublishOptions,
): Promise<number> {
  const name = `${plan.fingerprint}.${printsOf(document)}`;
  const earlier = await tx
    .select({ version: workflowVersions.version, fingerprint: workflowVersions.fingerprint })
    .from(workflowVersions)
    .where(eq(workflowVersions.workflow, id));
  const same = earlier.find((one) => isOneVersion(one.fingerprint, name));
  if (same) {
    // It runs as it did; who reads it reads the titles and notes of now.
    if (same.fingerprint !== name)
      await tx
        .update(workflowVersions)
        .set({ document, fingerprint: name })
        .where(and(eq(workflowVersions.workflow, id), eq(workflowVersions.version, same.version)));
    return same.version;
  }
  const version = Math.max(0, ...earlier.map((one) => one.version)) + 1;
  await tx.insert(workflowVersions).values({
    workspaceId: workspace,
    workflow: id,
    version,
    document,
    plan,
    fingerprint: name,
    manifest: manifestOf(document, nodes.catalogue),
    by: by ?? null,
    note: note ?? null,
  });
  return version;
}

/** Takes a workflow's triggers away; runs under way go on. Gives the version that was published, null when none was. */
export async function unpublishWorkflow(database: Store, workspace: string, id: string): Promise<number | null> {
  return withWorkspace(database, workspace, async (tx) => {
    const row = await findRow(tx, id, true);
    await tx.update(workflows).set({ published: null }).where(eq(workflows.id, id));
    await dropTriggers(tx, workspace, id);
    return row.published;
  });
}

/**
 * Takes a workflow away: unpublished at once, not found any more. Its runs are the caller's to cancel. Gives the version that was published,
 * null when none was.
 */
export async function deleteWorkflow(database: Store, workspace: string, id: string): Promise<number | null> {
  return withWorkspace(database, workspace, async (tx) => {
    const row = await findRow(tx, id, true);
    await tx
      .update(workflows)
      .set({ published: null, deletedAt: sql`now()` })
      .where(eq(workflows.id, id));
    await dropTriggers(tx, workspace, id);
    return row.published;
  });
}
