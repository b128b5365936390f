import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useRunNews } from '../api/run-news.ts';
import { hasGoodRetry } from '../../flow/contract/run.ts';
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

/** What did a run's work already, or is at it; empty when nothing did. */
export function didAlready(run: Run): string {
  const { id, retriedAs: retry } = run;
  if (!hasGoodRetry(run) || !retry) return run.status === 'finished' ? `Run ${id.slice(-6)} finished.` : '';
  const name = `Run ${retry.id.slice(-6)}`;
  return retry.status === 'finished' ? `${name} did this work already.` : `${name} is doing this work now.`;
}
