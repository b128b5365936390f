import type { ComputeElsewhere } from '../../nodes/kit/computation.ts';
import type { LiveStage } from '../../flow/facts/decide.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { stageOf } from '../../flow/facts/items.ts';
import { valueLost } from '../../flow/facts/recover.ts';
import type { Actor } from './actor.ts';
import { carryOut } from './carry-out.ts';
import type { Carriage } from './carriage.ts';
import { dueTimers, leftOpen, stopOf } from './due.ts';
import { ClaimLost, Fenced, pauseFor, whenRenewed } from './holding.ts';
import type { Holding } from './holding.ts';
import { lentAway } from './lent-away.ts';
import { roomyTurn } from '../text/turns.ts';
import type { StartChildren } from './calls.ts';
import type { ParamsPool } from './params-away.ts';
import type { Surroundings } from './surroundings.ts';

/** What carrying out a claimed stage needs of the actor that holds the claim. */
export interface Carrying {
  readonly actor: Pick<Actor, 'run' | 'plan' | 'state' | 'isOver' | 'lost' | 'spent'>;
  readonly around: Surroundings;
  /** Appends under the claim; with `ends` the attempt is over. */
  readonly append: (facts: readonly Fact[], ends: boolean) => Promise<void>;
  /** How the stage stands; undefined when it is over. */
  readonly liveNow: () => LiveStage | undefined;
}

/** Carries out a stage until it has ended or waits for something that this process need not hold it for. */
export async function carryHolding(carrying: Carrying, holding: Holding): Promise<void> {
  const { actor, around, append, liveNow } = carrying;
  while (!holding.isLost) {
    const live = liveNow();
    if (!live) return;
    const wait = typeof live.next === 'number' ? live.next - around.clock() : 0;
    if (wait > 0) await holding.pass.away(() => pauseFor(wait, holding.abort.signal));
    const facts =
      stopOf(actor.state, holding, around.clock()) ??
      lostOf(actor, holding, around.clock()) ??
      dueTimers(actor.state, holding, around.clock()) ??
      leftOpen(actor.plan, actor.state, holding, around.clock()) ??
      (await carryOut(carriageOf(carrying, holding), startingAway(around, holding)));
    await append(facts, true);
  }
}

/** Nothing is carried out on a value that is not there any more: a person is asked. */
const lostOf = ({ lost, state }: Carrying['actor'], { stage, path }: Holding, at: number): Fact[] | undefined =>
  lost && [valueLost(state, { stage, path, at, why: lost.message })];

function carriageOf({ actor, around, append }: Carrying, holding: Holding): Carriage {
  const lent = around.carriage(holding.abort.signal);
  return {
    run: actor.run,
    plan: actor.plan,
    stage: stageOf(actor.plan, holding.stage)!,
    path: holding.path,
    state: () => actor.state,
    append: (facts) => append(facts, false),
    signal: holding.abort.signal,
    lastLook: () => {
      if (holding.isLost || performance.now() > holding.fencedAt) throw new Fenced();
      if (actor.state.failing || actor.isOver) throw new ClaimLost('the run is ending');
    },
    whenHeld: () => (performance.now() < holding.fencedAt ? undefined : whenRenewed(holding, () => around.renew())),
    clock: () => around.clock(),
    pause: () => holding.pass.rest(),
    whenRoomy: roomyTurn,
    sideBySide: (all) => holding.pass.sideBySide(all),
    compute: nodesAway(around, holding, actor),
    params: paramsPool(around, holding, actor),
    computation: computingAway(around, holding),
    ...lent,
    lend: lentAway(lent.lend, holding.pass),
  };
}

/** A node that another process carries out: of its run's data there are copies on their way there and back. */
const nodesAway = ({ compute }: Surroundings, { pass }: Holding, { spent }: Carrying['actor']): Carriage['compute'] =>
  compute && ((call, ready) => pass.elsewhere(copies * spent.bytes, () => compute(call, ready)));

/** Params are waited for as a node that another process carries out. */
const paramsPool = (
  { params }: Surroundings,
  { pass }: Holding,
  { spent }: Carrying['actor'],
): ParamsPool | undefined => params && { fill: params, away: (wait) => pass.elsewhere(copies * spent.bytes, wait) };

/** In the state, as text, and as what came back. */
const copies = 3;

/** What another process computes is waited for as any answer from outside. */
const computingAway = ({ computation }: Surroundings, { pass }: Holding): ComputeElsewhere | undefined =>
  computation && ((...asked) => pass.away(() => computation(...asked)));

/** Starting children waits for the journal, and first stages of theirs compute in rooms of their own. */
const startingAway =
  ({ startChildren }: Surroundings, { pass }: Holding): StartChildren =>
  (job, parent) =>
    pass.away(() => startChildren(job, parent));
