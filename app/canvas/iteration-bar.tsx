import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Link } from 'wouter';
import { turnWords } from '../inspector/path-words.ts';
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

/** Says of which iteration the data is, and leads to those before and after it; of a loop that ran in one go only the last one came. */
export function IterationBar({ turns, step, show, run }: IterationBarProps) {
  const at = turns.indexOf(step);
  const [before, after] = [turns[at - 1], turns[at + 1]];
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
      <IconButton label="Previous iteration" size="sm" disabled={!before} onClick={() => before && show(before)}>
        <ChevronLeft className="i i-14" aria-hidden />
      </IconButton>
      <span className="small num" role="status">
        {words} <span className="t3">of {count(turns.length)}</span>
      </span>
      <IconButton label="Next iteration" size="sm" disabled={!after} onClick={() => after && show(after)}>
        <ChevronRight className="i i-14" aria-hidden />
      </IconButton>
    </div>
  );
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
