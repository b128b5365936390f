import * as z from 'zod';
import { duration } from './duration.ts';

/** So many characters a node's name may have. */
export const longestKey = 80;

/** A node's stable name: unique in its graph, used by expressions and edges. */
export const nodeKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'A key is lower-case letters, digits and _, and begins with a letter.')
  .max(longestKey)
  // The one name with that form that every object answers to: records by key stay safe without it.
  .refine((key) => key !== 'constructor', { error: 'The key constructor is taken by the language; choose another.' });

/** One end of an edge: `key` or `key.port`; without a port it is the node's first. */
export const edgeEnd = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)?$/, 'Write an end as key or key.port.')
  .max(200);

export const lane = z.enum(['realtime', 'interactive', 'background']);
export type Lane = z.infer<typeof lane>;

export const retry = z.strictObject({
  times: z.int().min(0).max(1000),
  wait: duration.optional(),
  backoff: z.enum(['fixed', 'exponential']).optional(),
  on: z.array(z.string()).optional(),
});
export type Retry = z.infer<typeof retry>;

export const nodeSettings = z.strictObject({
  disabled: z.boolean().optional(),
  onError: z.enum(['stop', 'port', 'ignore']).optional(),
  retry: retry.optional(),
  timeout: duration.optional(),
  runOnEmpty: z.boolean().optional(),
  lane: lane.optional(),
  inDoubt: z.enum(['ask', 'verify', 'retry', 'assume-done', 'fail']).optional(),
  concurrency: z.int().min(1).max(50).optional(),
});
export type NodeSettings = z.infer<typeof nodeSettings>;

export const point = z.tuple([z.number(), z.number()]);

export const node = z.strictObject({
  key: nodeKey,
  type: z.string().min(1).max(200),
  version: z.int().positive().optional(),
  title: z.string().max(200).optional(),
  at: point.optional(),
  note: z.string().max(10_000).optional(),
  /** Whatever the node's own schema says; what does not fit is an Issue and never stops a save. */
  params: z.record(z.string(), z.unknown()).optional(),
  settings: nodeSettings.optional(),
});
export type Node = z.infer<typeof node>;

export const edge = z.strictObject({ from: edgeEnd, to: edgeEnd });
export type Edge = z.infer<typeof edge>;

export const note = z.strictObject({
  id: z.string(),
  text: z.string().max(20_000),
  at: point.optional(),
  size: point.optional(),
  color: z.string().max(40).optional(),
});
export type Note = z.infer<typeof note>;

export const group = z.strictObject({
  id: z.string(),
  title: z.string().max(200),
  nodes: z.array(nodeKey),
  collapsed: z.boolean().optional(),
  color: z.string().max(40).optional(),
});

/** Characters of a key: it says in a few words what belongs together, and is worked out for each call. */
export const longestKeyTemplate = 2_000;

/** At most `max` runs at once; over it the newest waits its turn, is skipped, or replaces the oldest; `key` is a template over the event. */
export const concurrency = z.strictObject({
  max: z.int().positive(),
  key: z.string().optional(),
  over: z.enum(['queue', 'skip', 'replace']).optional(),
});
export const throttle = z.strictObject({ limit: z.int().positive(), per: duration, key: z.string().optional() });
export const debounce = z.strictObject({ wait: duration, key: z.string().optional(), atMost: duration.optional() });
/** So many items one run gathers at most, whatever a batch says: each that comes is put to what is gathered. */
export const batchMost = 1_000;
export const batch = z.strictObject({ size: z.int().positive(), within: duration, key: z.string().optional() });

/** The time zone of a workflow that names none, wherever it is run or shown. */
export const defaultZone = 'UTC';

export const workflowSettings = z.strictObject({
  /** `defaultZone` where it is left out. */
  timezone: z.string().optional(),
  lane: lane.optional(),
  concurrency: z.union([z.int().positive(), concurrency]).optional(),
  throttle: throttle.optional(),
  debounce: debounce.optional(),
  batch: batch.optional(),
  replyWithin: duration.optional(),
  timeout: duration.optional(),
  errorWorkflow: z.string().optional(),
  /** What a published run keeps of single iterations of loops: how many items, or the data too. A run by hand keeps the data. */
  iterations: z.enum(['counts', 'data']).optional(),
});
export type WorkflowSettings = z.infer<typeof workflowSettings>;

export const about = z.strictObject({
  title: z.string().optional(),
  summary: z.string().optional(),
  category: z.string().optional(),
  tags: z.array(z.string()).optional(),
  needs: z.array(z.string()).optional(),
});

/** Outputs that stand in for a node's own: a list (its first port) or lists by port. */
export const pinned = z.union([z.array(z.unknown()), z.record(z.string(), z.array(z.unknown()))]);
export type Pinned = z.infer<typeof pinned>;

export const workflowTest = z.strictObject({
  name: z.string(),
  start: nodeKey.optional(),
  /** One item or a list, delivered as the start node's output. */
  input: z.unknown().optional(),
  with: z.record(z.string(), pinned).optional(),
  /** The run's expected output: a list, or one value that stands for a list of one. */
  gives: z.unknown().optional(),
});
export type WorkflowTest = z.infer<typeof workflowTest>;

/** The versioned document: a strict envelope around params that only their node understands. */
export const workflow = z.strictObject({
  heddle: z.literal(1),
  name: z.string().min(1).max(200),
  about: about.optional(),
  nodes: z.array(node).max(5_000),
  edges: z.array(edge).max(20_000),
  notes: z.array(note).optional(),
  groups: z.array(group).optional(),
  settings: workflowSettings.optional(),
  pins: z.record(z.string(), pinned).optional(),
  tests: z.array(workflowTest).optional(),
});
export type Workflow = z.infer<typeof workflow>;

/** Something wrong with a document: where, what, and what would mend it. */
export const issue = z.object({
  level: z.enum(['error', 'warning', 'hint']),
  code: z.string(),
  where: z.object({
    node: z.string().optional(),
    param: z.string().optional(),
    edge: z.int().optional(),
    /** A setting of the workflow by its place: `concurrency.key`. */
    setting: z.string().optional(),
  }),
  message: z.string(),
  mend: z.string(),
});
export type Issue = z.infer<typeof issue>;
