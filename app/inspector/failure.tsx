import type { RunStep } from '../api/run-shapes.ts';
import { Mark } from '../ui/mark.tsx';
import './failure.css';

/** What failed, why, and what would mend it. */
export function Failure({ error }: { error: NonNullable<RunStep['error']> }) {
  return (
    <div className="note-bar failure" data-state="failed" role="alert">
      <Mark state="failed" />
      <div className="grow">
        <b>{error.message}</b> {error.mend} <span className="mono-s t3">{error.code}</span>
      </div>
    </div>
  );
}
