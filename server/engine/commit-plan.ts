import type { Plan } from '../../flow/compile/plan.ts';
import { decide } from '../../flow/facts/decide.ts';
import type { Decision, LiveStage } from '../../flow/facts/decide.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { foldInto } from '../../flow/facts/fold.ts';
import { follow } from '../../flow/facts/follow.ts';
import { instanceKey, numbered } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { Entry } from './entry.ts';
import { gatherIntents } from './gather-intents.ts';
import type { Append, AppendResult, Fence } from '../journal/flusher.ts';
import { fenceOf } from './holding.ts';
import type { Holding } from './holding.ts';
import { effectChanges, openedTokens, runPatch } from '../journal/mirror.ts';
import type { Spent } from './run-limits.ts';
import { liveMap, stageChanges, wakesFor } from './stage-changes.ts';
import { timeOutWake } from './time-out-wake.ts';

/** A run in memory just before an append. */
export interface Before {
  readonly workspace: string;
  readonly run: string;
  readonly plan: Plan;
  /** The caller's own: it is folded into, and is ahead of the journal until the append is answered. */
  readonly state: RunState;
  readonly live: ReadonlyMap<string, LiveStage>;
  readonly held: ReadonlyMap<string, Holding>;
  readonly spent: Spent;
  readonly now: number;
  /** Claims a new instance in place when there is room. */
  readonly claim: (live: LiveStage) => Holding | undefined;
}

/** One append, and what becomes of the run's memory and claims when it is taken. */
export interface CommitPlan {
  readonly append: Append;
  readonly facts: readonly Fact[];
  readonly live: Map<string, LiveStage>;
  readonly claimed: readonly Holding[];
  /** Claims whose attempt has ended with it. */
  readonly ended: readonly Holding[];
  /** Claims of stages that are over by another's doing. */
  readonly over: readonly Holding[];
}

/** Folds what some entries say and what follows from it, and works out the one append that stores all of it. No effect but on the state. */
export function planCommit(before: Before, entries: readonly Entry[]): CommitPlan {
  const { plan, state, held, now } = before;
  const { seq } = state;
  const given = gatherIntents(entries.flatMap((entry) => entry.facts));
  const { facts, decision } = followed(before, given);
  const live = liveMap(decision);
  const ending = new Set(entries.flatMap(({ ends, by }) => (ends && by ? [instanceKey(by.stage, by.path)] : [])));
  const { changes, claimed, released } = stageChanges({
    plan,
    state,
    before: before.live,
    after: live,
    held,
    ending,
    recovered: new Set(entries.flatMap(({ recovers }) => (recovers === undefined ? [] : [recovers]))),
    now,
    claim: before.claim,
  });
  const isEnding = ({ stage, path }: Holding) => ending.has(instanceKey(stage, path));
  return {
    append: appendOf(before, entries, { seq, facts, decision, changes }),
    facts,
    live,
    claimed,
    ended: released.filter(isEnding),
    over: released.filter((holding) => !isEnding(holding)),
  };
}

/** Folds facts and what follows from them, and ends a run that is over a limit with them. */
function followed({ plan, state, spent, now }: Before, given: readonly Fact[]): ReturnType<typeof follow> {
  const { facts, decision } = follow(plan, state, given);
  const over = spent.add(facts, state, now);
  if (!over) return { facts, decision };
  foldInto(state, numbered(state.seq, [over]));
  return { facts: [...facts, over], decision: decide(plan, state) };
}

function appendOf(
  { workspace, run, plan, state, held, spent, now }: Before,
  entries: readonly Entry[],
  made: { seq: number; facts: readonly Fact[]; decision: Decision; changes: Append['stages'] },
): Append {
  const epochOf = (stage: string, path: string) => held.get(instanceKey(stage, path))?.epoch ?? 0;
  const start = entries[0]?.start;
  return {
    workspace,
    run,
    expect: made.seq,
    facts: made.facts,
    fence: fencesOf(entries),
    row: runPatch(state, made.decision),
    ...(start ? { start } : {}),
    stages: made.changes,
    effects: effectChanges(plan, state, run, made.facts, epochOf),
    tokens: openedTokens(made.facts),
    onWeighed: (bytes) => spent.weigh(bytes),
    wake: [...wakesFor(run, made.changes, now), ...(start ? timeOutWake(plan, state, run) : [])],
  };
}

/** What must hold for all of them, each claim once: fifty lanes of one stage stand on the same. */
function fencesOf(entries: readonly Entry[]): Fence[] {
  const claims = new Set(entries.flatMap(({ by }) => by ?? []));
  return [...entries.flatMap(({ fence }) => fence ?? []), ...[...claims].map(fenceOf)];
}

/**
 * What to do about an append that the journal did not take:
 *
 * - `over`: it was a start. There is no run, and nothing to read again.
 * - `reject`: whoever asked is told, once the run was read again.
 * - `lapse`: the claim of the only entry is gone.
 * - `one by one`: a claim of one of several is gone; the others are asked for again without it.
 * - `again`: another append was first: fold what it said and decide again.
 */
export type AfterRefusal = 'over' | 'reject' | 'lapse' | 'one by one' | 'again';

export function afterRefusal(entries: readonly Entry[], { why }: Exclude<AppendResult, { ok: true }>): AfterRefusal {
  if (entries.some((entry) => entry.start)) return 'over';
  if (why === 'duplicate' || why === 'unavailable' || why === 'gone') return 'reject';
  if (why === 'seq') return 'again';
  return entries.length === 1 ? 'lapse' : 'one by one';
}
