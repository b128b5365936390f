import * as z from 'zod';

// What the room's routes give, for the OpenAPI document and the client.

const At = z.string().describe('ISO 8601');
export const RunStatus = z.enum(['queued', 'running', 'waiting', 'finished', 'failed', 'cancelled']);
const ErrorShape = z.object({
  code: z.string(),
  message: z.string(),
  node: z.string().optional(),
  mend: z.string().optional(),
});
const Need = z.looseObject({ kind: z.string(), step: z.string().optional() });

export const RunShape = z.object({
  id: z.string(),
  workflow: z.string(),
  workflowName: z.string().optional(),
  version: z.number().nullable(),
  status: RunStatus,
  trigger: z.string(),
  start: z.string(),
  startedAt: At,
  finishedAt: At.nullable(),
  durationMs: z.number().nullable(),
  output: z.unknown().optional(),
  error: ErrorShape.optional(),
  needs: z.array(Need),
  retryOf: z.string().optional(),
  parent: z.object({ run: z.string(), node: z.string(), path: z.string() }).optional(),
});
export type RunShape = z.infer<typeof RunShape>;

export const StepShape = z.looseObject({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  path: z.string(),
  attempt: z.number(),
  status: z.string(),
  startedAt: At.nullable(),
  finishedAt: At.nullable(),
  input: z.record(z.string(), z.unknown()),
  output: z.record(z.string(), z.unknown()),
  error: ErrorShape.optional(),
  logs: z.array(z.unknown()),
  usage: z.unknown().optional(),
  tries: z
    .number()
    .optional()
    .describe('The most attempts that one of its items took; absent when none was tried again'),
  from: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('By output port: of each item the index of its parent in the first input; absent when one to one'),
});

export const PortItems = z.object({
  items: z.array(z.unknown()),
  from: z
    .array(z.union([z.number(), z.array(z.number()).readonly()]))
    .optional()
    .describe('Of each item the index of its parent in the first input, or the indexes; absent when one to one'),
});

export const EventShape = z.object({ seq: z.number(), at: At, type: z.string(), data: z.unknown() });

export const Started = z.object({ runId: z.string(), status: RunStatus });

const Counts = z.record(z.string(), z.number());
export const CountShape = z.object({
  total: z.number(),
  isMore: z.boolean().describe('There are more than were counted'),
  statuses: Counts,
  triggers: Counts,
});

export const DocumentShape = z.object({
  version: z.number().nullable().describe('null: a draft, as it was when the run began'),
  document: z.looseObject({ heddle: z.number(), name: z.string() }),
});
