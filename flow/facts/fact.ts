import * as z from 'zod';
import { lane } from '../document/workflow.ts';
import { logLine, turnCount } from './step-parts.ts';

/**
 * The facts of a run. A fact is appended once and never changed; state is folded from them. `path` says in which turn of
 * which loops something happened: `` at the root, `/loop:3/inner:0` inside. A stage at a path is an *instance*. Lists that grow with what a
 * person sends are looked at in one short loop and not copied: a schema takes 100 ms for each 100,000 entries.
 */
const items = z.custom<unknown[]>(Array.isArray, 'Expected a list');

const isIndexes = (list: unknown): list is number[] => Array.isArray(list) && list.every(Number.isInteger);
const isLineage = (list: unknown): list is (number | number[])[] =>
  Array.isArray(list) && list.every((parent) => Number.isInteger(parent) || isIndexes(parent));

/** Parent indexes of each item in the node's (first delivering) input list; left out when it is 1:1 (E25). */
const lineage = z.custom<(number | number[])[]>(isLineage, 'Expected indexes');
/** Indexes of the items that were taken. */
const picked = z.custom<number[]>(isIndexes, 'Expected indexes');

/** What a node delivered on one port: items of its own, or a selection of an input port's items, or what a blob holds. */
export const portOutput = z.union([
  z.object({ items, from: lineage.optional() }),
  z.object({ pick: z.union([z.literal('all'), picked]), of: z.string() }),
  z.object({ $blob: z.string(), size: z.int(), count: z.int(), from: lineage.optional() }),
]);
export type PortOutput = z.infer<typeof portOutput>;

export type LogLine = z.infer<typeof logLine>;

/** A failure as it is recorded: a code of the catalogue, a sentence, what would mend it. */
export const faultRecord = z.object({
  code: z.string(),
  message: z.string(),
  mend: z.string().optional(),
  node: z.string().optional(),
  item: z.int().optional(),
  /** `no`: surely not done; `unknown`: sent, no answer; `yes`: done and failed by its own account (SAFETY 1.2). */
  done: z.enum(['no', 'unknown', 'yes']).optional(),
  details: z.unknown().optional(),
});
export type FaultRecord = z.infer<typeof faultRecord>;

export type TurnCount = z.infer<typeof turnCount>;

/** What one node did inside a finished stage, at `path` (for a loop's `done`, the path outside the loop). */
export const nodeRecord = z.object({
  key: z.string(),
  path: z.string(),
  status: z.enum(['finished', 'skipped', 'disabled']),
  out: z.record(z.string(), portOutput),
  attempt: z.int(),
  ms: z.number().optional(),
  logs: z.array(logLine).optional(),
  usage: z.unknown().optional(),
  /** For a loop that ran whole in one stage, and for the nodes inside it: items in and out, a turn each. */
  turns: z.array(turnCount).optional(),
  /** True when this node's items were journalled one by one (`step.answered`); `out` is then folded from those. */
  byItem: z.boolean().optional(),
  /** Items that failed and left by `error` or unchanged. */
  faults: z.array(faultRecord).optional(),
});
export type NodeRecord = z.infer<typeof nodeRecord>;

/** What a respond node answers to the caller that waits. */
export const reply = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  as: z.enum(['json', 'text', 'file', 'none']),
  node: z.string().optional(),
});
export type Reply = z.infer<typeof reply>;

const instance = { stage: z.string(), path: z.string() };
const step = { ...instance, node: z.string() };
/** What the nodes of a body did in turns whose data is kept: records at the paths of those turns (E7). */
const kept = z.array(nodeRecord).optional();
/** Turns since the checkpoint before, by node. */
const counts = z.record(z.string(), z.array(turnCount)).optional();
const kind = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), at: z.number(), data: z.object(shape) });

