import { ChevronLeft, ChevronRight } from 'lucide-react';
import { turnWords } from '../inspector/path-words.ts';
import { count } from '../inspector/figures.ts';
import { IconButton } from '../ui/button.tsx';
import type { Step } from './remote-shapes.ts';

interface IterationBarProps {
  /** The steps of a node, one for each iteration. */
  readonly turns: readonly Step[];
  readonly step: Step;
  readonly show: (step: Step) => void;
}

/** Says of which iteration the data is, and leads to those before and after it. */
export function IterationBar({ turns, step, show }: IterationBarProps) {
  const at = turns.indexOf(step);
  const [before, after] = [turns[at - 1], turns[at + 1]];
  const words = turnWords(step.path);
  return (
    <div className="row iteration-bar" role="group" aria-label="Iterations of this node">
      <IconButton label="Previous iteration" size="sm" disabled={!before} onClick={() => before && show(before)}>
        <ChevronLeft className="i i-14" aria-hidden />
      </IconButton>
      <span className="small num" role="status">
        {words.charAt(0).toUpperCase() + words.slice(1)} <span className="t3">of {count(turns.length)}</span>
      </span>
      <IconButton label="Next iteration" size="sm" disabled={!after} onClick={() => after && show(after)}>
        <ChevronRight className="i i-14" aria-hidden />
      </IconButton>
    </div>
  );
}
