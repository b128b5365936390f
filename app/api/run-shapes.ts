import * as z from 'zod';
import type { ShownStep } from '../../flow/facts/views.ts';
import { need, problem, runStatus } from './remote-shapes.ts';

/** What went through a port; items that were left at the server stand in it as `AwayItem`s. */
export type PortItems = readonly unknown[];

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

/** One attempt of one node, folded from the facts. Times in epoch milliseconds. */
export type RunStep = ShownStep;
