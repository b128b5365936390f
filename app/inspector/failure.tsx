import type { RunStep } from '../api/run-shapes.ts';
import { count, items } from '../ui/figures.ts';
import { Mark } from '../ui/mark.tsx';
import { countIn } from './iterations.ts';
import { failedOf, isErred } from './status-words.ts';
import './failure.css';

/** What failed, why, and what would mend it; of a step that went on without some of its items, how many. */
export function Failure({ step }: { step: RunStep }) {
  const { error } = step;
  const wentOn = isErred(step);
  if (!error && !wentOn) return null;
  return (
    <div className="note-bar failure" data-state={wentOn ? 'erred' : 'failed'} role="alert">
      <Mark state={wentOn ? 'erred' : 'failed'} />
      <div className="grow">
        {wentOn && <b>{failedWords(step)} </b>}
        {error && (
          <>
            {wentOn ? <>First: {error.message}</> : <b>{error.message}</b>} {error.mend}{' '}
            <span className="mono-s t3">{error.code}</span>
          </>
        )}
      </div>
    </div>
  );
}

/** How many of a step's items failed though it finished, in a sentence. */
export function failedWords(step: RunStep): string {
  const failed = failedOf(step);
  const all = countIn(step);
  if (failed < all) return `${count(failed)} of ${items(all)} failed.`;
  return failed === 1 ? 'Its item failed.' : `All ${items(failed)} failed.`;
}
