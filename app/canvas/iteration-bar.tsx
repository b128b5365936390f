import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Link } from 'wouter';
import { turnNumbers, turnWords } from '../inspector/path-words.ts';
import { TurnNumber } from '../inspector/turn-number.tsx';
import { count } from '../ui/figures.ts';
import { IconButton } from '../ui/button.tsx';
import type { RunStep as Step } from '../api/run-shapes.ts';
import './iteration-bar.css';

interface IterationBarProps {
  /** The steps of a node, one for each iteration that came with the run. */
  readonly turns: readonly Step[];
  readonly step: Step;
  readonly show: (step: Step) => void;
  /** The run, where all iterations can be looked at. */
  readonly run: string;
}

/** Says of which iteration the data is, and leads to any other; where loops stand in each other, or only the last ones are kept, also which one that is in them; of a loop that ran in one go only the last one came. */
export function IterationBar({ turns, step, show, run }: IterationBarProps) {
  const at = turns.indexOf(step);
  const go = (to: number) => {
    const wanted = turns[to];
    if (wanted) show(wanted);
  };
  const words = sentence(turnWords(step.path));
  if (turns.length < 2)
    return (
      <p className="row wrap small t2 iteration-bar" role="status">
        {words}, the last one.
        <Link href={`/runs/${run}`}>See every iteration in the run</Link>
      </p>
    );
  return (
    <div className="row iteration-bar" role="group" aria-label="Iterations of this node">
      <IconButton label="Previous iteration" size="sm" disabled={at <= 0} onClick={() => go(at - 1)}>
        <ChevronLeft className="i i-14" aria-hidden />
      </IconButton>
      <span className="small num" role="status">
        Iteration <TurnNumber now={at} last={turns.length - 1} show={go} /> of {count(turns.length)}
        {words !== `Iteration ${at + 1}` && <span className="t3"> ({turnNumbers(step.path)})</span>}
      </span>
      <IconButton label="Next iteration" size="sm" disabled={at >= turns.length - 1} onClick={() => go(at + 1)}>
        <ChevronRight className="i i-14" aria-hidden />
      </IconButton>
    </div>
  );
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
