import type { Decision } from '../../flow/facts/decide.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { follow } from '../../flow/facts/follow.ts';
import { nodeOf, stageOf } from '../../flow/facts/items.ts';
import { copyOf, emptyState } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { Plan, Stage } from '../../flow/compile/plan.ts';
import type { Actor } from './actor.ts';
import type { Carriage } from './carriage.ts';
import { carryOut } from './carry-out.ts';
import { processorMs } from '../processor-time.ts';
import { isTurnFull } from '../text/turns.ts';
import { mayLeave } from './stage-budget.ts';
import type { Surroundings } from './surroundings.ts';

/** The stage turned out to be more than a moment's work, or to need something of the journal. */
class NotAhead extends Error {}

/** No further stage is begun after so many, and none when more than that may go on at once: what branches so widely is no moment's work. */
const stagesMost = 20;
/** Nor after so long in all, in milliseconds of processor time; each stage ends when it has computed for that long by itself. */
const aheadMs = 8;

/**
 * What the first stages of a new run give, worked out before its start is stored, so that all of it is one commit instead of two or more.
 * Ends before the first stage that is not pure and over in a moment: that one is carried out in the ordinary way, from its beginning.
 *
 * It takes no slot: it is over before anything else has its turn, and stages whose claims are on their way to the journal hold theirs meanwhile. A
 * pure webhook that found none beside a hundred that came at once went the long way through a lane: 2 s instead of 10 ms.
 *
 * Nobody is told of anything before that commit, and a pure stage leaves nothing behind: a crash in between is a start that was never
 * accepted. So this is only for starts whose sender waits for the answer and would send again. It saves a row in `stages` that comes and
 * goes, an update of `runs` and half of the commits: a run of S1 that is one append costs Postgres' backends 0.06 to 0.09 ms instead of 0.12
 * to 0.17, and twice as many go through a flusher (three rounds in turn, 50 clients).
 */
export async function carryAhead(actor: Actor, around: Surroundings, first: readonly Fact[]): Promise<Fact[]> {
  const { plan } = actor;
  if (!around.mayCarryAhead()) return [];
  // To decide about so many takes a while too, and many calls may come in one turn.
  if (plan.stages.length > stagesMost && isTurnFull()) return [];
  const state = copyOf(emptyState);
  const isLong = longWork();
  let { facts, decision } = follow(plan, state, first);
  const made = facts.slice(first.length);
  for (let left = stagesMost; !state.ended;) {
    const next = quickOnes(plan, decision, left);
    if (next.length === 0) return made;
    for (const place of next) {
      const done = isLong() || state.ended ? undefined : await carryOne(actor, around, place, state);
      if (!done) return made;
      ({ facts, decision } = follow(plan, state, done));
      made.push(...facts);
      left--;
    }
  }
  return made;
}

/** Tells whether work has taken long in all: by processor time, which is asked for once the clock says that it may have. */
function longWork(): () => boolean {
  const began = performance.now();
  let worked: number | undefined;
  return () => {
    if (performance.now() - began <= aheadMs) return false;
    worked ??= processorMs();
    return processorMs() - worked > aheadMs;
  };
}

interface QuickStage {
  readonly stage: Stage;
  readonly path: string;
}

/** What can go on now, when all of it is quick and no more than so much. */
function quickOnes(plan: Plan, { live }: Decision, most: number): QuickStage[] {
  if (live.length > most) return [];
  const found = live.flatMap(({ stage: id, path, next }) => {
    const stage = stageOf(plan, id);
    return stage && next === 'now' && isQuick(plan, stage) ? [{ stage, path }] : [];
  });
  return found.length === live.length ? found : [];
}

/** The facts of a stage that ended well; nothing when it is not for us. */
async function carryOne(
  { run, plan }: Actor,
  around: Surroundings,
  place: QuickStage,
  state: RunState,
): Promise<readonly Fact[] | undefined> {
  const abort = new AbortController();
  const giveUp = (): never => {
    abort.abort(new NotAhead());
    throw new NotAhead();
  };
  const carriage: Carriage = {
    ...around.carriage(abort.signal),
    ...place,
    run,
    plan,
    state: () => state,
    signal: abort.signal,
    clock: around.clock,
    // Asked for when it has computed for a while: by then it is no longer a moment.
    pause: async () => giveUp(),
    compute: async () => giveUp(),
    append: async () => giveUp(),
    lastLook: giveUp,
    whenHeld: giveUp,
    sideBySide: giveUp,
    linkOf: giveUp,
  };
  try {
    const facts = await carryOut(carriage, around.startChildren);
    return facts.some(({ type }) => type === 'stage.finished') ? facts : undefined;
  } catch (error) {
    if (abort.signal.aborted) return undefined;
    throw error;
  }
}

/** Nodes that need nothing but a thread, none of which an author gave time to. */
const isQuick = (plan: Plan, { kind, nodes }: Stage): boolean =>
  kind === 'nodes' &&
  nodes.every((key) => {
    const node = nodeOf(plan, key);
    return node.timeoutMs === undefined && mayLeave(node);
  });
