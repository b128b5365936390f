import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { awayLists, brought } from '../../flow/facts/away.ts';
import { leftQuery, listQuery } from './run.ts';
import type { ListName } from './run.ts';

/** Items of so many lists are asked for list by list; of more, all at once by their step. */
const fewLists = 12;
const noLists: ReturnType<typeof awayLists> = [];

/** Items with what was left at the server, which is fetched while somebody looks; undefined until it is there. */
export function useItems(
  items: readonly unknown[],
  { name, isWanted = true }: { readonly name: ListName; readonly isWanted?: boolean },
) {
  const lists = useMemo(() => awayLists(items), [items]);
  const isMany = lists.length > fewLists;
  const one = useQueries({
    queries: (isMany || !isWanted ? noLists : lists).map((list) => leftQuery(name.run, list)),
    combine: (all) => ({
      data: all.map(({ data }) => data),
      error: all.find(({ error }) => error)?.error ?? null,
      refetch: () => all.forEach(({ refetch }) => void refetch()),
    }),
  });
  const many = useQuery({ ...listQuery(name, String(items.length)), enabled: isMany && isWanted });
  const here = useMemo(() => {
    if (lists.length === 0) return items;
    if (isMany) return many.data?.items;
    const known = new Map(lists.map((list, index) => [list, one.data[index]]));
    return one.data.length === lists.length && one.data.every((list) => list !== undefined)
      ? brought(items, (list) => known.get(list) ?? [])
      : undefined;
  }, [items, lists, isMany, many.data, one.data]);
  return {
    items: here,
    error: isMany ? many.error : one.error,
    retry: () => (isMany ? void many.refetch() : one.refetch()),
  };
}
