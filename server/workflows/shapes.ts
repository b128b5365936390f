import * as z from 'zod';
import { issue } from '../../flow/document/workflow.ts';
import { RunStatus } from '../runs/shapes.ts';

// What the room's routes give, for the OpenAPI document and the client.

const At = z.string().describe('ISO 8601');
export const Document = z.looseObject({ heddle: z.number(), name: z.string() });
export const SavedShape = z.object({ id: z.string(), revision: z.number(), issues: z.array(issue) });
const TriggerShape = z.object({
  key: z.string(),
  type: z.string(),
  url: z.string().optional(),
  nextFire: At.optional(),
});
export const WorkflowShape = SavedShape.extend({
  name: z.string(),
  document: Document,
  published: z.number().nullable(),
  latest: z
    .number()
    .nullable()
    .describe('The highest version that was published; without published, it was turned off'),
  triggers: z.array(TriggerShape).describe('Those of the published version'),
  bases: z.object({ hooks: z.string(), forms: z.string() }).describe('Where addresses of the workspace begin'),
  createdAt: At,
  updatedAt: At,
});
export const ListedShape = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.number(),
  published: z.number().nullable(),
  latest: z.number().nullable(),
  changed: z.boolean().describe('Whether publishing would change what runs; true for what was never published'),
  createdAt: At,
  updatedAt: At,
  nextFire: At.nullable(),
  triggers: z.array(TriggerShape),
  needs: z.number().describe('Runs that wait for a person'),
  lastRuns: z.array(
    z.object({
      id: z.string(),
      status: RunStatus,
      trigger: z.string(),
      version: z.number().nullable(),
      startedAt: At,
      durationMs: z.number().nullable(),
    }),
  ),
});
export const PublishedShape = z.object({
  version: z.number(),
  triggers: z.array(TriggerShape),
});
export const VersionShape = z.object({
  version: z.number(),
  fingerprint: z.string(),
  isPublished: z.boolean(),
  at: At,
  by: z.string().nullable(),
  note: z.string().nullable(),
});
export const VersionWhole = VersionShape.omit({ isPublished: true }).extend({
  document: Document,
  manifest: z.unknown(),
});
