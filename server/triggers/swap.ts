import { and, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Transaction } from '../db/connect.ts';
import { Refusal } from '../http/refusal.ts';
import { triggersOf } from './describe.ts';
import type { DefinitionOf, TriggerDraft } from './describe.ts';
import { noteProofs } from './proofs.ts';
import { releasedPaths, triggers, triggerSets } from './tables.ts';

/** A trigger as publishing answers it. */
export interface TriggerView {
  readonly key: string;
  readonly type: string;
  readonly url?: string;
  /** ISO 8601. */
  readonly nextFire?: string;
}

/** A trigger as lists show it: with what else would meet it. */
export interface ListedTrigger extends TriggerView {
  readonly path?: string;
  readonly methods?: string[];
}

/** A version about to be published. */
export interface Publishing {
  readonly workspace: string;
  readonly workflow: string;
  readonly version: number;
  readonly plan: Plan;
  readonly document: Workflow;
}

/** The time of the database, by which schedules fire: another machine may see to them. */
async function timeOf(tx: Transaction): Promise<number> {
  const [row] = await tx.execute(sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as at`);
  return Math.floor(Number(row?.['at']));
}

/** For so long nobody else takes a path that was given up (SAFETY 4.3). */
const restDays = 90;

/**
 * Puts a version's triggers in place of those that the workflow had, in the transaction that publishes it. Throws 409 `path-taken` when another
 * workflow of the workspace has a path, or had it within 90 days, unless `takePaths`.
 */
export async function swapTriggers(
  tx: Transaction,
  publishing: Publishing,
  options: { url: string; takePaths: boolean; definitionOf: DefinitionOf },
): Promise<TriggerView[]> {
  const { workspace, workflow, version, plan } = publishing;
  await turnOver(tx, workspace);
  const drafts = triggersOf(plan, options.definitionOf, await timeOf(tx));
  refuseTwins(drafts);
  await refuseTaken(tx, workflow, drafts, options.takePaths);
  await release(tx, workspace, workflow, drafts);
  await noteProofs(tx, workspace, workflow, drafts);
  await tx.delete(triggers).where(eq(triggers.workflow, workflow));
  const rows = drafts.map(({ type: _type, nextFire, methods, ...draft }) => ({
    ...draft,
    workspaceId: workspace,
    workflow,
    version,
    methods: methods && [...methods],
    nextFire: nextFire === null ? null : new Date(nextFire),
  }));
  if (rows.length > 0) await tx.insert(triggers).values(rows);
  const bases = await basesOf(tx, workspace, options.url);
  return drafts.map((draft) => viewOf(draft, bases));
}

/** Takes a workflow's triggers away; what waits to start by them is the caller's to end. Its paths rest. */
export async function dropTriggers(tx: Transaction, workspace: string, workflow: string): Promise<void> {
  await turnOver(tx, workspace);
  await release(tx, workspace, workflow, []);
  await noteProofs(tx, workspace, workflow, []);
  await tx.delete(triggers).where(eq(triggers.workflow, workflow));
}

const viewOf = (
  { key, type, kind, path, nextFire }: Pick<TriggerDraft, 'key' | 'type' | 'kind' | 'path' | 'nextFire'>,
  bases: Bases,
): TriggerView => ({
  key,
  type,
  ...(path === null ? {} : { url: `${kind === 'form' ? bases.forms : bases.hooks}/${path}` }),
  ...(nextFire === null ? {} : { nextFire: new Date(nextFire).toISOString() }),
});

/** Says that the workspace's triggers change; its row's lock lets one transaction at a time do so, the notice wakes other processes. */
async function turnOver(tx: Transaction, workspace: string): Promise<void> {
  await tx
    .insert(triggerSets)
    .values({ workspaceId: workspace, revision: 1 })
    .onConflictDoUpdate({ target: triggerSets.workspaceId, set: { revision: sql`${triggerSets.revision} + 1` } });
  await tx.execute(sql`select pg_notify('heddle_triggers', ${workspace})`);
}

/** Two starts of one workflow that would answer to the same call. */
function refuseTwins(drafts: readonly TriggerDraft[]): void {
  const seen = new Map<string, string>();
  for (const { kind, shape, methods, key, path } of drafts)
    for (const method of shape === null ? [] : (methods ?? [])) {
      const name = `${kind} ${method} ${shape}`;
      const other = seen.get(name);
      if (other !== undefined)
        throw taken(`${key} and ${other} of this workflow both answer to ${method} ${path}.`, { key, path });
      seen.set(name, key);
    }
}

/** By kind and shape, as paths are found. */
const nameOf = (kind: string, shape: string | null) => `${kind} ${shape}`;

/** All paths are asked about at once: a workflow may have hundreds, and its transaction holds up others of the workspace. */
async function refuseTaken(
  tx: Transaction,
  workflow: string,
  drafts: readonly TriggerDraft[],
  takePaths: boolean,
): Promise<void> {
  const shapes = [...new Set(drafts.flatMap(({ shape }) => (shape === null ? [] : [shape])))];
  if (shapes.length === 0) return;
  const others = await tx
    .select({ kind: triggers.kind, shape: triggers.shape, workflow: triggers.workflow, methods: triggers.methods })
    .from(triggers)
    .where(and(inArray(triggers.shape, shapes), ne(triggers.workflow, workflow)));
  const resting = takePaths
    ? []
    : await tx
        .select()
        .from(releasedPaths)
        .where(
          and(
            inArray(releasedPaths.shape, shapes),
            ne(releasedPaths.workflow, workflow),
            gt(releasedPaths.until, sql`now()`),
          ),
        );
  const held = Map.groupBy(others, ({ kind, shape }) => nameOf(kind, shape));
  const released = new Map(resting.map((one) => [nameOf(one.kind, one.shape), one]));
  for (const { kind, shape, methods, key, path } of drafts) {
    if (shape === null) continue;
    const name = nameOf(kind, shape);
    const holder = held.get(name)?.find((other) => other.methods?.some((method) => methods?.includes(method)));
    if (holder) throw taken(`The path ${path} belongs to another workflow.`, { key, path, workflow: holder.workflow });
    const rests = released.get(name);
    if (!rests) continue;
    const details = { key, path, workflow: rests.workflow, until: rests.until.toISOString() };
    throw taken(
      `The path ${path} belonged to another workflow until lately; callers of that one may still use it.`,
      details,
      'Choose another path, or publish with "takePaths": true if you know its callers.',
    );
  }
}

const taken = (message: string, details: object, mend = 'Choose another path.') =>
  new Refusal(409, 'path-taken', message, { mend, details });

/** The paths that the workflow has now and will not have any more begin their rest; those that it takes are at work again. */
async function release(
  tx: Transaction,
  workspace: string,
  workflow: string,
  next: readonly TriggerDraft[],
): Promise<void> {
  const had = await tx
    .select({ kind: triggers.kind, shape: triggers.shape })
    .from(triggers)
    .where(eq(triggers.workflow, workflow));
  const kept = new Set(next.map(({ kind, shape }) => nameOf(kind, shape)));
  const until = sql`now() + ${`${restDays} days`}::interval`;
  // Two triggers may have one path, each with its methods: it rests once.
  const left = new Map(
    had.flatMap(({ kind, shape }) =>
      shape === null || kept.has(nameOf(kind, shape))
        ? []
        : [[nameOf(kind, shape), { workspaceId: workspace, kind, shape, workflow, until }]],
    ),
  );
  if (left.size > 0)
    await tx
      .insert(releasedPaths)
      .values([...left.values()])
      .onConflictDoUpdate({
        target: [releasedPaths.workspaceId, releasedPaths.kind, releasedPaths.shape],
        set: { workflow, until },
      });
  for (const [kind, own] of Map.groupBy(next, (draft) => draft.kind)) {
    const shapes = own.flatMap(({ shape }) => (shape === null ? [] : [shape]));
    if (shapes.length > 0)
      await tx.delete(releasedPaths).where(and(eq(releasedPaths.kind, kind), inArray(releasedPaths.shape, shapes)));
  }
}

async function slugOf(tx: Transaction, workspace: string): Promise<string> {
  const [row] = await tx.execute(sql`select slug from workspaces where id = ${workspace}`);
  return z.object({ slug: z.string() }).parse(row).slug;
}

/** Where the addresses of a workspace's webhooks and forms begin, without a slash at the end. */
export interface Bases {
  readonly hooks: string;
  readonly forms: string;
}

/** Those bases, of the workspace that the transaction acts in. */
export async function basesOf(tx: Transaction, workspace: string, url: string): Promise<Bases> {
  const slug = await slugOf(tx, workspace);
  return { hooks: `${url}/hooks/${slug}`, forms: `${url}/forms/${slug}` };
}

/** The published triggers of the workspace that the transaction acts in, by workflow; of one workflow when it is named. */
export async function listTriggers(
  tx: Transaction,
  url: string,
  workflow?: string,
): Promise<ReadonlyMap<string, ListedTrigger[]>> {
  const rows = await tx
    .select()
    .from(triggers)
    .where(workflow === undefined ? undefined : eq(triggers.workflow, workflow))
    .orderBy(triggers.workflow, triggers.key);
  const first = rows[0];
  if (!first) return new Map();
  const bases = await basesOf(tx, first.workspaceId, url);
  const grouped = Map.groupBy(rows, (row) => row.workflow);
  const view = ({ key, kind, path, methods, nextFire }: (typeof rows)[number]): ListedTrigger => ({
    ...viewOf({ key, type: `start.${kind}`, kind, path, nextFire: nextFire && nextFire.getTime() }, bases),
    ...(path === null ? {} : { path }),
    ...(methods === null ? {} : { methods }),
  });
  return new Map([...grouped].map(([name, own]) => [name, own.map(view)]));
}
