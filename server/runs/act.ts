import type { Plan } from '../../flow/compile/plan.ts';
import type { Need } from '../../flow/facts/decide.ts';
import { decide } from '../../flow/facts/decide.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { nodeOf } from '../../flow/facts/items.ts';
import { openDoubts } from '../../flow/facts/retry-run.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { Actor } from '../engine/actor.ts';
import type { Engine } from '../engine/engine.ts';
import { cancelBelow, cancelMany, cancelledBy } from '../engine/cancel-tree.ts';
import type { Why } from '../engine/cancel-tree.ts';
import { Refused } from '../journal/refused.ts';

/** What acting on a run needs. */
export interface Acting {
  readonly engine: Engine;
  /** Tells whoever watches, here and in other processes, that runs of a workspace were cancelled. */
  readonly told: (workspace: string, runs: readonly string[]) => void;
}

/**
 * Cancels a run and the runs that it called (E15). Durable when it resolves; what carries it elsewhere is told and stops within a second. 409
 * `run-over` when it had ended.
 */
export async function cancelRun({ engine, told }: Acting, run: string, why: Why): Promise<void> {
  const actor = await engine.actor(run);
  await appendAs(actor, [cancelledBy(engine, why)], (state) => {
    if (state.ended) throw new Refusal(409, 'run-over', `The run is ${state.ended.status} already.`);
  });
  told(actor.workspace, [run]);
  told(actor.workspace, await cancelBelow(engine, [run], 'its parent was cancelled'));
}

/** What cancelling runs without their actors needs. */
export interface CancellingMany extends Acting {
  /** Answers the calls of a run whose children are over. */
  readonly deliver: (parent: string) => Promise<void>;
}

/** Cancels all runs of a workflow that are not over, and the runs that they called; those that called them go on with their ends. */
export async function cancelRunsOf(
  { engine, told, deliver }: CancellingMany,
  { workspace, workflow }: { workspace: string; workflow: string },
  why: Why,
): Promise<void> {
  const cancelled = await cancelMany(engine, { workspace, workflow }, why);
  const runs = cancelled.map(({ run }) => run);
  const all = new Set([...runs, ...(await cancelBelow(engine, runs, 'its parent was cancelled'))]);
  told(workspace, [...all]);
  const parents = new Set(cancelled.flatMap(({ parent }) => (parent === null || all.has(parent) ? [] : [parent])));
  for (const parent of parents) await deliver(parent);
}

/** What a person says to a run that waits for one. */
export interface RunAnswer {
  /** The step's id: the node's key and path. */
  readonly step: string;
  readonly item?: number | undefined;
  readonly call?: string | undefined;
  readonly answer: string;
  /** For a doubt: what the node gives as if it had been answered. For a review: the form's values. */
  readonly output?: unknown;
  readonly by?: string | undefined;
  /** What they are called, for what is written of it. */
  readonly name?: string | undefined;
}

/**
 * Answers what a run waits for: a doubt, a review, a quarantined stage, a missing node (E11). A doubt about several items without `item` is
 * answered for all of them. 404 for a step that never was, 409 `answered` for one that waits for nothing (any more).
 */
export async function answerRun(engine: Engine, run: string, answer: RunAnswer): Promise<void> {
  // What this process remembers may be older than the question.
  const actor = await engine.actor(run, Infinity);
  const { plan } = actor;
  // The doubts of a run that is over can be answered too: only then may it be retried.
  const left = actor.state.ended ? openDoubts(plan, await engine.options.ledger.readFacts(run)) : undefined;
  const needs = (state: RunState) => left ?? decide(plan, state).needs;
  const need = needFor(plan, needs(actor.state), answer);
  const facts = factsFor(actor, need, answer, engine.options.clock());
  const { seq } = actor.state;
  await appendAs(actor, facts, (state) => {
    if (left && state.seq !== seq) throw answered(answer.step);
    needFor(plan, needs(state), answer);
  });
}

function needFor(plan: Plan, needs: readonly Need[], { step, item, call }: RunAnswer): Need {
  const need = needs.find(
    (one) =>
      one.step === step &&
      (call === undefined || one.call === call) &&
      (item === undefined || one.items?.includes(item) === true),
  );
  if (need) return need;
  const key = step.split('/')[0] ?? '';
  if (!Object.hasOwn(plan.nodes, key)) throw notFound('step');
  throw answered(step);
}

/** 409: whatever the step waited for, it has got. */
export const answered = (step: string) =>
  new Refusal(409, 'answered', `The step ${step} waits for no such answer, or has got one.`);

const doubtAnswers = ['sent', 'again', 'fail'] as const;

function factsFor({ plan, state }: Actor, need: Need, given: RunAnswer, at: number): Fact[] {
  const { node, path } = need;
  const { stage, outputs } = nodeOf(plan, node);
  if (need.kind === 'review') return [reviewFact(state, { stage, need, given, at })];
  const answer = doubtAnswers.find((one) => one === given.answer);
  const allowed = need.kind === 'in-doubt' ? doubtAnswers : (['again', 'fail'] as const);
  if (!answer || !allowed.some((one) => one === answer))
    throw new Refusal(400, 'answer-unknown', `This is answered with ${allowed.join(', ')}.`);
  const said = { answer, ...(given.by === undefined ? {} : { by: given.by }) };
  const place = { stage, path, node, ...said };
  const output = answer === 'sent' && given.output !== undefined ? { output: given.output } : {};
  if (need.kind !== 'in-doubt') return [{ type: 'doubt.answered', at, data: place }];
  if (need.call !== undefined) return [{ type: 'doubt.answered', at, data: { ...place, call: need.call, ...output } }];
  const port = outputs[0] === undefined ? {} : { port: outputs[0] };
  const items = given.item === undefined ? (need.items ?? []) : [given.item];
  return items.map((item) => ({ type: 'doubt.answered', at, data: { ...place, item, ...port, ...output } }));
}

function reviewFact(
  state: RunState,
  { stage, need, given, at }: { stage: string; need: Need; given: RunAnswer; at: number },
): Fact {
  const call = need.call ?? '';
  const known = state.instances.get(instanceKey(stage, need.path))?.calls.get(call);
  const choices = known?.waiting?.kind === 'review' ? known.waiting.choices : undefined;
  if (choices && !choices.includes(given.answer))
    throw new Refusal(400, 'answer-unknown', `This is answered with ${choices.join(', ')}.`);
  const value = {
    choice: given.answer,
    values: given.output ?? {},
    ...(given.by === undefined ? {} : { by: given.by }),
    ...(given.name === undefined ? {} : { name: given.name }),
  };
  const place = { stage, path: need.path, node: need.node, call };
  return { type: 'call.answered', at, data: { ...place, op: known?.op ?? '', hash: known?.hash ?? '', value } };
}

/** Appends what an outsider says, when `check` lets it; a database that is away is shown as that. */
export async function appendAs(actor: Actor, facts: readonly Fact[], check: (state: RunState) => void): Promise<void> {
  try {
    await actor.append(facts, { check });
  } catch (error) {
    throw error instanceof Refused ? appendRefusal(error) : error;
  }
}

/** How a refusal of the journal is shown to who asked. */
export function appendRefusal({ result }: Refused): Refusal {
  if (result.why === 'gone') return notFound('run');
  if (result.why === 'unavailable')
    return new Refusal(503, 'database-away', 'The database does not answer at the moment.', {
      mend: 'Try again in some seconds.',
      headers: { 'retry-after': '5' },
    });
  return new Refusal(409, 'run-moved-on', 'The run moved on at the same moment.', { mend: 'Look at it again.' });
}
