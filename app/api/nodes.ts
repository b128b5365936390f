import { queryOptions } from '@tanstack/react-query';
import { nodeCards, nodeIndex } from '../../flow/contract/node.ts';
import type { NodeEntry } from '../../flow/contract/node.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import { call } from './call.ts';

/** Every node that there is, in short. */
export const fetchIndex = async (signal?: AbortSignal): Promise<NodeEntry[]> =>
  (await call('GET', '/api/v1/nodes/index', { shape: nodeIndex, signal })).items;

/** The cards of some types, whole, of every version; types that nobody has are left out. */
export async function fetchCards(types: readonly string[], signal?: AbortSignal): Promise<NodeCard[]> {
  const lists = await Promise.all(
    parts(types).map((part) =>
      call('GET', `/api/v1/nodes?${new URLSearchParams({ types: part })}`, { shape: nodeCards, signal }),
    ),
  );
  return lists.flatMap(({ items }) => items);
}

/** Addresses may not be long without end. */
const mostLetters = 4_000;

/** Names with commas between, in as many lists as are needed. */
function parts(names: readonly string[]): string[] {
  const lists: string[] = [];
  for (const name of names) {
    const last = lists.at(-1);
    if (last !== undefined && last.length + name.length < mostLetters) lists[lists.length - 1] = `${last},${name}`;
    else lists.push(name);
  }
  return lists;
}

/** The newest version of every node, in short, by type. */
export const indexQuery = queryOptions({
  queryKey: ['nodes', 'index'],
  queryFn: async ({ signal }) => new Map((await fetchIndex(signal)).map((one) => [one.type, one])),
  staleTime: Infinity,
});

/** The cards of some types, whole. */
export const cardsQuery = (types: readonly string[]) =>
  queryOptions({
    queryKey: ['nodes', 'cards', types.toSorted()],
    queryFn: ({ signal }) => fetchCards(types, signal),
    staleTime: Infinity,
    structuralSharing: false,
  });
