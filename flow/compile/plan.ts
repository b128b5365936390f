import * as z from 'zod';
import { effectClass, role } from '../document/card.ts';
import { power } from '../document/powers.ts';
import { lane } from '../document/workflow.ts';

/** An input port of a planned node: the edges into it, in the author's order. */
export const planInput = z.object({
  port: z.string(),
  take: z.enum(['all', 'first']),
  /** True for `next` of a loop: fed by back edges, not counted by joins. */
  back: z.boolean(),
  from: z.array(z.object({ node: z.string(), port: z.string() })),
});
export type PlanInput = z.infer<typeof planInput>;

/** Retry as the engine reads it: further attempts, milliseconds, which faults. */
export const planRetry = z.object({
  times: z.int(),
  waitMs: z.number(),
  backoff: z.enum(['fixed', 'exponential']),
  on: z.array(z.string()).optional(),
});
export type PlanRetry = z.infer<typeof planRetry>;

export const planNode = z.object({
  key: z.string(),
  type: z.string(),
  version: z.int(),
  /** The content hash of its definition (E17), where that may change under one version; nodes of a build lack it. */
  content: z.string().optional(),
  params: z.record(z.string(), z.unknown()),
  mode: z.enum(['each', 'all', 'turn']),
  role: role.optional(),
  effect: effectClass,
  needs: z.array(power),
  inputs: z.array(planInput),
  outputs: z.array(z.string()),
  /** Nodes wired into part ports: resolved when this node runs, never fired. */
  parts: z.record(z.string(), z.array(z.string())),
  disabled: z.boolean(),
  onError: z.enum(['stop', 'port', 'ignore']),
  retry: planRetry.optional(),
  timeoutMs: z.number().optional(),
  runOnEmpty: z.boolean(),
  inDoubt: z.enum(['ask', 'verify', 'retry', 'assume-done', 'fail']),
  /** In doubt, it asks the service itself whether it was done. Older plans, which never asked, lack it. */
  verifies: z.literal(true).optional(),
  concurrency: z.int(),
  /** Keys of the loops around this node, outermost first; a loop node is not in its own list. */
  loops: z.array(z.string()),
  stage: z.string(),
  /** The node whose link its expressions mean by `$step.resumeUrl`; a node that waits to be called names itself (E13). */
  link: z.string().optional(),
});
export type PlanNode = z.infer<typeof planNode>;

/**
 * Nodes carried out between two checkpoints, in order. `nodes`: a chain; `loop`: a loop node alone, one claim a turn;
 * `turns`: a loop node with its whole body of pure nodes, all its turns in one claim (E7).
 */
export const stage = z.object({
  id: z.string(),
  kind: z.enum(['nodes', 'loop', 'turns']),
  nodes: z.array(z.string()),
  effect: effectClass,
  loops: z.array(z.string()),
  lane: lane.optional(),
});
export type Stage = z.infer<typeof stage>;

/** What a graph compiles to: stages in topological order; plain data, pinned by each run through its fingerprint. */
export const plan = z.object({
  heddle: z.literal(1),
  /** The behaviour number of fold, decide and compile (E17). */
  engine: z.int(),
  fingerprint: z.string(),
  nodes: z.record(z.string(), planNode),
  stages: z.array(stage),
  starts: z.array(z.string()),
  settings: z.object({
    timezone: z.string(),
    lane: lane.optional(),
    replyWithinMs: z.number(),
    timeoutMs: z.number().optional(),
    /** Whether runs that nobody started by hand keep the data of each turn of a loop too (E7). */
    iterations: z.literal('data').optional(),
  }),
});
export type Plan = z.infer<typeof plan>;

/**
 * The behaviour number that new plans get. Of 1 or 2, 2 reads values by new rules: one reader of dates, strict comparison as a fault,
 * white space around an expression, names before paths, JSON written as text, misspelt methods. Published plans keep their number.
 */
export const currentEngine = 2;