/** What a suspended call waits for. Tokens are stored hashed; the clear one is only ever in `$step.resumeUrl` (E13). */
export const waiting = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('timer'), due: z.number() }),
  z.object({
    kind: z.literal('review'),
    title: z.string(),
    text: z.string().optional(),
    form: z.array(z.unknown()).optional(),
    choices: z.array(z.string()).optional(),
    assignee: z.string().optional(),
    due: z.number().optional(),
  }),
  z.object({ kind: z.literal('run'), children: z.array(z.object({ run: z.string(), item: z.int() })) }),
  z.object({ kind: z.literal('token'), hash: z.string(), due: z.number().optional() }),
]);
export type Waiting = z.infer<typeof waiting>;

/** The run above all that called each other, and how many calls below it this one is. */
export const descent = z.object({ top: z.string(), depth: z.int() });
export type Descent = z.infer<typeof descent>;

export const anyFact = z.discriminatedUnion('type', [
  kind('run.started', {
    workflow: z.object({ id: z.string(), name: z.string(), version: z.int().nullable() }),
    plan: z.string(),
    engine: z.int(),
    start: z.string(),
    input: portOutput,
    lane,
    trigger: z.object({ kind: z.string(), event: z.string().optional() }),
    mode: z.enum(['live', 'manual', 'test']),
    root: z.string(),
    seed: z.string(),
    parent: z
      .object({
        run: z.string(),
        path: z.string(),
        node: z.string(),
        item: z.int().nullable(),
        depth: z.int(),
        /** The run that nobody called, above all of them. */
        top: z.string().optional(),
      })
      .optional(),
    /** Of a run that was started by a call over HTTP from a run: counted below that one's top, and cancelled by nobody else's end. */
    descends: descent.optional(),
    retryOf: z.string().optional(),
    /** Outputs that stand in for a node's own in this run (`--with`, pins of a manual run). */
    pins: z.record(z.string(), z.record(z.string(), items)).optional(),
    vars: z.record(z.string(), z.unknown()).optional(),
    /** Of a draft's run the draft as it was then: plans are kept by what they do, and say nothing of titles and places. */
    document: z.unknown().optional(),
    /** What of the input could not be kept as it came (`number-as-text`), by JSON pointer: the start node's log. */
    warnings: z.array(z.object({ code: z.string(), at: z.string() })).optional(),
  }),
  /** A stage ended well: what each of its nodes delivered. */
  kind('stage.finished', { ...instance, nodes: z.array(nodeRecord), kept }),
  /**
   * A stage of several nodes has been at this one for a while: what those before it delivered, for people to see. Nothing follows from it; the end of
   * the stage says all of it again. `turn` is where the node stands when its loop runs whole in one stage, `ms` how long it had been at work.
   */
  kind('stage.progressed', {
    ...step,
    turn: z.string().optional(),
    ms: z.number().optional(),
    nodes: z.array(nodeRecord),
  }),
  /** No item reached these stages: they and what follows them are skipped. */
  kind('stage.skipped', { stages: z.array(z.object(instance)) }),
  /** An attempt failed. With `retryAt` the stage goes again then; without, the run fails. */
  kind('step.failed', {
    ...step,
    attempt: z.int(),
    fault: faultRecord,
    retryAt: z.number().optional(),
    /** What the attempt had logged before it failed. */
    logs: z.array(logLine).optional(),
    /** What the nodes before it in its stage had delivered, when the run fails: for people to see. */
    before: z.array(nodeRecord).optional(),
    /** The turn in which it failed, when its loop runs whole in one stage; `path` is then where the loop stands. */
    turn: z.string().optional(),
    counts,
    kept,
  }),
  /** About to send these items of an effect node: committed before the first byte. */
  kind('step.intended', { ...step, attempt: z.int(), items: z.array(z.int()) }),
  /** One item was answered: its outputs by port, or the fault that it left by. */
  kind('step.answered', {
    ...step,
    item: z.int(),
    attempt: z.int(),
    out: z.record(z.string(), items),
    fault: faultRecord.optional(),
    digest: z.string().optional(),
    logs: z.array(logLine).optional(),
    late: z.boolean().optional(),
  }),
  /** One item failed in a way that is tried again at `retryAt`, or fails the stage when that is missing. */
  kind('item.failed', {
    ...step,
    item: z.int(),
    attempt: z.int(),
    fault: faultRecord,
    retryAt: z.number().optional(),
    logs: z.array(logLine).optional(),
  }),
  /** Sent, and whether it happened cannot be known: waits for an answer. */
  kind('step.in-doubt', {
    ...step,
    items: z.array(z.int()),
    call: z.string().optional(),
    why: z.string(),
    /** The service was asked and could not tell: only a person can. */
    checked: z.literal(true).optional(),
  }),
  kind('doubt.answered', {
    ...step,
    item: z.int().optional(),
    call: z.string().optional(),
    answer: z.enum(['sent', 'again', 'fail']),
    /** The node's first output port, where an output that was pasted in leaves. */
    port: z.string().optional(),
    output: z.unknown().optional(),
    by: z.string().optional(),
  }),
  kind('call.intended', {
    ...step,
    call: z.string(),
    op: z.string(),
    hash: z.string(),
    effect: z.enum(['pure', 'idempotent', 'effect']),
  }),
  kind('call.answered', {
    ...step,
    call: z.string(),
    op: z.string(),
    hash: z.string(),
    value: z.unknown().optional(),
    fault: faultRecord.optional(),
    late: z.boolean().optional(),
  }),
  /** A call must wait: the attempt ends, nothing is held; the answer makes the stage ready again. */
  kind('call.suspended', { ...step, call: z.string(), op: z.string(), hash: z.string(), waiting }),
  /** A timer, or the due time of a review or token, has passed: answers the call with nothing. */
  kind('timer.due', { ...step, call: z.string() }),
  /**
   * The link of a node that waits to be called was lent, before anybody could see it. `hash` is that of its token; a process with another key
   * lends another, and both hold.
   */
  kind('token.issued', { ...step, hash: z.string() }),
  /** Somebody called the link, maybe before the node began to wait: `value` is what it gives. */
  kind('token.answered', { ...step, value: z.unknown() }),
  /** A process died holding the stage. */
  kind('stage.crashed', { ...instance, epoch: z.int(), worker: z.string() }),
  /** Kept from running until a person says so: it crashed too often or, with a reason, what it works on is not there any more. */
  kind('stage.quarantined', {
    ...instance,
    crashes: z.int(),
    reason: z.literal('value-lost').optional(),
    why: z.string().optional(),
  }),
  /** Nobody has the type or version of a node, or its pinned content: the stage waits until somebody has (E17). */
  kind('stage.missing-node', {
    ...instance,
    node: z.string(),
    nodeType: z.string(),
    version: z.int(),
    content: z.string().optional(),
  }),
  /** The stage of a failing or cancelled run was let go without being carried out to its end. */
  kind('stage.stopped', instance),
  /** A loop that runs its turns in one stage reached a checkpoint: what came back so far; `keptSize` is the length of `kept` as JSON. */
  kind('loop.progressed', {
    ...step,
    turn: z.int(),
    back: z.array(items),
    counts,
    kept,
    keptSize: z.int().optional(),
  }),
  kind('run.replied', { reply }),
  kind('run.finished', { output: items, early: z.boolean().optional() }),
  kind('run.failed', { fault: faultRecord }),
  kind('run.cancelled', { reason: z.string(), by: z.string().optional() }),
]);

/** One fact of a run, in the past tense; `at` is epoch milliseconds. */
export type Fact = z.infer<typeof anyFact>;
export type FactType = Fact['type'];
export type FactOf<Type extends FactType> = Extract<Fact, { type: Type }>;

/** A fact as it is stored: the n-th of its run, from 1. */
export type StoredFact = Fact & { readonly seq: number };
