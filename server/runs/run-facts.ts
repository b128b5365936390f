import type { Plan } from '../../flow/compile/plan.ts';
import type { RunFacts, WireFact } from '../../flow/contract/run-facts.ts';
import { withWorkspaceSql } from '../db/connect.ts';
import { JsonText } from '../http/json-text.ts';
import { notFound } from '../http/refusal.ts';
import { readFact, readStretch } from '../journal/journal.ts';
import type { RunRow } from '../journal/journal.ts';
import { parseLong } from '../journal/large-values.ts';
import { ownRun, pinnedPlan, readBlob, retriedAsOf, rowView } from './reads.ts';
import type { Reading } from './reads.ts';
import { slim, unaskedOf, valueAt, wordsInside } from './slim.ts';
import { bytesOfFact, weightOfRows } from './weights.ts';

/** How much is read at once: so many facts, at least and at most, and about so many bytes of rows. */
interface Amount {
  readonly least: number;
  readonly most: number;
  readonly bytes: number;
}
const stretch: Amount = { least: 100, most: 10_000, bytes: 16_000_000 };
/** Of a stream less: what was read for a reader who does not take it waits, and is read again. */
const next: Amount = { least: 10, most: 1_000, bytes: 1_000_000 };

/** How many facts of a run are read at once, by what one of them weighs. */
const factsIn = ({ least, most, bytes }: Amount, row: RunRow): number =>
  Math.max(least, Math.min(most, Math.floor(bytes / bytesOfFact(row))));

/** How many facts of a run are read at once with what left their rows: of values of 16 MB one by one. */
const whole: Amount = { least: 1, most: 10_000, bytes: 64_000_000 };

/** How many facts of a run are told in one answer. */
export const eventsIn = (row: RunRow, isFull: boolean): number => factsIn(isFull ? whole : stretch, row);

/** How many facts of a run are read at once for a stream. */
export const nextOf = (row: RunRow): number => factsIn(next, row);

/** A stretch of facts as JSON, and what the next is after; undefined where there is none. */
interface Stretch {
  readonly body: JsonText<RunFacts>;
  readonly next: number | undefined;
}

/** The facts of a run after a seq as they go to who folds them, as many as one stretch holds, with the run as its row says. */
export async function factsOf(reading: Reading, workspace: string, id: string, after: number): Promise<Stretch> {
  const { facts, last, ...about } = await stretchAfter(reading, workspace, id, after, stretch);
  const body = new JsonText<RunFacts>(`${JSON.stringify(about).slice(0, -1)},"facts":[${facts}]}`);
  return { body, next: last < about.upTo ? last : undefined };
}

async function stretchAfter(reading: Reading, workspace: string, id: string, after: number, amount: Amount) {
  const { row, read, retriedAs } = await withWorkspaceSql(reading.database, workspace, async (sql) => {
    const row = await ownRun(sql, id);
    const wanted = { after, most: factsIn(amount, row), longest: unaskedOf(row.seq).fact, words: wordsInside };
    const [read, retriedAs] = await Promise.all([readStretch(sql, id, wanted), retriedAsOf(sql, row)]);
    return { row, read, retriedAs };
  });
  const { ready, others, last } = read;
  const slimmed = await slim(others, unaskedOf(row.seq), readBlob(reading, workspace));
  // Who folds them puts them in order. A fact may have come between the two reads.
  const facts = (ready === '' ? slimmed : [ready, ...slimmed]).join(',');
  return { run: rowView(row, retriedAs), plan: row.plan, upTo: Math.max(row.seq, last), facts, last };
}

/** As `factsOf`, for a stream: facts alone, in order. */
export async function nextFacts(reading: Reading, workspace: string, id: string, after: number): Promise<WireFact[]> {
  const { facts } = await stretchAfter(reading, workspace, id, after, next);
  return ((await parseLong(`[${facts}]`)) as WireFact[]).toSorted(([one], [other]) => one - other);
}

/** A value of a fact, whole, by its place there. */
export async function valueOf(
  reading: Reading,
  workspace: string,
  id: string,
  { seq, at }: { seq: number; at: string },
): Promise<{ readonly value: unknown }> {
  const [row] = await withWorkspaceSql(reading.database, workspace, async (sql) => {
    await ownRun(sql, id);
    return readFact(sql, id, seq);
  });
  if (row) await reading.makeRoom?.(weightOfRows([row]));
  const fact = row && { type: row.type, data: await parseLong(row.data) };
  const found = fact && (await valueAt(fact, at, readBlob(reading, workspace)));
  if (!found) throw notFound('value');
  return found;
}

/** The plan that runs are pinned to; 404 for a fingerprint that the workspace does not know. */
export async function planOf(reading: Reading, workspace: string, fingerprint: string): Promise<Plan> {
  const plan = await withWorkspaceSql(reading.database, workspace, (sql) => pinnedPlan(sql, workspace, fingerprint));
  if (!plan) throw notFound('plan');
  return plan;
}
