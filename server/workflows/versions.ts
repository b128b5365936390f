import { and, desc, eq, sql } from 'drizzle-orm';
import { diff, diffWords } from '../../flow/document/diff.ts';
import type { WorkflowDiff } from '../../flow/document/diff.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { manifest as manifestSchema } from '../../flow/check/manifest.ts';
import type { Manifest } from '../../flow/check/manifest.ts';
import { plan as planSchema } from '../../flow/compile/plan.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { withWorkspace } from '../db/connect.ts';
import type { Transaction } from '../db/connect.ts';
import type { Asker } from '../db/pool-shares.ts';
import { notFound } from '../http/refusal.ts';
import { issuesOf, readSent } from './judging.ts';
import { fitting } from './read-document.ts';
import { surroundingsOf } from './surroundings.ts';
import { asDocument, findRow, iso, writeDraft } from './store.ts';
import type { Drafts, Saved, Store } from './store.ts';
import { workflowVersions } from './tables.ts';

/** A version as lists show it. */
export interface VersionView {
  readonly version: number;
  readonly fingerprint: string;
  readonly isPublished: boolean;
  readonly at: string;
  readonly by: string | null;
  readonly note: string | null;
}

/** Every version of a workflow, the latest first. */
export async function listVersions(database: Store, workspace: string, id: string): Promise<VersionView[]> {
  return withWorkspace(database, workspace, async (tx) => {
    const { published } = await findRow(tx, id);
    const rows = await tx
      .select({
        version: workflowVersions.version,
        fingerprint: sql<string>`${workflowVersions.plan} ->> 'fingerprint'`,
        at: workflowVersions.at,
        by: workflowVersions.by,
        note: workflowVersions.note,
      })
      .from(workflowVersions)
      .where(eq(workflowVersions.workflow, id))
      .orderBy(desc(workflowVersions.version));
    return rows.map((row) => ({ ...row, isPublished: row.version === published, at: iso(row.at) }));
  });
}

/** A version whole: its document and what publishing granted. */
export async function readVersionView(database: Store, workspace: string, id: string, version: number) {
  return withWorkspace(database, workspace, async (tx) => {
    await findRow(tx, id);
    const { document, manifest, plan, at, by, note } = await findVersion(tx, id, version);
    const fingerprint = planSchema.parse(plan).fingerprint;
    return { version, document: asDocument(document), manifest, fingerprint, at: iso(at), by, note };
  });
}

/** A version as runs are started from it; undefined when there is none. */
export async function readPlan(
  database: Store,
  workspace: string,
  id: string,
  version: number,
  asker?: Asker,
): Promise<{ plan: Plan; document: Workflow } | undefined> {
  const [row] = await withWorkspace(database, workspace, (tx) => versionRows(tx, id, version), asker);
  return row && { plan: planSchema.parse(row.plan), document: asDocument(row.document) };
}

/** What publishing a version granted; undefined when there is no such version. It outlives its workflow, as runs under way do. */
export async function readManifest(
  database: Store,
  workspace: string,
  id: string,
  version: number,
): Promise<Manifest | undefined> {
  const [row] = await withWorkspace(database, workspace, (tx) => versionRows(tx, id, version), 'run');
  return row && manifestSchema.parse(row.manifest);
}

/** What differs between two versions, as data and in words; `draft` stands for what is not published yet. */
export async function compareVersions(
  database: Store,
  workspace: string,
  id: string,
  between: { from: number | 'draft'; to: number | 'draft' },
): Promise<{ words: string[]; diff: WorkflowDiff }> {
  return withWorkspace(database, workspace, async (tx) => {
    const draft = await findRow(tx, id);
    const read = async (one: number | 'draft') =>
      asDocument(one === 'draft' ? draft.document : (await findVersion(tx, id, one)).document);
    const [before, after] = [await read(between.from), await read(between.to)];
    const difference = diff(before, after);
    return { words: diffWords(difference, after), diff: difference };
  });
}

/** Makes a version's document the draft again, as a further revision. */
export async function restoreVersion(
  { database, catalogueOf, hasOwnAddress, compute }: Drafts,
  workspace: string,
  id: string,
  version: number,
  by: string | undefined,
): Promise<Saved> {
  const nodes = await catalogueOf(workspace);
  const stored = await withWorkspace(database, workspace, async (tx) => {
    await findRow(tx, id);
    return findVersion(tx, id, version);
  });
  const { document, prints } = fitting(await readSent(compute, workspace, stored.document));
  const { revision, around } = await withWorkspace(database, workspace, async (tx) => {
    const next = (await findRow(tx, id, true)).revision + 1;
    await writeDraft(tx, id, { document, prints, revision: next, by });
    return { revision: next, around: await surroundingsOf(tx, { id, document, nodes, hasOwnAddress }) };
  });
  return { id, revision, issues: await issuesOf(compute, workspace, document, around) };
}

/** A version's row; 404 when there is none. */
export async function findVersion(tx: Transaction, id: string, version: number) {
  const [row] = await versionRows(tx, id, version);
  if (!row) throw notFound('version');
  return row;
}

const versionRows = (tx: Transaction, id: string, version: number) =>
  tx
    .select()
    .from(workflowVersions)
    .where(and(eq(workflowVersions.workflow, id), eq(workflowVersions.version, version)));
