import * as z from 'zod';
import { issue } from '../document/workflow.ts';
import { workflowCall } from '../document/workflow-call.ts';
import { runStatus } from './run.ts';
import { time } from './time.ts';

/** Where a published workflow is called, or when it begins by itself. */
export const liveTrigger = z.object({
  key: z.string(),
  type: z.string(),
  url: z.string().optional(),
  nextFire: time.optional(),
});
export type LiveTrigger = z.infer<typeof liveTrigger>;

/** A trigger of what is published: of a webhook or a form also what it listens on, so that others can keep off it. */
export const listedTrigger = liveTrigger.extend({
  path: z.string().optional(),
  methods: z.array(z.string()).optional(),
});

/** The number of a version; null for none. */
export const versionNumber = z.number().nullable();

/** A workflow as the list shows it. */
export const listedWorkflow = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.number(),
  published: versionNumber,
  latest: versionNumber,
  changed: z
    .boolean()
    .describe(
      'Whether publishing would change what runs, or the titles and notes of nodes; true for what was never published',
    ),
  createdAt: time,
  updatedAt: time,
  nextFire: time.nullable(),
  triggers: z.array(listedTrigger),
  calls: z.array(workflowCall).optional().describe('What the version that is live calls, if anything'),
  needs: z.number().describe('Runs that wait for a person'),
  lastRuns: z.array(
    z.object({
      id: z.string(),
      status: runStatus,
      trigger: z.string(),
      version: versionNumber,
      startedAt: time,
      durationMs: z.number().nullable(),
      retryOf: z.string().optional(),
    }),
  ),
});
export type ListedWorkflow = z.infer<typeof listedWorkflow>;

/** What came of publishing. */
export const publishedWorkflow = z.object({
  version: z.number(),
  triggers: z.array(liveTrigger),
  warnings: z.array(issue).optional().describe('Issues of level warning, if there are any'),
});
export type PublishedWorkflow = z.infer<typeof publishedWorkflow>;

/** A version that was published. */
export const version = z.object({
  version: z.number(),
  fingerprint: z.string(),
  isPublished: z.boolean(),
  at: time,
  by: z.string().nullable(),
  note: z.string().nullable(),
});

/** An address that takes one test call until then. */
export const listening = z.object({ id: z.string(), url: z.string(), methods: z.array(z.string()), until: time });
export type Listening = z.infer<typeof listening>;

/** Whether the test call has come, and what it brought. */
export const heardCall = z.object({
  state: z.enum(['listening', 'called', 'over']),
  call: z.unknown().optional().describe('The item that the start would deliver'),
});
export type HeardCall = z.infer<typeof heardCall>;
