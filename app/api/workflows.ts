import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import type { Workflow } from '../../flow/document/workflow.ts';
import { call } from './call.ts';
import { runStatuses } from './runs.ts';
import type { Run } from './runs.ts';

const trigger = z.object({
  key: z.string(),
  type: z.string(),
  url: z.string().optional(),
  nextFire: z.string().nullish(),
});

/** A workflow as the list shows it. What the server does not say yet may be missing. */
const listed = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.number(),
  /** The version that is live; null for a draft. */
  published: z.number().nullish(),
  /** The highest version that was ever live; with none live now, the workflow was turned off. */
  latest: z.number().nullish(),
  /** Whether the draft differs from what is live. */
  changed: z.boolean().optional(),
  updatedAt: z.string().optional(),
  triggers: z.array(trigger).optional(),
  nextFire: z.string().nullish(),
  lastRuns: z
    .array(
      z.object({
        id: z.string(),
        status: z.enum(runStatuses),
        trigger: z.string().default(''),
        version: z.number().nullish(),
        startedAt: z.string(),
        durationMs: z.number().nullable(),
      }),
    )
    .optional(),
});
export type Listed = z.output<typeof listed>;

/** A run as the list of workflows tells of it. */
export type RunBrief = Pick<Run, 'id' | 'status' | 'startedAt' | 'durationMs'> &
  Partial<Pick<Run, 'needs' | 'trigger' | 'version'>>;

/** All workflows of the workspace. */
export const workflowsQuery = queryOptions({
  queryKey: ['workflows'],
  queryFn: async ({ signal }) =>
    (await call('GET', '/api/v1/workflows', { shape: z.object({ items: z.array(listed) }), signal })).items,
});

const made = z.object({ id: z.string(), revision: z.number() });

/** Makes a workflow of a document. */
export const createWorkflow = (document: unknown) =>
  call('POST', '/api/v1/workflows', { body: { document }, shape: made });

/** A whole document; parsed by whoever works on it. */
export const readWorkflow = (id: string) =>
  call('GET', `/api/v1/workflows/${encodeURIComponent(id)}`, { shape: z.object({ document: z.unknown() }) });

export const deleteWorkflow = (id: string) =>
  call('DELETE', `/api/v1/workflows/${encodeURIComponent(id)}`, { shape: z.unknown(), outlives: true });

/** Takes the live version off line. */
export const unpublishWorkflow = (id: string) =>
  call('POST', `/api/v1/workflows/${encodeURIComponent(id)}/unpublish`, { shape: z.unknown() });

/** Puts an earlier version live again, as it was. */
export const publishVersion = (id: string, version: number) =>
  call('POST', `/api/v1/workflows/${encodeURIComponent(id)}/publish`, { body: { version }, shape: z.unknown() });

/** An empty document. */
export const blank = (name: string): Workflow => ({ heddle: 1, name, nodes: [], edges: [] });
