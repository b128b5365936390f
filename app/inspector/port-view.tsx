import { useItems } from '../api/use-items.ts';
import type { PortItems } from '../api/run-shapes.ts';
import type { ListName } from '../api/run.ts';
import { ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import type { ExpressionBase } from './copying.tsx';
import { ItemsView } from './items-view.tsx';

/** Where an item came from: the step before it, or the input of its own step. */
export interface Origin {
  readonly says: string;
  readonly go?: () => void;
}

interface PortViewProps {
  readonly items: PortItems;
  /** Of each item its parent; where it is not one to one. */
  readonly from: Parents;
  /** What it is called at the server. */
  readonly name: ListName;
  readonly base: ExpressionBase;
  readonly empty: string;
  readonly wanted: number | undefined;
  /** Where an item came from, given the parents that the server knows: undefined where that is one to one. */
  readonly origin?: ((item: number, from: Parents) => Origin | undefined) | undefined;
}

/** For each item the index of its parent or parents; undefined where it is one to one, or not known. */
export type Parents = readonly (number | readonly number[])[] | undefined;

/** What went through one port. What was left at the server is fetched when it is opened. */
export function PortView({ items, from, name, base, empty, wanted, origin }: PortViewProps) {
  const whole = useItems(items, { name });
  if (!whole.items && whole.error)
    return <ErrorState what="The items did not load." error={whole.error} retry={whole.retry} />;
  if (!whole.items) return <SkeletonRows rows={8} height={27} />;
  return (
    <ItemsView
      key={wanted}
      items={whole.items}
      empty={empty}
      base={base}
      wanted={wanted}
      origin={origin && ((item) => origin(item, from))}
    />
  );
}
