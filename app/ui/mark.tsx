import { Check, Clock, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';

/** The states that colours and shapes stand for. */
export type MarkState = 'running' | 'ok' | 'erred' | 'failed' | 'waiting' | 'doubt' | 'skipped' | 'queued';

const pictures: Record<MarkState, ReactNode> = {
  running: null,
  ok: <Check className="i" aria-hidden />,
  // It went on, though not with all items.
  erred: <b>!</b>,
  failed: <X className="i" aria-hidden />,
  waiting: <Clock className="i" aria-hidden />,
  doubt: <b>?</b>,
  skipped: <Minus className="i" aria-hidden />,
  queued: null,
};

/** The small sign of a state; the word stands beside it. */
export const Mark = ({ state, small = false }: { state: MarkState; small?: boolean }) => (
  <span className={small ? 'mark sm' : 'mark'} data-state={state} aria-hidden>
    {pictures[state]}
  </span>
);

/** A state in words, with its sign. */
export const State = ({ state, children }: { state: MarkState; children: ReactNode }) => (
  <span className="state" data-state={state}>
    <Mark state={state} small />
    {children}
  </span>
);
