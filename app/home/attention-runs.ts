import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Run } from '../../flow/contract/run.ts';
import { runsQuery, waitingQuery } from '../api/runs.ts';

/** So many pages of failures are read, 200 runs each. */
const mostPages = 5;

/** The runs that may need a person, however many others ran since: those that failed in the last week, and those that wait. */
export function useAttentionRuns(kept: 'told' | 'asked'): { readonly runs: readonly Run[]; readonly isCut: boolean } {
  const failed = useInfiniteQuery(runsQuery({ status: 'failed', since: '7d', limit: 200 }, kept));
  const waiting = useQuery(waitingQuery(kept));
  const { hasNextPage, isFetching, fetchNextPage } = failed;
  const pages = failed.data?.pages ?? [];
  const isMore = hasNextPage && pages.length < mostPages;
  useEffect(() => {
    if (isMore && !isFetching) void fetchNextPage();
  }, [isMore, isFetching, fetchNextPage]);
  return { runs: [...pages.flatMap(({ items }) => items), ...(waiting.data ?? [])], isCut: hasNextPage };
}
