import { createHash } from 'node:crypto';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Descent, Fact } from '../../flow/facts/fact.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { InstanceState, RunState } from '../../flow/facts/state.ts';
import type { Actor } from './actor.ts';
import { NoSuchRun, Refused } from '../journal/refused.ts';
import type { StartChildren } from './calls.ts';
import type { Engine } from './engine.ts';
import type { Families, FamilyLimits } from './families.ts';
import type { FamilyCount } from '../journal/family.ts';
import { AheadRooms } from './ahead-room.ts';
import { cancelBelow } from './cancel-tree.ts';
import { Outputs, roomOf, weighedEnds } from './child-outputs.ts';
import type { ChildEnd, Ledger } from '../journal/ledger.ts';
import { Slots } from './slots.ts';
import type { StartRequest } from './start.ts';

/** A workflow as a call finds it: the version published at this moment (E14). */
export interface Callable {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly plan: Plan;
  readonly document: Workflow;
  readonly start: string;
}

/** Finds the published version of a workflow of a workspace by id or name. */
export type FindCallable = (workspace: string, workflow: string) => Promise<Callable | undefined>;

/**
 * Starts the children of a call, all in one flush. Their ids follow from parent, path, call and item, so that a repeated
 * call finds the children that it started before.
 */
export function childStarter(
  engine: () => Engine,
  find: FindCallable,
  families: Families,
): (actor: Actor) => StartChildren {
  const ahead = new AheadRooms(aheadMost);
  return (actor) => async (job, parent) => {
    const { started } = actor.state;
    const { top, depth } = below(actor.run, started);
    if (depth > families.most.depth) throw tooDeep(families.most);
    const callable = await find(actor.workspace, job.workflow);
    if (!callable)
      throw new Fault('workflow.unknown', `There is no published workflow ${job.workflow}.`, {
        mend: 'Publish it, or choose another.',
      });
    const children = job.inputs.map((input, item) => ({
      run: childId(actor.run, parent.path, parent.node, parent.call, item),
      item: parent.from + item,
      input,
    }));
    const more = countOf(job.inputs);
    const over = await families.take(top, more);
    if (over && !(await isThere(engine(), children[0]?.run))) throw tooMany[over](families.most);
    const outputs = new Outputs(roomOf(actor));
    const begin = async ({ run, item, input }: (typeof children)[number]): Promise<Begun> =>
      begunAs(
        await startOnce(engine(), {
          run,
          workspace: actor.workspace,
          workflow: { id: callable.id, name: callable.name, version: callable.version },
          plan: callable.plan,
          document: callable.document,
          start: callable.start,
          input,
          lane: started?.lane ?? 'realtime',
          mode: started?.mode ?? 'live',
          trigger: { kind: 'called' },
          parent: { run: actor.run, path: parent.path, node: parent.node, item, depth, top },
          hidden: true,
          isAwaited: true,
          ahead,
        }),
        outputs,
      );
    const begun = await Promise.all(children.map(begin));
    // A call that is made again was counted whole before the first of its children was there.
    if (!over && begun.some(({ isNew }) => !isNew)) await families.takenBefore(top, more);
    // A child that is over with its start costs its parent no wait and no job of the lanes: in S6 that was one for each ten children.
    const ends = children.map(({ run, item }, index) => {
      const end = begun[index]?.end;
      return { run, item, ...(end ? { end } : {}) };
    });
    // Who cancels a tree looks for the children of a run that is over, and may have looked before these were there.
    if (ends.some(({ end }) => end === undefined) && !(await engine().options.ledger.mayHaveChildren(actor.run)))
      await cancelBelow(engine(), [actor.run], 'its parent was cancelled');
    return ends;
  };
}

/** Where something that a run calls stands: below the run that nobody called. */
export function below(run: string, started: RunState['started']): Descent {
  const { parent, descends } = started ?? {};
  const top = parent?.top ?? parent?.run ?? descends?.top ?? run;
  return { top, depth: (parent?.depth ?? descends?.depth ?? 0) + 1 };
}

const countOf = (inputs: readonly (readonly unknown[])[]): FamilyCount => ({
  runs: inputs.length,
  items: inputs.reduce((items, input) => items + input.length, 0),
});

const tooDeep = ({ depth }: FamilyLimits) =>
  new Fault('workflow.depth', `Workflows call each other deeper than ${depth} levels.`, {
    mend: 'Look for a workflow that calls itself, or have the operator raise HEDDLE_RUN_DEPTH.',
  });

const tooMany: Readonly<Record<keyof FamilyCount, (most: FamilyLimits) => Fault>> = {
  runs: ({ runs }) =>
    new Fault(
      'workflow.too-many',
      `This run and those that it started may not start ${runs.toLocaleString('en')} runs or more.`,
      {
        mend: 'Look for a workflow that calls itself, pass lists to a workflow instead of items, or have the operator raise HEDDLE_RUN_FAMILY.',
      },
    ),
  items: ({ items }) =>
    new Fault(
      'workflow.items',
      `This run and those that it started may not give more than ${items.toLocaleString('en')} items to workflows that they call.`,
      {
        mend: 'Look for a workflow that calls itself, pass less of each item or a file, or have the operator raise HEDDLE_RUN_FAMILY_ITEMS.',
      },
    ),
};

/** What is left of a child's actor once it has begun: its state may be large. */
interface Begun {
  readonly isNew: boolean;
  readonly end: ChildEnd | undefined;
}

function begunAs(actor: Actor | undefined, outputs: Outputs): Begun {
  const end = endOf(actor);
  return { isNew: actor !== undefined, end: end && outputs.kept(end) };
}

