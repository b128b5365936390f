import { createHash } from 'node:crypto';
import { canonical } from '../../flow/document/canonical.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Fact, StoredFact } from '../../flow/facts/fact.ts';
import { keptFacts, openDoubts } from '../../flow/facts/retry-run.ts';
import { fold } from '../../flow/facts/fold.ts';
import { emptyState } from '../../flow/facts/state.ts';
import { Refusal } from '../http/refusal.ts';
import type { Actor } from '../engine/actor.ts';
import type { Engine } from '../engine/engine.ts';
import { newRunId } from '../journal/ids.ts';
import { Refused } from '../journal/refused.ts';

/** A run to be retried, and the plan that the new one follows. */
export interface Retrying {
  readonly workspace: string;
  readonly run: string;
  readonly plan: Plan;
  readonly facts: readonly StoredFact[];
  /** The same plan, or another version's. */
  readonly next: { readonly plan: Plan; readonly document: Workflow; readonly version: number | null };
  readonly from?: string | undefined;
  /** The latest run that did the same work, when one retry alone may follow it: whoever comes second is refused (409 `retried-already`). */
  readonly alone?: string | undefined;
}

/**
 * Retries a run that is over as a new one (E24). `from` keeps what is not that node's or downstream of it, with its effects and their keys; from
 * the start everything is done again under new keys. 409 `doubts` lists what must be answered first, 409 `run-running` when it is not over, 409
 * `plan-differs` when the other version changed what would be kept.
 */
export async function retryRun(engine: Engine, retrying: Retrying): Promise<Actor> {
  const { workspace, run, plan, facts, next, from, alone } = retrying;
  const { started, ended } = fold(emptyState, facts);
  if (!started || !ended) throw notOver();
  const kept = from === undefined ? withoutDoubts(plan, facts) : keptFrom(retrying, from);
  const id = alone === undefined ? newRunId(engine.options.clock()) : followerOf(alone);
  const starting = engine.start({
    workspace,
    run: id,
    workflow: { ...started.workflow, version: next.version },
    plan: next.plan,
    document: next.document,
    start: started.start,
    input: inputOf(started.input),
    lane: started.lane,
    mode: started.mode,
    trigger: { kind: started.trigger.kind },
    ...(started.pins ? { pins: started.pins } : {}),
    ...(started.descends ? { descends: started.descends } : {}),
    ...(started.vars ? { vars: started.vars } : {}),
    retryOf: { run, root: from === undefined ? id : started.root },
    kept,
  });
  return alone === undefined ? starting : starting.catch(takenAs(id));
}

/** The id of the one retry that follows a run: two who ask at the same moment mean the same run, and the journal has room for one. */
const followerOf = (run: string) =>
  `run_${createHash('sha256')
    .update(JSON.stringify(['retry', run]))
    .digest('base64url')
    .slice(0, 26)}`;

const takenAs = (id: string) => (error: unknown) => {
  throw error instanceof Refused && error.result.why === 'seq' ? retriedAlready(id) : error;
};

/** 409: only what is over is done again. */
export const notOver = (): Refusal =>
  new Refusal(409, 'run-running', 'The run is not over yet.', { mend: 'Cancel it first.' });

/** 409: another run did the same work, or is about to. */
export const retriedAlready = (retry: string): Refusal =>
  new Refusal(409, 'retried-already', `It was retried already, as ${retry}.`, {
    mend: 'Retry it by itself, if it shall happen twice.',
  });

function keptFrom({ plan, facts, next }: Retrying, from: string): readonly Fact[] {
  if (!Object.hasOwn(plan.nodes, from) || !Object.hasOwn(next.plan.nodes, from))
    throw new Refusal(400, 'node-unknown', `There is no node ${from} to retry from.`);
  const retried = keptFacts(plan, facts, from);
  if (!retried.ok) throw doubtful(retried.doubts);
  const changed = plan.fingerprint === next.plan.fingerprint ? undefined : firstChanged(plan, next.plan, retried.facts);
  if (changed !== undefined)
    throw new Refusal(409, 'plan-differs', `The other version changed ${changed}, which this would keep.`, {
      mend: 'Retry from an earlier node, or from the start.',
    });
  return retried.facts;
}

/** The first node among the kept facts that is not the same in the other plan. */
function firstChanged(plan: Plan, other: Plan, facts: readonly Fact[]): string | undefined {
  const stages = new Set(facts.flatMap((fact) => ('stage' in fact.data ? [fact.data.stage] : [])));
  const keys = plan.stages.filter(({ id }) => stages.has(id)).flatMap(({ nodes }) => nodes);
  return keys.find((key) => canonical(plan.nodes[key]) !== canonical(other.nodes[key]));
}

/** Doubts are for a person to answer before anything of theirs is sent again, under whatever key. */
function withoutDoubts(plan: Plan, facts: readonly StoredFact[]): readonly Fact[] {
  const doubts = openDoubts(plan, facts);
  if (doubts.length > 0) throw doubtful(doubts);
  return [];
}

const doubtful = (doubts: readonly unknown[]) =>
  new Refusal(409, 'doubts', 'Some effects of this run may have happened: answer for them first.', {
    mend: 'POST /answer for each.',
    details: { doubts },
  });

function inputOf(input: unknown): readonly unknown[] {
  return typeof input === 'object' && input !== null && 'items' in input && Array.isArray(input.items)
    ? input.items
    : [];
}
