import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Judged, ReadWorkflow } from '../../flow/check/judge.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { NodeOutcome } from '../../nodes/kit/perform.ts';
import { Failed } from '../../nodes/kit/fault-record.ts';
import type { StopSignal } from '../../nodes/kit/powers.ts';
import { Pool } from '../cells/pool.ts';
import type { Call, Ready } from '../engine/carry-node.ts';
import type { Computing } from '../engine/computing.ts';
import type { FilledItems } from '../engine/params-away.ts';
import { jsonParts } from '../text/known-json.ts';
import { CellDied, ComputeCell, type Answer, type Death } from './cell.ts';
import { readBack } from './document-jobs.ts';
import type { CompareJob, Compared, JudgeJob } from './document-jobs.ts';
import { filledOf } from './fill-params.ts';
import { nodeJob, outcomeOf, paramsJob } from './node-job.ts';
import { faultOf } from './protocol.ts';
import type { FaultData, Job } from './protocol.ts';
import { listAt } from './values.ts';

export interface ComputeOptions {
  /** The heap of each process, in MB. */
  readonly memoryMb: number;
  /** The child's program: `child.ts` of this folder, or its bundle `compute-child.mjs`, which is also looked for here. */
  readonly runner?: string;
  /** Processes at most; one less than there are processors, and two at least: the last is for a workspace that has none. */
  readonly most?: number;
  /** How long one is kept without work; a minute. */
  readonly idleMs?: number;
  /** How long a job may take of processor time, a minute; five times as long by the clock. A node's budget is its own. */
  readonly withinMs?: number;
}

/** Carries out what is too long for this process, in others that own nothing (E4). */
export interface Compute extends Computing {
  /** Reads a document that somebody sent; a process is waited for until `patience` ends. Throws why its process ended, if it did, as `judge` does. */
  read(workspace: string, given: unknown, patience: AbortSignal): Promise<ReadWorkflow>;
  /** Judges a document of a workspace. */
  judge(workspace: string, asked: Omit<JudgeJob, 'what'>, patience: AbortSignal): Promise<Judged>;
  /** Compares two documents of a workspace. */
  compare(workspace: string, asked: Omit<CompareJob, 'what'>, patience: AbortSignal): Promise<Compared>;
  /** How many jobs are being done at this moment. */
  readonly computing: number;
  /** The processes that are there now. */
  readonly pids: readonly number[];
  /** Kills the processes, rejects what waits; resolves when they are gone. */
  close(): Promise<void>;
}

/** After so many jobs a process is replaced, for what a library may keep. */
const jobsPerCell = 200;

/** Opens the pool. No process is started before there is something to compute. */
export function openCompute(options: ComputeOptions): Compute {
  const { memoryMb, idleMs = 60_000, withinMs = 60_000, runner = defaultRunner() } = options;
  const most = options.most ?? Math.max(2, availableParallelism() - 1);
  const cells = new Set<ComputeCell>();
  const open = (): ComputeCell => {
    const cell = new ComputeCell(runner, memoryMb);
    cells.add(cell);
    void cell.closed.then(() => cells.delete(cell));
    return cell;
  };
  const mostOf = () => Math.ceil(most / 2);
  const pool = new Pool({ name: 'The pool', open, most, mostOf, spares: 0, jobsPerCell, idleMs, isShared: true });

  /** Once more when its process was killed by somebody: what is pure may be done again. */
  async function done(
    workspace: string,
    pieces: readonly string[],
    { signal, patience = signal }: Waiting,
  ): Promise<Answer> {
    const once = () => pool.lend(workspace, patience, (cell) => cell.run(pieces, withinMs, signal));
    try {
      return await once();
    } catch (error) {
      if (error instanceof CellDied && error.death === 'killed') return once();
      throw error;
    }
  }

  async function carried(workspace: string, job: Job, waiting: Waiting): Promise<Answer> {
    try {
      return await done(workspace, await jsonParts(job), waiting);
    } catch (error) {
      throw error instanceof CellDied ? deathFault(error.death, { memoryMb, withinMs }) : error;
    }
  }

  return {
    node: (...asked) => carriedNode(carried, ...asked),
    params: (...asked) => filledParams(carried, ...asked),
    for: (workspace) => async (computation, given, signal, budget) => {
      const { name } = computation;
      const { made, ended } = await carried(workspace, { what: 'named', name, given }, { signal: abortOf(signal) });
      // What it made is looked at where it is used, and counts there.
      budget?.charge({ ms: ended.used.ms, bytes: 0, items: 0 });
      if (!ended.ok) throw faultOf(ended.fault);
      if (!('items' in ended)) throw new Error(otherQuestion);
      // The process is of this build, and does what the computation would have done here.
      return { ...ended.rest, items: listAt(made, ended.items) } as unknown as ReturnType<typeof computation.work>;
    },
    ...documents(carried),
    get computing() {
      return [...cells].filter(({ isBusy }) => isBusy).length;
    },
    get pids() {
      return [...cells].flatMap(({ pid }) => pid ?? []);
    },
    close: () => pool.close(),
  };
}

