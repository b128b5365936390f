import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { runDocument } from '../../flow/contract/document.ts';
import { run as runShape, startedRun } from '../../flow/contract/run.ts';
import { portList } from '../../flow/contract/step.ts';
import type { Away } from '../../flow/facts/away.ts';
import { call } from './call.ts';
import { fetchValue } from './facts.ts';

const at = (id: string) => `/api/v1/runs/${encodeURIComponent(id)}`;

/** One run. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => call('GET', at(id), { shape: runShape, signal }),
    staleTime: Infinity,
  });

/** A list of a step, named so that it can be fetched whole. */
export interface ListName {
  readonly run: string;
  readonly step: string;
  readonly side: 'input' | 'output';
  readonly port: string;
}

/** A list that a fact left at the server. */
export const leftQuery = (run: string, { seq, at: place }: Away) =>
  queryOptions({
    queryKey: ['run', run, 'value', seq, place],
    queryFn: async ({ signal }) => z.array(z.unknown()).parse(await fetchValue(run, { seq, at: place }, signal)),
    staleTime: Infinity,
    structuralSharing: false,
    gcTime: 30_000,
  });

/** A list whole, of a step whose items came one by one. `version` changes when the list does. */
export const listQuery = ({ run, step, side, port }: ListName, version: string) =>
  queryOptions({
    queryKey: ['run', run, 'items', step, side, port, version],
    queryFn: ({ signal }) =>
      call('GET', `${at(run)}/items?${new URLSearchParams({ step, side, port })}`, { shape: portList, signal }),
    staleTime: Infinity,
    structuralSharing: false,
    gcTime: 30_000,
  });

/** The document that a run carries out: its version's, or the draft as it was then. */
export const runDocumentQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id, 'document'],
    queryFn: async ({ signal }) => (await call('GET', `${at(id)}/document`, { shape: runDocument, signal })).document,
    staleTime: Infinity,
    structuralSharing: false,
  });

/** Runs it again as a new run: from a node on or whole, on its own version or another. */
export const retry = (id: string, wish: { from?: string; version?: number }) =>
  call('POST', `${at(id)}/retry`, { body: wish, shape: startedRun });

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
