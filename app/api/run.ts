import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { nodeCard } from '../../flow/document/card.ts';
import { workflow } from '../../flow/document/workflow.ts';
import { logLine, need, problem, runStatus, stepStatus } from '../canvas/remote-shapes.ts';
import { call } from './call.ts';

/** Items that are not sent unasked, by name and size. */
const large = z.object({ $blob: z.string(), size: z.number(), count: z.number().optional() });
export type Large = z.output<typeof large>;

/** What went through a port: its items, or how many there are. */
export type PortItems = readonly unknown[] | Large;
const lineage = z.array(z.union([z.number(), z.array(z.number())]));
const ports = z.record(z.string(), z.union([z.array(z.unknown()), large])).default({});

const runShape = z.object({
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

const stepShape = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  path: z.string().default(''),
  attempt: z.int().default(1),
  status: stepStatus,
  startedAt: z.string().nullish(),
  finishedAt: z.string().nullish(),
  input: ports,
  output: ports,
  error: problem.optional(),
  logs: z.array(logLine).default([]),
  /** Of each item of an output the index of its parent in the first input, or the indexes; left out when one to one. */
  from: z.record(z.string(), z.union([lineage, large])).optional(),
  turns: z.array(z.object({ in: z.number(), out: z.record(z.string(), z.number()) })).optional(),
});
/** One attempt of one node, its larger lists by name and size. */
export type RunStep = z.output<typeof stepShape>;

const at = (id: string) => `/api/v1/runs/${encodeURIComponent(id)}`;
/** Lists over so many bytes are fetched when somebody opens them. */
const inlineBytes = 4_096;

/** One run. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => call('GET', at(id), { shape: runShape, signal }),
    staleTime: Infinity,
  });

/** Its steps, without large lists. */
export const stepsQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id, 'steps'],
    queryFn: async ({ signal }) =>
      (
        await call('GET', `${at(id)}/steps?inline=${inlineBytes}`, {
          shape: z.object({ items: z.array(stepShape) }),
          signal,
        })
      ).items,
    staleTime: Infinity,
  });

/** A list of a step, named so that it can be fetched whole. */
export interface ListName {
  readonly run: string;
  readonly step: string;
  readonly side: 'input' | 'output';
  readonly port: string;
}

const listShape = z.object({
  items: z.array(z.unknown()),
  from: lineage.optional(),
});

/** A list whole, with where its items came from. `version` changes when the list does. */
export const listQuery = ({ run, step, side, port }: ListName, version: string) =>
  queryOptions({
    queryKey: ['run', run, 'items', step, side, port, version],
    queryFn: ({ signal }) =>
      call('GET', `${at(run)}/items?${new URLSearchParams({ step, side, port })}`, { shape: listShape, signal }),
    staleTime: Infinity,
    structuralSharing: false,
    gcTime: 30_000,
  });

const documentShape = z.object({ document: workflow });

/** The document that a run carries out: its version's, or the draft as it was then. */
export const runDocumentQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id, 'document'],
    queryFn: async ({ signal }) => (await call('GET', `${at(id)}/document`, { shape: documentShape, signal })).document,
    staleTime: Infinity,
    structuralSharing: false,
  });

const cardsShape = z.union([z.array(nodeCard), z.object({ items: z.array(nodeCard) }).transform(({ items }) => items)]);

/** The cards of all nodes, whole. */
export const wholeCardsQuery = queryOptions({
  queryKey: ['cards', 'whole'],
  queryFn: ({ signal }) => call('GET', '/api/v1/nodes', { shape: cardsShape, signal }),
  staleTime: Infinity,
  structuralSharing: false,
});

const started = z.object({ runId: z.string() });

/** Runs it again as a new run: from a node on or whole, on its own version or another. */
export const retry = (id: string, wish: { from?: string; version?: number }) =>
  call('POST', `${at(id)}/retry`, { body: wish, shape: started });

/** What a person says to a run that waits for one. */
export interface Answer {
  readonly step: string;
  readonly item?: number;
  readonly call?: string;
  readonly answer: string;
  readonly output?: unknown;
}

export const answer = (id: string, given: Answer) =>
  call('POST', `${at(id)}/answer`, { body: given, shape: z.unknown() });
