import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import type { Workflow } from '../../flow/document/workflow.ts';
import { call } from './call.ts';
import { listedWorkflow } from '../../flow/contract/workflow.ts';
import type { Run } from '../../flow/contract/run.ts';

/** A run as the list of workflows tells of it. */
export type RunBrief = Pick<Run, 'id' | 'status' | 'startedAt' | 'durationMs'> &
  Partial<Pick<Run, 'needs' | 'trigger' | 'version' | 'retryOf'>>;

/** All workflows of the workspace. */
export const workflowsQuery = queryOptions({
  queryKey: ['workflows'],
  // Whoever comes back from an editor has just changed one.
  staleTime: 0,
  queryFn: async ({ signal }) =>
    (await call('GET', '/api/v1/workflows', { shape: z.object({ items: z.array(listedWorkflow) }), signal })).items,
});

// What is wrong with it is for who edits it.
const made = z.object({ id: z.string(), revision: z.number() });

/** Makes a workflow of a document. */
export const createWorkflow = (document: unknown) =>
  call('POST', '/api/v1/workflows', { body: { document }, shape: made });

/** A whole document; parsed by whoever works on it. */
export const readWorkflow = (id: string) =>
  call('GET', `/api/v1/workflows/${encodeURIComponent(id)}`, {
    shape: z.object({ revision: z.number(), document: z.unknown() }),
  });

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
