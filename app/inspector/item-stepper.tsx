import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../ui/button.tsx';
import { TurnNumber } from './turn-number.tsx';
import './item-stepper.css';

interface StepperProps {
  /** What went into a step. */
  readonly items: readonly unknown[];
  /** The places of those that are looked at, in order. */
  readonly places: readonly number[];
}

/** Items of a list, one at a time, with a way to each; one alone stands without a way. */
export function ItemStepper({ items, places }: StepperProps) {
  const [wanted, setAt] = useState(0);
  const last = places.length - 1;
  const at = Math.min(wanted, last);
  const place = places[at];
  if (place === undefined) return null;
  return (
    <div className="item-stepper">
      {last > 0 && (
        <div className="row">
          <IconButton label="Previous item" size="sm" disabled={at === 0} onClick={() => setAt(at - 1)}>
            <ChevronLeft className="i i-14" aria-hidden />
          </IconButton>
          <span className="small num" role="status">
            Item <TurnNumber label="Item" now={at} last={last} show={setAt} /> of {places.length.toLocaleString('en')}
          </span>
          <IconButton label="Next item" size="sm" disabled={at === last} onClick={() => setAt(at + 1)}>
            <ChevronRight className="i i-14" aria-hidden />
          </IconButton>
        </div>
      )}
      <pre className="mono-s" tabIndex={0} role="region" aria-label={`Item ${place + 1}`}>
        {wordsOf(items[place])}
      </pre>
    </div>
  );
}

const mostShown = 20_000;

function wordsOf(item: unknown): string {
  const text = JSON.stringify(item, undefined, 2) ?? '';
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}\n… The step in the run has all of it.`;
}
