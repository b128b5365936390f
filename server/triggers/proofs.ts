import { and, eq, sql } from 'drizzle-orm';
import type { ISql } from 'postgres';
import * as z from 'zod';
import type { Transaction } from '../db/connect.ts';
import type { TriggerDraft } from './describe.ts';
import { PatternTree } from './pattern-tree.ts';
import { patternOf } from './patterns.ts';
import type { Pattern } from './patterns.ts';
import { proofs } from './tables.ts';

/** For so long headers that proved callers are not shown: as long as it is known what a credential held (`credentials/former.ts`). */
const knownDays = 30;

const Proving = z.object({ auth: z.object({ kind: z.string(), name: z.string().optional() }) });

/** The headers by which callers of a webhook prove who they are, in small letters: they never reach an item. */
export function proofHeaders(params: unknown): string[] {
  const { data } = Proving.safeParse(params);
  if (!data || data.auth.kind === 'none') return [];
  return [data.auth.kind === 'header' ? (data.auth.name ?? '').toLowerCase() : 'authorization'];
}

/**
 * Notes the headers by which callers of a workflow's webhooks prove who they are, in the transaction that swaps its triggers. Those of the version
 * before are known for a while: who edits could else have honest callers tell him their secret, by publishing the same path for everybody.
 */
export async function noteProofs(
  tx: Transaction,
  workspace: string,
  workflow: string,
  next: readonly TriggerDraft[],
): Promise<void> {
  await tx
    .update(proofs)
    .set({ until: sql`now() + ${`${knownDays} days`}::interval` })
    .where(and(eq(proofs.workflow, workflow), eq(proofs.until, live)));
  const found = next.flatMap(({ kind, shape, params }) =>
    kind === 'webhook' && shape !== null ? proofHeaders(params).map((header) => ({ shape, header })) : [],
  );
  const rows = [...new Map(found.map((row) => [`${row.header} ${row.shape}`, row])).values()];
  if (rows.length === 0) return;
  await tx
    .insert(proofs)
    .values(rows.map((row) => ({ workspaceId: workspace, workflow, ...row, until: live })))
    .onConflictDoUpdate({
      target: [proofs.workspaceId, proofs.workflow, proofs.shape, proofs.header],
      set: { until: live },
    });
}

/** Of what is published. */
const live = sql`'infinity'::timestamptz`;

/** A header that proves callers of a path, live or lately. */
const Proof = z.object({ workspace: z.string(), shape: z.string(), header: z.string() });
export type Proof = z.infer<typeof Proof>;

/** What proves callers, or did lately, of a workspace or of all. */
export async function readProofs(engine: ISql, workspace: string | undefined): Promise<Proof[]> {
  return z.array(Proof).parse([
    ...(await engine`
      select distinct workspace_id as workspace, shape, header from proofs
      where until > now() and ${workspace === undefined ? engine`true` : engine`workspace_id = ${workspace}`}`),
  ]);
}

/** Forgets what proved callers long ago. */
export async function forgetProofs(engine: ISql): Promise<void> {
  await engine`delete from proofs where until < now()`;
}

/** Headers that prove callers, by the addresses at which they do: also where a version of today answers by another pattern. */
export class Proofs {
  private readonly headers = new PatternTree<string>();

  constructor(all: readonly Pick<Proof, 'shape' | 'header'>[]) {
    for (const { shape, header } of all) this.headers.add(patternOfShape(shape), header);
  }

  /** Those of callers of an address; `segments` are decoded. */
  at(segments: readonly string[]): readonly string[] {
    return [...this.headers.at(segments)];
  }
}

/** A shape as a pattern whose names nobody asks for. */
const patternOfShape = (shape: string): Pattern => patternOf(shape.replaceAll(/(?<=^|\/):(?=\/|$)/g, ':part'));
