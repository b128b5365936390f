import { useRef } from 'react';
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { Button, IconButton } from '../ui/button.tsx';
import { Cut } from '../ui/cut.tsx';
import { count } from '../ui/figures.ts';
import { turnsOn } from './iterations.ts';
import type { LoopSeen } from './iterations.ts';
import { TurnNumber } from './turn-number.tsx';
import './turn-stepper.css';

interface TurnStepperProps {
  /** All loops that were gone through. */
  readonly loops: readonly LoopSeen[];
  /** The turn that is looked at; undefined for all of them. */
  readonly turn: string | undefined;
  /** Where the chosen node stands, to begin with the loop around it. */
  readonly near: string | undefined;
  /** What a loop is called. */
  readonly titleOf: (key: string) => string;
  readonly show: (turn: string | undefined) => void;
}

/** Steps through the iterations of a loop, one row for each loop around another; in none of them all iterations are shown together. */
export function TurnStepper({ loops, turn, near, titleOf, show }: TurnStepperProps) {
  const chain = turn === undefined ? [] : turnsOn(turn);
  const outer = chain.at(-1);
  const within = outer === undefined ? '' : `${outer.at}:${outer.turn}`;
  const inner = loops.filter(({ at }) => at.slice(0, at.lastIndexOf('/')) === within);
  const next =
    inner.find(({ at }) => near?.startsWith(`${at}:`) || near === at.slice(at.lastIndexOf('/') + 1)) ?? inner[0];
  const levels = [
    ...chain.flatMap(({ at, turn: now }) => {
      const loop = loops.find((one) => one.at === at);
      return loop ? [{ loop, now }] : [];
    }),
    ...(next ? [{ loop: next, now: undefined }] : []),
  ];
  if (levels.length === 0) return null;
  const others = inner.filter((one) => one !== next);
  return (
    <div className="float turn-stepper" role="group" aria-label="Iterations">
      {levels.map(({ loop, now }) => (
        <Level
          key={loop.at}
          loop={loop}
          now={now}
          title={titleOf(loop.key)}
          show={(to) => show(to === undefined ? turnAround(loop.at) : `${loop.at}:${to}`)}
        />
      ))}
      {others.map((loop) => (
        <Button key={loop.at} size="sm" tone="quiet" onClick={() => show(`${loop.at}:0`)}>
          <Cut text={titleOf(loop.key)} className="turn-loop" />
        </Button>
      ))}
    </div>
  );
}

/** The turn in which a loop stands: what is shown when it is left. */
const turnAround = (at: string): string | undefined => at.slice(0, at.lastIndexOf('/')) || undefined;

interface LevelProps {
  readonly loop: LoopSeen;
  readonly now: number | undefined;
  readonly title: string;
  readonly show: (turn: number | undefined) => void;
}

function Level({ loop, now, title, show }: LevelProps) {
  const last = loop.count - 1;
  const onward = useRef<HTMLButtonElement>(null);
  return (
    <div className="row" role="group" aria-label={`Iterations of ${title}`}>
      <Cut text={title} className="small t2 turn-loop" />
      <IconButton
        label="Previous iteration"
        size="sm"
        disabled={now === undefined || now === 0}
        onClick={() => show((now ?? 1) - 1)}
      >
        <ChevronLeft className="i i-14" aria-hidden />
      </IconButton>
      <span className="small num turn-now" role="status">
        {now === undefined ? (
          `${count(loop.count)} ${loop.count === 1 ? 'iteration' : 'iterations'}`
        ) : (
          <>
            Iteration <TurnNumber now={now} last={last} show={show} /> of {count(loop.count)}
          </>
        )}
      </span>
      <IconButton
        ref={onward}
        label={now === undefined ? 'Step through the iterations' : 'Next iteration'}
        size="sm"
        disabled={now !== undefined && now >= last}
        onClick={() => show(now === undefined ? 0 : now + 1)}
      >
        <ChevronRight className="i i-14" aria-hidden />
      </IconButton>
      {now !== undefined && (
        <IconButton
          label="Show all iterations"
          size="sm"
          onClick={() => {
            // The button goes with the iteration that is left; who pressed it by keys goes on from the one beside it.
            onward.current?.focus();
            show(undefined);
          }}
        >
          <X className="i i-14" aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
