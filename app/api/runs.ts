import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { runCounts, runPage } from '../../flow/contract/run.ts';
import { call } from './call.ts';

/** What narrows the list of runs; it stands in the address of the page. */
export interface RunFilters {
  readonly workflow?: string | undefined;
  readonly status?: string | undefined;
  readonly since?: string | undefined;
  readonly q?: string | undefined;
  /** Runs that this run called; without it, runs that no other called. */
  readonly parent?: string | undefined;
  /** How many a page has; 200 at most. */
  readonly limit?: number | undefined;
}

/** How a list of runs is kept true: it is told of changes, it is read again and again, or it stays as it is. */
export type Kept = 'told' | 'asked' | 'still';

/** How often a list of runs that may still change is read again while nobody tells of changes. */
const liveMs = 2_000;

/** The runs that pass the filters, the newest first, a page after the other. Runs that others called are never told of. */
export const runsQuery = (filters: RunFilters, kept: Kept) =>
  infiniteQueryOptions({
    queryKey: ['runs', filters],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call('GET', `/api/v1/runs?${search({ ...filters, cursor: pageParam })}`, { shape: runPage, signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
    // Every page is read again: what is far back is so less often.
    refetchInterval: ({ state }) => kept === 'asked' && ((state.data?.pages.length ?? 0) > 3 ? 5 * liveMs : liveMs),
    placeholderData: keepPreviousData,
    meta: { filters: kept === 'still' || filters.parent !== undefined ? undefined : filters },
  });

/** What a list of runs that follows the news is narrowed by. */
export const filtersOf = (query: { readonly meta: Readonly<Record<string, unknown>> | undefined }) =>
  followed.safeParse(query.meta).data?.filters;
const optional = z.string().optional();
const followed = z.object({
  filters: z.object({
    workflow: optional,
    status: optional,
    since: optional,
    q: optional,
    limit: z.number().optional(),
  }),
});

/** How many runs pass the filters, and how they stand whatever status was asked for. */
export const countsQuery = (filters: Omit<RunFilters, 'limit'>, kept: Kept) =>
  queryOptions({
    queryKey: ['runs', 'count', filters],
    queryFn: ({ signal }) => call('GET', `/api/v1/runs/count?${search(filters)}`, { shape: runCounts, signal }),
    refetchInterval: kept === 'asked' && liveMs,
    placeholderData: keepPreviousData,
    meta: { isStill: kept === 'still' },
  });

/** Runs that wait, the longest-waiting last; those that wait for a person have needs. */
export const waitingQuery = (kept: Kept) =>
  queryOptions({
    queryKey: ['waiting'],
    queryFn: async ({ signal }) =>
      (await call('GET', '/api/v1/runs?status=waiting&limit=200', { shape: runPage, signal })).items,
    refetchInterval: kept === 'asked' && 5_000,
  });

function search(wanted: RunFilters & { cursor?: string }): string {
  const { since, ...rest } = wanted;
  const entries = Object.entries({ ...rest, since: sinceOf(since) }).filter(([, value]) => value);
  return new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
}

/** When a stretch of time begins: `24h`, `7d` count back from now; anything else is a time already. */
export function sinceOf(since: string | undefined): string | undefined {
  const [, count, unit] = /^(\d+)([hd])$/.exec(since ?? '') ?? [];
  if (!count) return since;
  return new Date(Date.now() - Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000)).toISOString();
}

/** Retries one of many: refused for a run that a retry did already. */
export const retryOneOfMany = (id: string, from: string | undefined) =>
  call('POST', `/api/v1/runs/${encodeURIComponent(id)}/retry`, {
    body: { unlessRetried: true, ...(from === undefined ? {} : { from }) },
    shape: z.unknown(),
  });
export const cancelRun = (id: string) =>
  call('POST', `/api/v1/runs/${encodeURIComponent(id)}/cancel`, { shape: z.unknown() });
