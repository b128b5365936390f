import { useQuery } from '@tanstack/react-query';
import { listQuery } from '../api/run.ts';
import type { Large, PortItems } from '../api/run-shapes.ts';
import type { ListName } from '../api/run.ts';
import { ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import type { ExpressionBase } from './copying.tsx';
import { ItemsView } from './items-view.tsx';
import { isLarge } from './port-items.ts';

/** Where an item came from: the step before it, or the input of its own step. */
export interface Origin {
  readonly says: string;
  readonly go?: () => void;
}

interface PortViewProps {
  readonly items: PortItems;
  /** Of each item its parent; where it is not one to one. */
  readonly from: Parents | Large;
  /** What it is called at the server; undefined where all of it is here already. */
  readonly name: ListName | undefined;
  readonly base: ExpressionBase;
  readonly empty: string;
  readonly wanted: number | undefined;
  /** Where an item came from, given the parents that the server knows: undefined where that is one to one. */
  readonly origin?: ((item: number, from: Parents) => Origin | undefined) | undefined;
}

/** For each item the index of its parent or parents; undefined where it is one to one, or not known. */
export type Parents = readonly (number | readonly number[])[] | undefined;

/** What went through one port. A long list is fetched when it is opened. */
export function PortView({ items, from: known, name, base, empty, wanted, origin }: PortViewProps) {
  const isAway = isLarge(items);
  const isFromAway = known !== undefined && isLarge(known);
  const wish = name ?? { run: '', step: '', side: 'output', port: '' };
  const version = isAway ? items.$blob : String(items.length);
  const whole = useQuery({
    ...listQuery(wish, version),
    enabled: name !== undefined && (isAway || isFromAway),
  });
  const here = isAway ? whole.data?.items : items;
  if (!here && whole.error)
    return <ErrorState what="The items did not load." error={whole.error} retry={() => void whole.refetch()} />;
  if (!here) return <SkeletonRows rows={8} height={27} />;
  const from = isAway || isFromAway ? whole.data?.from : known;
  return (
    <ItemsView
      key={wanted}
      items={here}
      empty={empty}
      base={base}
      wanted={wanted}
      origin={origin && ((item) => origin(item, from))}
    />
  );
}
