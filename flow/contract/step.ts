import * as z from 'zod';
import { logLine, turnCount } from '../facts/step-parts.ts';
import { runError, runStatus } from './run.ts';
import { time } from './time.ts';

/** How a step stands. */
export const stepStatus = z.enum([...runStatus.options, 'skipped', 'in-doubt']);
export type StepStatus = z.infer<typeof stepStatus>;

/** Items that are not sent unasked, by name and size. */
export const large = z.object({ $blob: z.string(), size: z.number(), count: z.number().optional() });
export type Large = z.infer<typeof large>;

// Said as read-only: what comes in is not frozen, which costs with large lists, but nobody changes it.
const list: z.ZodType<readonly unknown[]> = z.array(z.unknown());

/** Of each item the index of its parent, or the indexes of its parents. */
type Lineage = readonly (number | readonly number[])[];
export const lineage: z.ZodType<Lineage> = z.array(z.union([z.number(), z.array(z.number())]));

const ports = z.record(z.string(), z.union([list, large]));

/** One attempt of one node, its larger lists by name and size. */
export const runStep = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  path: z.string(),
  attempt: z.number(),
  status: stepStatus,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  input: ports,
  output: ports,
  error: runError.optional(),
  logs: z.array(logLine),
  usage: z.unknown().optional(),
  tries: z
    .number()
    .optional()
    .describe('The most attempts that one of its items took; absent when none was tried again'),
  failed: z
    .number()
    .optional()
    .describe('How many of its items failed and went on, by the error output or unchanged; absent when none did'),
  turns: z
    .array(turnCount)
    .optional()
    .describe('Of a loop that ran whole in one stage, and of the nodes inside it: what went in and out in each turn'),
  from: z
    .record(z.string(), z.union([lineage, large]))
    .optional()
    .describe('By output port: of each item the index of its parent in the first input; absent when one to one'),
});
export type RunStep = z.infer<typeof runStep>;

/** The items of one port of a step, whole. */
export const portList = z.object({
  items: list,
  from: lineage
    .optional()
    .describe('Of each item the index of its parent in the first input, or the indexes; absent when one to one'),
});
