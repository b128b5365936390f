import type { RunStep } from '../api/run-shapes.ts';
import { count } from '../ui/figures.ts';
import { Mark } from '../ui/mark.tsx';
import './failure.css';

/** What a step that did not fail warns of: the first of it, and that its log has more. */
export function Warned({ step }: { step: RunStep }) {
  const [first, ...others] = step.logs.filter(({ level }) => level === 'warn');
  if (first === undefined || step.error) return null;
  return (
    <div className="note-bar failure" data-state="erred" role="status">
      <Mark state="erred" />
      <div className="grow">
        {first.text.length > 300 ? `${first.text.slice(0, 300)}…` : first.text}
        {others.length > 0 && <span className="t3"> {count(others.length)} more in its log.</span>}
      </div>
    </div>
  );
}
