import * as z from 'zod';
import { logLine, need, problem, runStatus, stepStatus } from './remote-shapes.ts';

/** Items that are not sent unasked, by name and size. */
const large = z.object({ $blob: z.string(), size: z.number(), count: z.number().optional() });
export type Large = z.output<typeof large>;

/** What went through a port: its items, or how many there are. */
export type PortItems = readonly unknown[] | Large;
/** Of each item the index of its parent, or the indexes of its parents. */
export const lineage = z.array(z.union([z.number(), z.array(z.number())]));
const ports = z.record(z.string(), z.union([z.array(z.unknown()), large])).default({});

/** A run, as it is read. */
export const runShape = z.object({
  id: z.string(),
  workflow: z.string(),
  workflowName: z.string().optional(),
  version: z.int().nullish(),
  status: runStatus,
  trigger: z.string().default(''),
  startedAt: z.string(),
  finishedAt: z.string().nullish(),
  durationMs: z.number().nullish(),
  error: problem.optional(),
  needs: z.array(need).default([]),
  retryOf: z.string().nullish(),
  parent: z.object({ run: z.string(), node: z.string(), path: z.string() }).nullish(),
});
/** A run as its own screen knows it. */
export type WholeRun = z.output<typeof runShape>;

/** A step, as it is read. */
export const stepShape = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  path: z.string().default(''),
  attempt: z.int().default(1),
  /** The most attempts that one of its items took. */
  tries: z.int().optional(),
  status: stepStatus,
  startedAt: z.string().nullish(),
  finishedAt: z.string().nullish(),
  input: ports,
  output: ports,
  error: problem.optional(),
  logs: z.array(logLine).default([]),
  /** Of each item of an output the index of its parent in the first input, or the indexes; absent when one to one. */
  from: z.record(z.string(), z.union([lineage, large])).optional(),
  /** Of a loop that ran whole in one stage, and of the nodes inside it: what went in and out in each turn, by the turn's path. */
  turns: z
    .array(
      z.object({
        in: z.number(),
        out: z.record(z.string(), z.number()),
        at: z.string().optional(),
        skipped: z.boolean().optional(),
      }),
    )
    .optional(),
});
/** One attempt of one node, its larger lists by name and size. */
export type RunStep = z.output<typeof stepShape>;
