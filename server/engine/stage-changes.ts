import type { Plan } from '../../flow/compile/plan.ts';
import type { Decision, LiveStage } from '../../flow/facts/decide.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { StageChange, WakeUp } from '../journal/flusher.ts';
import type { Holding } from './holding.ts';
import { laneOf, restingChange } from '../journal/mirror.ts';

/** Waits shorter than this are waited out with the claim in hand; longer ones give it back (E10). */
const shortWait = 1_000;

/** How the live instances of a run stood before an append and stand after it. */
export interface Standing {
  readonly plan: Plan;
  readonly state: RunState;
  readonly before: ReadonlyMap<string, LiveStage>;
  readonly after: ReadonlyMap<string, LiveStage>;
  readonly held: ReadonlyMap<string, Holding>;
  /** Instances whose attempt is over with this append. */
  readonly ending: ReadonlySet<string>;
  /** Instances whose claim ran out: their rows are put right whatever they say. */
  readonly recovered: ReadonlySet<string>;
  readonly now: number;
  /** Claims a new instance in place when there is room. */
  readonly claim: (live: LiveStage) => Holding | undefined;
}

/** What changes in `stages`, which claims were made in place and which are let go. */
export interface StageChanges {
  readonly changes: StageChange[];
  readonly claimed: Holding[];
  readonly released: Holding[];
}

/** New instances are claimed in place while slots last, ended ones go, and those that wait longer than a moment are given back. */
export function stageChanges(standing: Standing): StageChanges {
  const { plan, state, before, after, held } = standing;
  const made: StageChanges = { changes: [], claimed: [], released: [] };
  for (const [key, live] of before) {
    if (after.has(key)) continue;
    made.changes.push({ stage: live.stage, path: live.path, to: 'gone', lane: laneOf(plan, state, live.stage) });
    const holding = held.get(key);
    if (holding) made.released.push(holding);
  }
  for (const [key, live] of after) {
    const holding = held.get(key);
    if (holding) letGo(standing, made, { key, live, holding });
    else stand(standing, made, key, live);
  }
  return made;
}

function letGo(
  { plan, state, ending, now }: Standing,
  made: StageChanges,
  { key, live, holding }: { key: string; live: LiveStage; holding: Holding },
): void {
  const isShort = typeof live.next === 'number' && live.next - now < shortWait;
  if (!ending.has(key) || live.next === 'now' || isShort) return;
  made.changes.push(restingChange(plan, state, live));
  made.released.push(holding);
}

function stand(
  { plan, state, before, recovered, claim }: Standing,
  made: StageChanges,
  key: string,
  live: LiveStage,
): void {
  const was = before.get(key);
  const own = !was && live.next === 'now' ? claim(live) : undefined;
  if (own) {
    made.claimed.push(own);
    made.changes.push({ ...restingChange(plan, state, live), to: 'leased', epoch: own.epoch });
  } else if (!was || was.next !== live.next || recovered.has(key)) made.changes.push(restingChange(plan, state, live));
}

/** Wake-ups for what others may take: the lanes are told of ready stages, at the time from which they may be taken. */
export const wakesFor = (run: string, changes: readonly StageChange[], now: number): WakeUp[] =>
  changes
    .filter((change) => change.to === 'ready')
    .map(({ stage, path, lane, nextAt }) => ({ task: `stage.${lane}`, runAt: nextAt ?? now, run, stage, path, lane }));

export const liveMap = ({ live }: Decision): Map<string, LiveStage> => new Map(live.map((one) => [one.key, one]));
