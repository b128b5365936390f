import { and, eq, sql } from 'drizzle-orm';
import type { Judged } from '../../flow/check/judge.ts';
import { plan as planSchema } from '../../flow/compile/plan.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { isOneVersion } from '../../flow/document/prints.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import type { FindPinned } from '../catalogue/catalogue.ts';
import { isPinned } from '../catalogue/workspace-nodes.ts';
import type { WorkspaceNodes } from '../catalogue/workspace-nodes.ts';
import { withWorkspace, withWorkspaceAlone } from '../db/connect.ts';
import type { Transaction } from '../db/connect.ts';
import { Refusal } from '../http/refusal.ts';
import type { DefinitionOf } from '../triggers/describe.ts';
import { dropTriggers, swapTriggers } from '../triggers/swap.ts';
import type { TriggerView } from '../triggers/swap.ts';
import { judged } from './judging.ts';
import { ready } from './read-document.ts';
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
  publisher: Publisher,
  workspace: string,
  id: string,
  options: PublishOptions,
): Promise<Published> {
  const { catalogueOf, findPinned } = publisher;
  const nodes = await catalogueOf(workspace);
  if (options.version !== undefined)
    await refuseGone(findPinned, workspace, await readPlan(publisher.database, workspace, id, options.version));
  const place = { workspace, id, nodes };
  for (let tries = 1; ; tries++) {
    const published = await publishOnce(publisher, place, options, tries === mostTries);
    if (published) return published;
  }
}

/** Whoever saves faster than their draft can be worked out is told that it was changed. */
const mostTries = 3;

interface Place {
  readonly workspace: string;
  readonly id: string;
  readonly nodes: WorkspaceNodes;
}

/** What is published is worked out before the transaction, which waits for nobody; nothing comes of it when the draft was saved meanwhile. */
async function publishOnce(
  publisher: Publisher,
  { workspace, id, nodes }: Place,
  options: PublishOptions,
  isLast: boolean,
): Promise<Published | undefined> {
  const { database } = publisher;
  const drafted = await workedOut(publisher, { workspace, id, nodes }, options);
  return withWorkspaceAlone(database, workspace, async (tx) => {
    const row = await findRow(tx, id, true);
    refuseStale(row, options.revision ?? (isLast ? drafted.revision : undefined));
    if (options.version === undefined && row.revision !== drafted.revision) return undefined;
    const { document, plan, warnings } = drafted;
    const version = options.version ?? (await versionFor(tx, { workspace, id, ...drafted }, options));
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

/** What is to go live: of a draft with what a new version of it is stored with. */
interface Drafted extends Judged {
  readonly revision: number;
  readonly document: Workflow;
  readonly plan: Plan;
  readonly warnings: Issue[];
}

const isWarning = ({ level }: Issue): boolean => level === 'warning';

async function workedOut(
  { database, hasOwnAddress, compute }: Publisher,
  { workspace, id, nodes }: Place,
  { revision: meant, version }: PublishOptions,
): Promise<Drafted> {
  const { revision, document, plan, around } = await withWorkspace(database, workspace, async (tx) => {
    const row = await findRow(tx, id);
    refuseStale(row, meant);
    // A version's plan was made when it was published, and stays what it was.
    const earlier = version === undefined ? undefined : await findVersion(tx, id, version);
    const document = asDocument((earlier ?? row).document);
    return {
      revision: row.revision,
      document,
      plan: earlier && planSchema.parse(earlier.plan),
      around: await surroundingsOf(tx, { id, document, nodes, hasOwnAddress }),
    };
  });
  const one = await judged(compute, workspace, document, around, plan ? 'issues' : 'version');
  const made = plan ? { ...one, plan } : ready(one);
  return { ...made, revision, document, warnings: made.issues.filter(isWarning) };
}

/** The number of the version that means this; a new one when there is none. */
async function versionFor(
  tx: Transaction,
  { workspace, id, document, plan, prints, manifest }: Drafted & Pick<Place, 'workspace' | 'id'>,
  { by, note }: PublishOptions,
): Promise<number> {
  if (prints === undefined || manifest === undefined) throw new Error('what is published was not worked out');
  const name = `${plan.fingerprint}.${prints}`;
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
    manifest,
    by: by ?? null,
    note: note ?? null,
  });
  return version;
}

/** Takes a workflow's triggers away; runs under way go on. Gives the version that was published, null when none was. */
export async function unpublishWorkflow(database: Store, workspace: string, id: string): Promise<number | null> {
  return withWorkspaceAlone(database, workspace, async (tx) => {
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
  return withWorkspaceAlone(database, workspace, async (tx) => {
    const row = await findRow(tx, id, true);
    await tx
      .update(workflows)
      .set({ published: null, deletedAt: sql`now()` })
      .where(eq(workflows.id, id));
    await dropTriggers(tx, workspace, id);
    return row.published;
  });
}
