import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Mark } from './mark.tsx';

/** Why nothing is here, and the one next step. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      <span className="empty-says">{children}</span>
      {action && <div className="row">{action}</div>}
    </div>
  );
}

/** What did not load, why, and the way to ask again. */
export function ErrorState({ what, error, retry }: { what: string; error: Error; retry?: () => void }) {
  const mend = 'mend' in error && typeof error.mend === 'string' ? ` ${error.mend}` : '';
  useAgain('status' in error && error.status === 0 ? retry : undefined, error);
  return (
    <div className="note-bar error-state" data-state="failed" role="alert">
      <Mark state="failed" />
      <div>
        <b>{what}</b> {error.message}
        {mend}
        {retry && (
          <div className="error-retry">
            <Button size="sm" onClick={retry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

const againMs = 3_000;

/** A server that was away is asked again by itself: what is said of it would soon be untrue. */
function useAgain(retry: (() => void) | undefined, error: Error): void {
  const latest = useRef(retry);
  latest.current = retry;
  const isAway = retry !== undefined;
  useEffect(() => {
    if (!isAway) return;
    const again = () => latest.current?.();
    const timer = setTimeout(again, againMs);
    addEventListener('online', again);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', again);
    };
  }, [isAway, error]);
}

/** True after 150 ms: what loads faster shows no skeleton. */
function useLate(): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return late;
}

const widths = ['38%', '52%', '30%', '46%', '34%', '58%'];

/** Rows that are on their way. */
export function SkeletonRows({ rows = 6, height = 40 }: { rows?: number; height?: number }) {
  const late = useLate();
  return (
    <div role="status" aria-label="Loading" style={{ minHeight: rows * height }}>
      {late &&
        Array.from({ length: rows }, (_, row) => (
          <div key={row} className="row skel-row" style={{ height }}>
            <div className="skel skel-tile" />
            <div className="skel" style={{ width: widths[row % widths.length] }} />
          </div>
        ))}
    </div>
  );
}
