import * as z from 'zod';
import { time } from './time.ts';

/** How a run stands. */
export const runStatus = z.enum(['queued', 'running', 'waiting', 'finished', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof runStatus>;

/** What went wrong in a run or a step. */
export const runError = z.object({
  code: z.string(),
  message: z.string(),
  node: z.string().optional(),
  mend: z.string().optional(),
});
export type RunError = z.infer<typeof runError>;

/** Something that only a person can end: a question of a review, or a step that may have happened. */
export const need = z.looseObject({
  kind: z.string(),
  node: z.string().optional(),
  step: z.string().optional(),
  path: z.string().optional(),
});
export type Need = z.infer<typeof need>;

/** A run that retries another. */
export const retriedAs = z.object({ id: z.string(), status: runStatus });
export type RetriedAs = z.infer<typeof retriedAs>;

/** A run. */
export const run = z.object({
  id: z.string(),
  workflow: z.string(),
  workflowName: z.string().optional(),
  version: z.number().nullable(),
  status: runStatus,
  trigger: z.string(),
  start: z.string(),
  startedAt: time,
  finishedAt: time.nullable(),
  durationMs: z.number().nullable(),
  output: z.unknown().optional(),
  error: runError.optional(),
  needs: z.array(need),
  retryOf: z.string().optional(),
  retriedAs: retriedAs.optional().describe('What did the same work since: the retry that finished, or the latest'),
  parent: z.object({ run: z.string(), node: z.string(), path: z.string() }).optional(),
});
export type Run = z.infer<typeof run>;

/** Whether a retry did the work of a run, or may still do it: one more would do it twice. */
export const hasGoodRetry = ({ retriedAs: retry }: Pick<Run, 'retriedAs'>): boolean =>
  retry !== undefined && retry.status !== 'failed' && retry.status !== 'cancelled';

/** A stretch of the list of runs; `next` leads to the runs before it. */
export const runPage = z.object({ items: z.array(run), next: z.string().nullable() });
export type RunPage = z.infer<typeof runPage>;

/** What is told of runs that moved: as they are now, or that the list had better be read again. */
export const runNews = z.union([z.object({ runs: z.array(run) }), z.object({ again: z.literal(true) })]);
export type RunNews = z.infer<typeof runNews>;

const counts = z.record(z.string(), z.number());

/** How many runs pass the filters. */
export const runCounts = z.object({
  total: z.number(),
  isMore: z.boolean().describe('There are more than were counted'),
  statuses: counts,
  triggers: counts,
});
export type RunCounts = z.infer<typeof runCounts>;

/** A run that was begun. */
export const startedRun = z.object({ runId: z.string(), status: runStatus });

/** A fact of a run, as `/events` and `/live` tell it; `seq` counts from 1. */
export const runFact = z.object({ seq: z.number(), at: time, type: z.string(), data: z.unknown() });
