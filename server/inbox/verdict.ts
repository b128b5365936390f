import type { TransactionSql } from 'postgres';
import type { Fact } from '../../flow/facts/fact.ts';
import { jsonParts } from '../text/known-json.ts';
import type { Concurrency, Limits } from '../triggers/limits.ts';
import { countStart, countTurns, dropTurn, holders, putTurn, readGathering, readKept, startOf } from './pending.ts';
import type { Pending, PendingKind, TurnKind } from './pending.ts';

/** An event that is new: with what came with it. */
export interface Fresh {
  readonly pending: Pending;
  readonly items: readonly unknown[];
}

/**
 * What becomes of an event now. `cancel` names runs that give way to it; `items` are those of events that were gathered into it, when they are others
 * than came with it; `kept` are facts that its run begins with.
 */
export type Verdict =
  | {
      readonly is: 'start';
      readonly pending: Pending;
      readonly cancel: readonly string[];
      readonly items?: readonly unknown[];
      readonly kept?: readonly Fact[];
    }
  | { readonly is: 'wait'; readonly pending: Pending; readonly items?: readonly unknown[] }
  | { readonly is: 'skip'; readonly why: string };

/** An event whose run is not there by then is started again: its process died between the two. */
const startAgainMs = 10_000;

/**
 * Decides about a new event under the lock of its workflow, in the order debounce, batch, throttle, turn. What it answers is still to be stored;
 * runs that are counted are counted already.
 */
export async function judgeFresh(tx: TransactionSql, fresh: Fresh, limits: Limits, now: number): Promise<Verdict> {
  const gathered = await gather(tx, fresh, limits, now);
  if (gathered?.is !== 'full') return gathered ?? judge(tx, fresh.pending, limits, now);
  const verdict = await judge(tx, gathered.pending, limits, now);
  return verdict.is === 'skip' ? verdict : { ...verdict, items: gathered.items };
}

/** Decides in the same way about one that was gathered, or is not to be: by what it waits for, never by what came with it. */
export async function judge(tx: TransactionSql, pending: Pending, limits: Limits, now: number): Promise<Verdict> {
  const later = await throttled(tx, pending, limits, now);
  if (later !== undefined) return wait(pending, 'throttle', later.lot, later.due);
  const cancel: string[] = [];
  const turns = [
    ['overlap', limits.overlap],
    ['turn', limits.concurrency],
  ] as const;
  for (const [kind, limit] of turns) {
    if (!limit) continue;
    const found = await turnFor(tx, pending, kind, limit);
    if (found === 'queue') return wait(pending, 'queue', limit.lot, null);
    if (found === 'skip')
      return {
        is: 'skip',
        why: kind === 'overlap' ? 'the last run is still going' : 'as many runs as may be are under way',
      };
    cancel.push(...found);
  }
  for (const [kind, limit] of turns) if (limit) await putTurn(tx, pending, kind, limit.lot, now);
  if (limits.throttle) await countStart(tx, pending, limits.throttle, now);
  return { is: 'start', pending: { ...pending, kind: 'start', lot: '', due: now + startAgainMs }, cancel };
}

const wait = (
  pending: Pending,
  kind: PendingKind,
  lot: string,
  due: number | null,
): Extract<Verdict, { is: 'wait' }> => ({
  is: 'wait',
  pending: { ...pending, kind, lot, due },
});

/** Debounce: the latest event stands for those before it. Batch: their items go together, until they are many or large. */
async function gather(
  tx: TransactionSql,
  { pending, items }: Fresh,
  { debounce, batch }: Limits,
  now: number,
): Promise<Verdict | (Fresh & { readonly is: 'full' }) | undefined> {
  if (debounce) {
    const first = await readGathering(tx, pending.workflow, 'debounce', debounce.lot);
    const since = first?.at ?? now;
    const latest = debounce.atMostMs === undefined ? Number.POSITIVE_INFINITY : since + debounce.atMostMs;
    const due = Math.min(now + debounce.waitMs, latest);
    return wait(first ? { ...first, lots: pending.lots } : pending, 'debounce', debounce.lot, due);
  }
  if (!batch) return undefined;
  const first = await readGathering(tx, pending.workflow, 'batch', batch.lot);
  const whole = first ?? pending;
  const before = first && (await readKept(tx, first.id));
  const all = [...(Array.isArray(before?.items) ? before.items : []), ...items];
  if (all.length < batch.size && (before?.length ?? 0) + (await lengthOf(items)) < gatheredMost)
    return { ...wait(whole, 'batch', batch.lot, (first?.at ?? now) + batch.withinMs), items: all };
  return { is: 'full', pending: whole, items: all };
}

/** So much JSON is gathered at most, and what came last: all of it is read and written with each that comes. */
const gatheredMost = 1024 * 1024;

const lengthOf = async (items: readonly unknown[]): Promise<number> =>
  (await jsonParts(items)).reduce((sum, { length }) => sum + length, 0);

async function throttled(tx: TransactionSql, { workflow }: Pending, { throttle }: Limits, now: number) {
  if (!throttle) return undefined;
  const oldest = await startOf(tx, workflow, throttle.lot, throttle.limit);
  if (oldest === undefined) return undefined;
  // When the oldest of those that fill the period leaves it.
  const due = oldest + throttle.perMs;
  return due > now ? { lot: throttle.lot, due } : undefined;
}

/** Runs that must give way for a turn; or that there is none, and what then. */
async function turnFor(
  tx: TransactionSql,
  { workflow, run }: Pending,
  kind: TurnKind,
  { lot, max, over }: Concurrency,
): Promise<'queue' | 'skip' | readonly string[]> {
  // Who is over is looked for once there seem to be as many as may be, and not with each event.
  if ((await countTurns(tx, workflow, kind, lot, max)) < max) return [];
  const held = (await holders(tx, workflow, kind, lot)).filter((one) => one !== run);
  if (held.length < max) return [];
  if (over !== 'replace') return over;
  const giveWay = held.slice(0, held.length - max + 1);
  for (const one of giveWay) await dropTurn(tx, one, kind);
  return giveWay;
}