const otherQuestion = 'a compute process answered another question';

/** Has a job done by a process of the pool; throws why that ended, if it did. */
type Carry = (workspace: string, job: Job, waiting: Waiting) => Promise<Answer>;

/** Who gives a job up, and who only its place in the queue, which is the same when left out. */
interface Waiting {
  readonly signal: AbortSignal;
  readonly patience?: AbortSignal;
}

const never = (): AbortSignal => new AbortController().signal;

async function carriedNode(carried: Carry, workspace: string, call: Call, ready: Ready): Promise<NodeOutcome> {
  const { job, values } = await nodeJob(call, ready);
  const sent: Job = { ...job, limits: call.budget.left(), values };
  let answer: Answer;
  try {
    answer = await carried(workspace, sent, { signal: call.carriage.signal });
    if ('logs' in answer.ended) ready.logs.push(...answer.ended.logs);
    call.budget.charge(answer.ended.used);
  } catch (error) {
    return ended(call, ready, error);
  }
  const { made, ended: how } = answer;
  if (!how.ok) throw failed(how.fault, call.node.key);
  if (!('outcome' in how)) throw new Error(otherQuestion);
  return outcomeOf(how.outcome, [...values, ...made]);
}

async function filledParams(
  carried: Carry,
  workspace: string,
  call: Call,
  ready: Ready,
  items: readonly number[],
): Promise<FilledItems> {
  const { job, values } = await paramsJob(call, ready, items);
  const { made, ended: how } = await carried(
    workspace,
    { ...job, limits: call.budget.left(), values },
    { signal: call.carriage.signal },
  );
  call.budget.charge(how.used);
  if (!how.ok) throw faultOf(how.fault);
  if (!('filled' in how)) throw new Error(otherQuestion);
  return { filled: await filledOf(how.filled, [...values, ...made]), drawn: how.drawn };
}

/** Reading, judging and comparing documents; whoever asked may lose patience with the queue, not with the work. */
const documents = (carried: Carry): Pick<Compute, 'read' | 'judge' | 'compare'> => ({
  async read(workspace, given, patience) {
    const { ended } = await carried(workspace, { what: 'read', given }, { signal: never(), patience });
    if (ended.ok && 'read' in ended) return readBack(given, ended.read);
    throw ended.ok ? new Error(otherQuestion) : faultOf(ended.fault);
  },
  async judge(workspace, asked, patience) {
    const { ended } = await carried(workspace, { what: 'judge', ...asked }, { signal: never(), patience });
    if (ended.ok && 'judged' in ended) return ended.judged;
    throw ended.ok ? new Error(otherQuestion) : faultOf(ended.fault);
  },
  async compare(workspace, asked, patience) {
    const { ended } = await carried(workspace, { what: 'compare', ...asked }, { signal: never(), patience });
    if (ended.ok && 'compared' in ended) return ended.compared;
    throw ended.ok ? new Error(otherQuestion) : faultOf(ended.fault);
  },
});

/** What nodes know as a signal is the platform's. */
const abortOf = (signal: StopSignal): AbortSignal => (signal instanceof AbortSignal ? signal : never());

/** A node whose process ended fails with its whole batch, as its onError says. */
function ended({ carriage, node }: Call, { batch }: Ready, error: unknown): NodeOutcome {
  const prepared = carriage.prepared(node);
  if (!(error instanceof Fault) || !prepared) throw error;
  return prepared.failed(batch, error);
}

/** What was thrown there, as it would have been here. */
const failed = (fault: FaultData, node: string): Failed => new Failed(faultOf(fault), { node, item: fault.item });

function deathFault(death: Death, { memoryMb, withinMs }: { memoryMb: number; withinMs: number }): Fault {
  const words = {
    memory: `This node needed more than ${memoryMb} MB of memory.`,
    time: `This node took more than ${withinMs / 1_000} s in a process of its own.`,
    output: 'This node made more data than a process may pass on.',
    killed: 'The process that computed for this node ended, and the one after it too.',
  };
  if (death === 'killed')
    return new Fault('compute.killed', words.killed, {
      mend: 'Look whether the machine has too little memory.',
      done: 'no',
    });
  return new Fault('compute.limit', words[death], {
    mend: 'Work on fewer or smaller items at a time, or split the work among several runs.',
    done: 'no',
  });
}

function defaultRunner(): string {
  const source = join(import.meta.dirname, 'child.ts');
  return existsSync(source) ? source : join(import.meta.dirname, 'compute-child.mjs');
}
