import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { listQuery } from '../api/run.ts';
import { IconButton } from '../ui/button.tsx';
import { counted } from '../ui/when.ts';
import { TurnNumber } from './turn-number.tsx';
import './decided-items.css';

interface DecidedProps {
  readonly run: string;
  /** The step that asks, and its first input. */
  readonly step: string;
  readonly port: string;
  /** What went into it, where that is known already. */
  readonly items: readonly unknown[] | undefined;
}

/** What one answer decides about where that is more than one item: the question is worked out from the first, and each can be looked at. */
export function DecidedItems({ run, step, port, items }: DecidedProps) {
  const asked = useQuery({ ...listQuery({ run, step, side: 'input', port }, ''), enabled: items === undefined });
  const all = items ?? asked.data?.items ?? [];
  const [at, setAt] = useState(0);
  const last = all.length - 1;
  if (last < 1) return null;
  return (
    <section className="decided" aria-label="What the answer decides">
      <p className="small t2">
        The question is about the first item; one answer decides all {counted(all.length, 'item')}.
      </p>
      <div className="row">
        <IconButton label="Previous item" size="sm" disabled={at === 0} onClick={() => setAt(at - 1)}>
          <ChevronLeft className="i i-14" aria-hidden />
        </IconButton>
        <span className="small num" role="status">
          Item <TurnNumber label="Item" now={at} last={last} show={setAt} /> of {all.length.toLocaleString('en')}
        </span>
        <IconButton label="Next item" size="sm" disabled={at === last} onClick={() => setAt(at + 1)}>
          <ChevronRight className="i i-14" aria-hidden />
        </IconButton>
      </div>
      <pre className="mono-s" tabIndex={0} role="region" aria-label={`Item ${at + 1}`}>
        {wordsOf(all[at])}
      </pre>
    </section>
  );
}

const mostShown = 20_000;

function wordsOf(item: unknown): string {
  const text = JSON.stringify(item, undefined, 2) ?? '';
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}\n… The step in the run has all of it.`;
}
