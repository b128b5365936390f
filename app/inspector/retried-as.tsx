import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useRunNews } from '../api/run-news.ts';
import type { RetriedAs, Run } from '../../flow/contract/run.ts';
import { markOf, wordOf } from '../ui/run-state.ts';
import { Mark } from '../ui/mark.tsx';
import { siblingsQuery } from './siblings.tsx';

/** What a run was retried as: as the list of its workflow's runs tells, which is kept true, or as the run itself said when it was read. */
export function useRetriedAs(run: Run): RetriedAs | undefined {
  const runs = useInfiniteQuery(siblingsQuery(run, useRunNews()));
  const listed = runs.data?.pages.flatMap(({ items }) => items).find(({ id }) => id === run.id);
  return listed ? listed.retriedAs : run.retriedAs;
}

/** Says that a run was retried, and how that went. */
export function RetriedChip({ retry }: { retry: RetriedAs }) {
  const how = { ...retry, needs: [] };
  return (
    <Link className="chip" href={`/runs/${retry.id}`}>
      <Mark state={markOf(how)} small />
      Retried as run {retry.id.slice(-6)} · {wordOf(how).toLowerCase()}
    </Link>
  );
}

/** What happens twice when a run is retried that a retry did already, or is about to. */
export function twiceOf({ id, status }: RetriedAs, from: string | undefined): string {
  const name = `Run ${id.slice(-6)}`;
  const did = status === 'finished' ? `${name} did this work already.` : `${name} is doing this work now.`;
  return from === undefined
    ? `${did} All steps run again: every call, message and order is sent a second time.`
    : `${did} ${from} and the steps after it run again: what they send is sent a second time.`;
}
