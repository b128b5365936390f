import type { Scope } from '../../flow/expression/scope.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import type { LogLine } from '../../flow/facts/fact.ts';
import type { View } from '../../flow/facts/items.ts';
import { idempotencyKey } from '../../flow/facts/keys.ts';
import { outputKey } from '../../flow/facts/state.ts';
import type { Batch, PowerSource } from '../../nodes/kit/call.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { prepare, type NodeOutcome, type Prepared } from '../../nodes/kit/perform.ts';
import type { Powers } from '../../nodes/kit/powers.ts';
import { drawing, nodesSeen, seedOf } from '../engine/scope.ts';
import { logInto } from '../engine/step-log.ts';
import { ambientPowers } from '../powers/ambient.ts';
import { turning } from './protocol.ts';
import type { Job, NodeJob, OutcomeData, ParamsJob, PortSlice, ViewSlice } from './protocol.ts';
import { listAt, ValueTable } from './values.ts';

/** Finds the definition that a plan names. */
export type Find = (type: string, version: number) => AnyNode | undefined;

/** What a node of a job came to: places in a table of the job's values and those that were made. */
export interface Carried {
  readonly outcome: OutcomeData;
  readonly made: readonly unknown[];
}

/** Carries out the node of a job, within a budget, as the engine would in its own process. Throws what the node throws. */
export async function carryJob(job: Job & NodeJob, find: Find, logs: LogLine[], budget: Budget): Promise<Carried> {
  budget.begins('elsewhere');
  const outcome = await preparedOf(job, find).batch(batchOf(job, budget), powersOf(job, logs));
  return dataOf(outcome, job.values);
}

/** A node of this build with its params. */
export function preparedOf({ node, engine }: NodeJob | ParamsJob, find: Find): Prepared {
  const definition = find(node.type, node.version);
  if (!definition) throw new Error(`there is no ${node.type} in version ${node.version}`);
  return prepare(definition, node.params, engine);
}

function batchOf(job: Job & NodeJob, budget: Budget): Batch {
  const { node, path, root, values } = job;
  const { inputs, back, ...batch } = job.batch;
  const lists = Object.fromEntries(Object.entries(inputs).map(([port, places]) => [port, listAt(values, places)]));
  return {
    ...batch,
    node: node.key,
    inputs: lists,
    scope: scopeOfJob(job, budget),
    budget,
    idempotencyKey: (item) => idempotencyKey(root, path, node.key, item),
    // Who gives it up kills the process.
    signal: { aborted: false, throwIfAborted: () => undefined },
    ...(back === undefined ? {} : { back: back.map((places) => listAt(values, places)) }),
  };
}

/** What the node's expressions see, as they would where it came from. */
export function scopeOfJob(job: Job & (NodeJob | ParamsJob), budget: Budget): Scope {
  const { node, path, run, values } = job;
  const scope: Scope = {
    ...job.scope,
    json: undefined,
    itemIndex: 0,
    items: [],
    node: nodesSeen(viewOf(job.view, values, job), { node: node.key, path }, () => scope.itemIndex),
    random: drawing(seedOf(run, path, node.key), () => scope),
    budget,
  };
  return scope;
}

/** The slice as a view: where values did not come, there are as many holes as there were items. */
function viewOf(slice: ViewSlice, values: readonly unknown[], { engine, scope }: NodeJob | ParamsJob): View {
  const found = new Map(
    slice.records.map(({ key, path, seq, at, out }) => {
      const ports = Object.entries(out).map(([port, one]) => [port, outputOf(one, values)] as const);
      const record = { key, path, status: 'finished', attempt: 1, out: Object.fromEntries(ports) } as const;
      return [outputKey(key, path), { record, seq, at }] as const;
    }),
  );
  const skipped = new Set(slice.skipped);
  return {
    plan: {
      heddle: 1,
      engine,
      fingerprint: '',
      nodes: { ...slice.nodes },
      stages: [],
      starts: [],
      settings: { timezone: scope.zone, replyWithinMs: 0 },
    },
    start: slice.start,
    find: (node, path) => found.get(outputKey(node, path)),
    isSkipped: (stage, path) => skipped.has(`${stage}@${path}`),
  };
}

/** Both its items and how they were picked: who reads them takes the former, who follows an item's way the latter. */
function outputOf({ values: places, count, pick, of, from }: PortSlice, values: readonly unknown[]) {
  const items = places ? listAt(values, places) : Array.from<unknown>({ length: count });
  if (pick !== undefined) return { items, pick: pick === 'all' ? pick : [...pick], of: of ?? '' };
  return from === undefined ? { items } : { items, from: [...from] };
}

/** What may be asked for in a thread that has nothing but itself. */
function powersOf({ run, path, node }: NodeJob, logs: LogLine[]): PowerSource {
  const log = logInto(logs);
  return <Name extends keyof Powers>(name: Name, item: number | undefined): Powers[Name] => {
    if (!(name in ambientPowers)) throw new Error(`the power ${name} is not lent here`);
    const lend = ambientPowers[name as keyof typeof ambientPowers];
    // Looked up by this very name.
    return lend({ log, seed: `${seedOf(run, path, node.key)}/${item ?? ''}` }) as Powers[Name];
  };
}

/** An outcome as data: values that came with the job are named, not sent back. */
function dataOf({ out, turn, ...rest }: NodeOutcome, values: readonly unknown[]): Carried {
  const table = new ValueTable(values);
  const ports = Object.entries(out).map(([port, { items, ...how }]): [string, PortSlice] => [
    port,
    { count: items.length, values: table.put(items), ...how },
  ]);
  const outcome: OutcomeData = {
    ...rest,
    out: Object.fromEntries(ports),
    ...(turn && { turn: turning(turn, (list) => table.put(list)) }),
  };
  return { outcome, made: table.added };
}
