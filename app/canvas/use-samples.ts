import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Node } from '../../flow/document/workflow.ts';
import { awayLists, brought, hasAway } from '../../flow/facts/away.ts';
import type { Away } from '../../flow/facts/away.ts';
import { leftQuery } from '../api/run.ts';
import type { Samples } from '../forms/expression-result.ts';

/** Lists of so many bytes are fetched so that their fields can be offered; longer ones where the node reads them. */
const offeredBytes = 262_144;
const most = 24;

/** What is known of the data around a node, with what of it was left at the server: fetched while its form is open. */
export function useSamples(samples: Samples, run: string | undefined, node: Node): Samples {
  const wanted = useMemo(() => wantedOf(samples, node), [samples, node]);
  const lists = useQueries({
    queries: run === undefined ? [] : wanted.map((list) => leftQuery(run, list)),
    combine: (all) => all.map(({ data }) => data),
  });
  return useMemo(() => {
    const known = new Map<Away, readonly unknown[] | undefined>(wanted.map((list, index) => [list, lists[index]]));
    const whole = (items: readonly unknown[]): readonly unknown[] | undefined =>
      !hasAway(items)
        ? items
        : awayLists(items).every((list) => known.get(list))
          ? brought(items, (list) => known.get(list) ?? [])
          : undefined;
    const outputs = [...samples.outputs].flatMap(([key, items]) => {
      const here = whole(items);
      return here ? [[key, here] as const] : [];
    });
    return { ...samples, items: whole(samples.items) ?? [], outputs: new Map(outputs) };
  }, [samples, wanted, lists]);
}

function wantedOf({ items, outputs }: Samples, { params = {} }: Node): readonly Away[] {
  const text = JSON.stringify(params);
  const read = [items, ...[...outputs].flatMap(([key, list]) => (text.includes(key) ? [list] : []))].flatMap(awayLists);
  const offered = [...outputs.values()].flatMap(awayLists).filter(({ size }) => size <= offeredBytes);
  return [...new Set([...read, ...offered])].slice(0, most);
}
