import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { foldRuns } from './fold-runs.ts';
import { looker } from './looker.ts';
import { filtersOf } from './runs.ts';
import { runNews } from '../../flow/contract/run.ts';
import type { Run, RunPage } from '../../flow/contract/run.ts';
import { hear } from './stream.ts';
import type { Listener } from './stream.ts';

/** What only the server can work out is asked for as often as this, however much moves. */
const breathMs = 2_000;
/** A first page that grew to so many runs is read again, so that it does not grow for ever. */
const longest = 500;

/**
 * Keeps every list of runs in memory true by what the server tells of them, until the signal. Runs are put where they belong; the lists are
 * read again when the stream is opened and when the server says so, and counts whenever something moved.
 */
export function hearRuns(client: QueryClient, listener: Listener): Promise<void> {
  const { signal, stand } = listener;
  // What nobody looks at just now is read when somebody does.
  const again = looker(() => client.invalidateQueries({ predicate: isFollowing }), signal, breathMs);
  const count = looker(() => client.invalidateQueries({ predicate: isCount }), signal, breathMs);
  const take = (said: unknown) => {
    const news = runNews.safeParse(said).data;
    if (!news || 'again' in news || !fold(client, news.runs)) again();
    count();
  };
  return hear({
    ...listener,
    path: () => '/api/v1/runs/live',
    stand: (hearing) => {
      stand(hearing);
      // What moved before the stream was open is not told.
      if (hearing === 'live') [again, count].forEach((look) => look());
    },
    take: (said) => said.forEach(take),
  });
}

type Query = ReturnType<ReturnType<QueryClient['getQueryCache']>['getAll']>[number];

const isCount = ({ queryKey: [list, what], meta }: Query) => list === 'runs' && what === 'count' && !meta?.['isStill'];
const isWaiting = ({ queryKey: [list] }: Query) => list === 'waiting';
const isFollowing = (query: Query) => isWaiting(query) || filtersOf(query) !== undefined;

/** Puts the runs into the lists. False when a list had better be read: it is being read just now, from before the news, or it grew long. */
function fold(client: QueryClient, moved: readonly Run[]): boolean {
  let isSure = true;
  for (const query of client.getQueryCache().findAll({ predicate: isFollowing })) {
    const filters = filtersOf(query);
    if (query.state.fetchStatus === 'fetching') isSure = false;
    if (!filters) {
      client.setQueryData<Run[]>(query.queryKey, (runs) => runs && waiting(runs, moved));
      continue;
    }
    client.setQueryData<InfiniteData<RunPage>>(query.queryKey, (data) => {
      const pages = data && foldRuns(data.pages, moved, filters);
      if ((pages?.[0]?.items.length ?? 0) > longest) isSure = false;
      return pages && { ...data, pages };
    });
  }
  return isSure;
}

const waiting = (runs: Run[], moved: readonly Run[]): Run[] =>
  foldRuns([{ items: runs, next: null }], moved, { status: 'waiting' })[0]?.items ?? [];
