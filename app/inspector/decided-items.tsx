import { useMemo } from 'react';
import { readsItem } from '../../flow/expression/reads-item.ts';
import { counted } from '../ui/when.ts';
import { ItemStepper } from './item-stepper.tsx';
import { useInput } from './use-input.ts';
import type { Asking } from './use-input.ts';
import './decided-items.css';

interface DecidedProps extends Asking {
  /** What the question is made of: its node's params. */
  readonly params: unknown;
}

/** What one answer decides about where that is more than one item, each to be looked at; a question that reads an item was worked out from the first. */
export function DecidedItems({ params, ...asking }: DecidedProps) {
  const says = useMemo(() => readsItem(params), [params]);
  const all = useInput(asking) ?? [];
  if (all.length < 2) return null;
  return (
    <section className="decided" aria-label="What the answer decides">
      <p className="small t2">
        {says ? 'The question is about the first item; one' : 'One'} answer decides all {counted(all.length, 'item')}.
      </p>
      <ItemStepper items={all} places={all.map((_, place) => place)} />
    </section>
  );
}
