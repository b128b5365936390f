import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { readsItem } from '../../flow/expression/reads-item.ts';
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
  /** What the question is made of: its node's params. */
  readonly params: unknown;
  /** What went into it, where that is known already. */
  readonly items: readonly unknown[] | undefined;
}

/** What one answer decides about where that is more than one item, each to be looked at; a question that reads an item was worked out from the first. */
export function DecidedItems({ run, step, port, params, items }: DecidedProps) {
  const says = useMemo(() => readsItem(params), [params]);
  const asked = useQuery({ ...listQuery({ run, step, side: 'input', port }, ''), enabled: items === undefined });
  const all = items ?? asked.data?.items ?? [];
  const [at, setAt] = useState(0);
  const last = all.length - 1;
  if (last < 1) return null;
  return (
    <section className="decided" aria-label="What the answer decides">
      <p className="small t2">
        {says ? 'The question is about the first item; one' : 'One'} answer decides all {counted(all.length, 'item')}.
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