/** What is worked out ahead of the starts of a workspace's children and not stored yet, in bytes of JSON: the next waits until there is less of it. */
const aheadMost = 16 * 1024 * 1024;

function endOf(actor: Actor | undefined): ChildEnd | undefined {
  if (!actor?.settled.isOver || !actor.state.ended) return undefined;
  const { run, state } = actor;
  const { status } = actor.state.ended;
  const output = status === 'finished' ? (state.output ?? []) : [];
  const error = status === 'cancelled' ? (state.cancelReason ?? 'cancelled') : state.failing?.message;
  return { run, status, output, ...(status === 'finished' || error === undefined ? {} : { error }) };
}

/** Whether a run is there: of a call's children the first, which goes to the journal first. */
async function isThere(engine: Engine, run: string | undefined): Promise<boolean> {
  if (run === undefined) return false;
  try {
    await engine.options.ledger.read(run);
    return true;
  } catch (error) {
    if (error instanceof NoSuchRun) return false;
    throw error;
  }
}

/** Starts a child that is not there yet; while the database is away it is tried again, for the parent has not failed by that. */
async function startOnce(engine: Engine, request: StartRequest): Promise<Actor | undefined> {
  for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
    try {
      return await engine.start(request);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // It is there already: this call was made before, by an attempt that died or got no answer.
      if (error.result.why === 'seq') return undefined;
      if (error.result.why !== 'unavailable') throw error;
      await new Promise((resolve) => void setTimeout(resolve, pause).unref());
    }
  }
}

const childId = (...place: readonly (string | number)[]) =>
  `run_${createHash('sha256').update(JSON.stringify(place)).digest('base64url').slice(0, 26)}`;

/** Outputs of children that are on their way to parents, in bytes of JSON. */
const outputsAtOnce = 64 * 1024 * 1024;
/** Those of a call that weigh less need no room: they wait for nobody. */
const fewBytes = 256 * 1024;

/**
 * Brings the ends of children to parents that wait for them. A parent is looked at once at a time, however many children
 * end meanwhile; what this process misses the sweeper finds.
 */
export class Deliveries {
  private readonly engine: Engine;
  private readonly ledger: Ledger;
  private readonly wanted = new Map<string, boolean>();
  /** For the outputs that are being brought, in bytes: many parents may be answered at the same moment. */
  private readonly room = new Slots(outputsAtOnce);
  /** Where the last sweep ended. */
  private swept = '';

  constructor(engine: Engine, ledger: Ledger) {
    this.engine = engine;
    this.ledger = ledger;
  }

  /** A child of this run has ended: answers the parent's call if all children of it have. */
  async deliver(parent: string): Promise<void> {
    if (this.wanted.has(parent)) {
      this.wanted.set(parent, true);
      return;
    }
    this.wanted.set(parent, false);
    try {
      await this.look(parent);
      while (this.wanted.get(parent)) {
        this.wanted.set(parent, false);
        await this.look(parent);
      }
    } finally {
      this.wanted.delete(parent);
    }
  }

  /**
   * Looks at so many parents that seem to have missed the ends of their children, from behind those of the last time: one that cannot be read
   * keeps nobody else from being looked at.
   */
  async sweep(most: number): Promise<void> {
    const parents = await this.ledger.findUndelivered(most, this.swept);
    this.swept = parents.length < most ? '' : parents.at(-1)!;
    for (const parent of parents)
      await this.deliver(parent).catch((error: unknown) =>
        this.engine.options.onBroken(error, 'bringing the ends of children'),
      );
  }

  /** What is in memory may be older than the call: another process may have made it. */
  private async waitingActor(parent: string): Promise<Actor> {
    const known = await this.engine.actor(parent);
    return waitingCalls(known.state).length > 0 ? known : this.engine.actor(parent, Infinity);
  }

  private async look(parent: string): Promise<void> {
    const actor = await this.waitingActor(parent);
    for (const waiting of waitingCalls(actor.state)) {
      const runs = waiting.children.map((child) => child.run);
      const ends = await weighedEnds(this.ledger, runs, roomOf(actor));
      if (!ends) continue;
      const bring = async () => this.answer(actor, waiting, await ends.read());
      const who = { workspace: actor.workspace, lane: 'interactive' } as const;
      // What is larger than a share counts as one: of those a workspace has two at once.
      const weight = Math.min(ends.bytes, this.room.share);
      await (ends.bytes < fewBytes ? bring() : this.room.during(who, bring, weight));
    }
  }

  private answer(actor: Actor, { instance, call, op, hash }: WaitingCall, value: readonly ChildEnd[]): Promise<void> {
    const fact: Fact = {
      type: 'call.answered',
      at: this.engine.options.clock(),
      data: { stage: instance.stage, path: instance.path, node: instance.node ?? '', call, op, hash, value },
    };
    return actor.append([fact], { check: (state) => mustWait(state, instance, call) });
  }
}

interface WaitingCall {
  readonly instance: InstanceState;
  readonly call: string;
  readonly op: string;
  readonly hash: string;
  readonly children: readonly { run: string; item: number }[];
}

function waitingCalls(state: RunState): WaitingCall[] {
  const calls: WaitingCall[] = [];
  for (const instance of state.instances.values())
    for (const [call, known] of instance.calls)
      if (known.state === 'suspended' && known.waiting?.kind === 'run')
        calls.push({ instance, call, op: known.op, hash: known.hash, children: known.waiting.children });
  return calls;
}

function mustWait(state: RunState, instance: InstanceState, call: string): void {
  if (state.instances.get(`${instance.stage}@${instance.path}`)?.calls.get(call)?.state !== 'suspended')
    throw new Error('the call was answered already');
}
