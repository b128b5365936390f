import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Column, SQL } from 'drizzle-orm';
import type { Workflow } from '../../flow/document/workflow.ts';
import { manifest as manifestSchema } from '../../flow/check/manifest.ts';
import type { Manifest } from '../../flow/check/manifest.ts';
import { plan as planSchema } from '../../flow/compile/plan.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { withWorkspace } from '../db/connect.ts';
import type { Transaction } from '../db/connect.ts';
import type { Asker } from '../db/pool-shares.ts';
import type { Compared } from '../compute/document-jobs.ts';
import { weightOfJson } from '../http/readers.ts';
import type { MakeRoom } from '../http/readers.ts';
import { notFound } from '../http/refusal.ts';
import { parseLong } from '../journal/large-values.ts';
import { compared } from './comparing.ts';
import type { Comparing } from './comparing.ts';
import { issuesOf, readSent } from './judging.ts';
import { fitting } from './read-document.ts';
import { surroundingsOf } from './surroundings.ts';
import { asDocument, findRow, iso, writeDraft } from './store.ts';
import type { Drafts, Saved, Store } from './store.ts';
import { workflows, workflowVersions } from './tables.ts';

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
        fingerprint: planPrint,
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
  const { text, at, ...row } = await withWorkspace(database, workspace, async (tx) => {
    const text = await ofDocument(tx, id, version, asText);
    const { manifest, by, note, at } = workflowVersions;
    const [row] = await tx
      .select({ manifest, by, note, at, fingerprint: planPrint })
      .from(workflowVersions)
      .where(isVersion(id, version));
    if (!row) throw notFound('version');
    return { ...row, text };
  });
  return { version, document: await parsed(text), ...row, at: iso(at) };
}

/** The fingerprint of a version's plan, which is found without reading that. */
const planPrint = sql<string>`${workflowVersions.plan} ->> 'fingerprint'`;

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

/** What comparing needs. */
export interface ComparingRoom {
  readonly database: Store;
  readonly compute?: Comparing;
  readonly makeRoom: MakeRoom;
}

/**
 * What differs between two versions, as data and in words; `draft` stands for what is not published yet. Both are parsed and compared when the
 * transaction is over.
 */
export async function compareVersions(
  { database, compute, makeRoom }: ComparingRoom,
  workspace: string,
  id: string,
  { from, to }: { from: number | 'draft'; to: number | 'draft' },
): Promise<Compared> {
  const both = <Value>(what: (document: Column) => SQL<Value>) =>
    withWorkspace(database, workspace, async (tx) => [
      await ofDocument(tx, id, from, what),
      await ofDocument(tx, id, to, what),
    ]);
  const sizes = await both((document) => sql<number>`octet_length(${document}::text)`);
  await makeRoom(weightOfJson(sizes.reduce((sum, size) => sum + size, 0)));
  const [before, after] = await both(asText);
  return compared(compute, workspace, { before: await parsed(before!), after: await parsed(after!) });
}

const asText = (document: Column) => sql<string>`${document}::text`;
const parsed = async (text: string) => asDocument(await parseLong(text));

/** Something of the document of the draft, or of a version; 404 when there is none. */
async function ofDocument<Value>(
  tx: Transaction,
  id: string,
  version: number | 'draft',
  what: (document: Column) => SQL<Value>,
): Promise<Value> {
  const found = version === 'draft' ? what(workflows.document) : sql<undefined>`null`;
  const [draft] = await tx
    .select({ found })
    .from(workflows)
    .where(and(eq(workflows.id, id), isNull(workflows.deletedAt)));
  if (!draft) throw notFound('workflow');
  if (version === 'draft') return draft.found as Value;
  const [row] = await tx
    .select({ found: what(workflowVersions.document) })
    .from(workflowVersions)
    .where(isVersion(id, version));
  if (!row) throw notFound('version');
  return row.found;
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
  const stored = await withWorkspace(database, workspace, (tx) => ofDocument(tx, id, version, asText));
  const { document, prints } = fitting(await readSent(compute, workspace, await parsed(stored)));
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
  tx.select().from(workflowVersions).where(isVersion(id, version));

const isVersion = (id: string, version: number) =>
  and(eq(workflowVersions.workflow, id), eq(workflowVersions.version, version));
