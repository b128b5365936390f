import * as z from 'zod';
import { nodeCard } from '../../flow/document/card.ts';
import { issue, workflow } from '../../flow/document/workflow.ts';

/** What the server says, read once where it comes in. Shapes are those of CONTRACT.md; fields that are new to us are passed over. */
export const problem = z.object({
  code: z.string(),
  message: z.string(),
  node: z.string().optional(),
  mend: z.string().optional(),
  details: z.unknown().optional(),
});
export type Problem = z.infer<typeof problem>;

export const refusalBody = z.object({ error: problem });

export const cardsBody = z.union([
  z.array(nodeCard),
  z.object({ items: z.array(nodeCard) }).transform((body) => body.items),
]);

export const workflowBody = z.object({
  id: z.string(),
  revision: z.int(),
  document: workflow,
  issues: z.array(issue).optional(),
  /** The version that is live, by its number; null for a draft. */
  published: z.int().nullish(),
  latest: z.int().nullish(),
  triggers: z
    .array(z.object({ key: z.string(), type: z.string(), url: z.string().optional(), nextFire: z.string().nullish() }))
    .optional(),
  /** Where addresses of webhooks and forms of the workspace begin. */
  bases: z.object({ hooks: z.string(), forms: z.string() }).optional(),
});

/** A workflow as the editor opens it: the draft, and what is live with its document where that could be read. */
export interface OpenedWorkflow extends Omit<z.infer<typeof workflowBody>, 'published'> {
  readonly published?:
    { readonly version: number; readonly document?: z.infer<typeof workflow> | undefined } | undefined;
}
export const versionBody = z.object({ document: workflow });

export const savedBody = z.object({ revision: z.int() });
export const staleDetails = z.object({ revision: z.int(), document: workflow });
export const issuesDetails = z.object({ issues: z.array(issue) });

export const publishedBody = z.object({
  version: z.int(),
  triggers: z
    .array(z.object({ key: z.string(), type: z.string(), url: z.string().optional(), nextFire: z.string().nullish() }))
    .default([]),
});
export type Published = z.infer<typeof publishedBody>;

export const listeningBody = z.object({
  id: z.string(),
  url: z.string(),
  methods: z.array(z.string()),
  until: z.string(),
});
export const heardBody = z.object({ state: z.enum(['listening', 'called', 'over']), call: z.unknown().optional() });
export type Heard = z.infer<typeof heardBody>;

export const startedBody = z.object({ runId: z.string(), status: z.string().optional() });

export const runStatus = z.enum(['queued', 'running', 'waiting', 'finished', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof runStatus>;

/** Something that only a person can end: a question of a review, or a step that may have happened. */
export const need = z.looseObject({
  kind: z.string(),
  node: z.string().optional(),
  step: z.string().optional(),
  path: z.string().optional(),
});
export type Need = z.infer<typeof need>;

export const runBody = z.object({
  id: z.string(),
  workflow: z.string(),
  version: z.int().nullish(),
  status: runStatus,
  trigger: z.string().optional(),
  start: z.string().optional(),
  startedAt: z.string(),
  finishedAt: z.string().nullish(),
  durationMs: z.number().nullish(),
  // A list, or its name and size when it is large: whoever needs it asks for it.
  output: z.unknown().optional(),
  error: problem.optional(),
  needs: z.array(need).default([]),
  retryOf: z.string().nullish(),
});
export type Run = z.infer<typeof runBody>;

export const stepStatus = z.enum([...runStatus.options, 'skipped', 'in-doubt']);
export type StepStatus = z.infer<typeof stepStatus>;

export const runListBody = z.object({ items: z.array(runBody), next: z.string().nullish() });
