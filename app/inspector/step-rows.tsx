import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Fact } from '../api/facts.ts';
import type { RunStep, WholeRun } from '../api/run-shapes.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { classes } from '../ui/class-names.ts';
import { Mark } from '../ui/mark.tsx';
import { count, duration, iterations } from './figures.ts';
import { countIn, countOut, isSummedUp, turnsOf } from './iterations.ts';
import { turnWords } from './path-words.ts';
import { stepMarks, stepWords } from './status-words.ts';
import { isKept, scaleFor, timesOf } from './step-bars.ts';
import type { StepTimes } from './step-bars.ts';
import { TimeTrack } from './time-track.tsx';
import { waitsOf } from './waits.ts';

interface StepRowsProps {
  readonly run: WholeRun;
  readonly steps: readonly RunStep[];
  readonly facts: readonly Fact[];
  readonly document: Workflow | undefined;
  readonly catalogue: Catalogue | undefined;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  readonly now: number;
  /** The iteration that the steps are held to. */
  readonly turn: string | undefined;
}

const rowHeight = 30;

/** The steps of a run as they began: every attempt and every turn, with its items, and when it worked and waited. */
export function StepRows({ run, steps: all, facts, document, catalogue, chosen, choose, now, turn }: StepRowsProps) {
  const room = useRef<HTMLDivElement>(null);
  const base = useId();
  // A node that a thousand iterations went through is one row; each of them is looked at with the stepper.
  const ordered = useMemo(() => {
    const isSingle = isSummedUp(all);
    return inOrder(all.filter((step) => !isSingle(step)));
  }, [all]);
  const times = useMemo(() => {
    const waits = waitsOf(facts);
    return ordered.map((step) => timesOf(step, waits.get(`${step.key}${step.path}`), now));
  }, [ordered, facts, now]);
  const scale = useMemo(() => scaleFor(run, times, now), [run, times, now]);
  const nodes = useMemo(() => new Map(document?.nodes.map((node) => [node.key, node])), [document]);
  const rows = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => room.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const place = ordered.findIndex(({ id }) => id === chosen);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: ordered.length - 1 }[event.key];
    const step = to === undefined ? undefined : ordered[Math.max(0, Math.min(ordered.length - 1, to))];
    if (!step) return;
    event.preventDefault();
    choose(step.id);
    rows.scrollToIndex(ordered.indexOf(step));
  };
  return (
    <section className="steps" aria-label="Steps">
      <div className="step-grid steps-head">
        <span>Step</span>
        <span className="right">In</span>
        <span className="right">Out</span>
        <span className="right">Took</span>
        <Axis scale={scale} />
      </div>
      <div
        className="scrolls"
        ref={room}
        role="listbox"
        tabIndex={0}
        aria-label="Steps"
        aria-activedescendant={place >= 0 ? `${base}${place}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="none" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const step = ordered[index];
            if (!step) return null;
            const node = nodes.get(step.key);
            return (
              <div
                key={step.id}
                id={`${base}${index}`}
                role="option"
                aria-selected={step.id === chosen}
                className={classes('step-grid step-row', step.id === chosen && 'on')}
                data-family={catalogue?.(step.type)?.family ?? 'code'}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => choose(step.id)}
              >
                <StepName
                  step={step}
                  isHeld={turn !== undefined}
                  title={node?.title ?? catalogue?.(step.type)?.title ?? step.key}
                  icon={catalogue?.(step.type)?.icon}
                />
                <span className="right num">{step.status === 'skipped' ? '' : count(countIn(step))}</span>
                <span className="right num">{step.status === 'skipped' ? '' : count(countOut(step))}</span>
                <span className="right num t2">{isKept(step) ? 'kept' : tookOf(times[index])}</span>
                <TimeTrack
                  times={times[index]}
                  scale={scale}
                  state={stepMarks[step.status]}
                  isChosen={step.id === chosen}
                />
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

interface StepNameProps {
  readonly step: RunStep;
  readonly title: string;
  readonly icon: string | undefined;
  readonly isHeld: boolean;
}

function StepName({ step, title, icon, isHeld }: StepNameProps) {
  const turn = turnWords(step.path);
  return (
    <span className="step-name">
      <Mark state={stepMarks[step.status]} small />
      <span className="sr">{stepWords[step.status]}, </span>
      <span className="tile">
        <NodeIcon name={icon ?? 'circle-help'} size={12} />
      </span>
      <span className="cut" title={title}>
        {title}
      </span>
      {step.turns && !isHeld && <span className="t3 micro">{iterations(turnsOf(step))}</span>}
      {turn !== '' && (
        <span className="t3 micro" title={step.path}>
          {turn}
        </span>
      )}
      {step.attempt > 1 && <span className="t3 micro">attempt {step.attempt}</span>}
    </span>
  );
}

/** Where time begins and ends, and how much of it is folded; the end gives way to a fold that reaches it. */
function Axis({ scale }: { scale: ReturnType<typeof scaleFor> }) {
  const folds = scale.folds.filter(({ width }) => width > 0.12);
  const isEndFolded = folds.some(({ left, width }) => left + width > 0.9);
  return (
    <span className="steps-axis" aria-hidden>
      <i>0</i>
      {folds.map((fold) => (
        <i key={fold.left} className="fold" style={{ left: `${(fold.left + fold.width / 2) * 100}%` }}>
          {duration(fold.ms)} folded
        </i>
      ))}
      {!isEndFolded && <i className="end">{duration(scale.whole.to - scale.whole.from)}</i>}
    </span>
  );
}

/** How long it took in all, its waits included. */
const tookOf = (times: StepTimes | undefined): string => {
  const all = times ? [...times.work, ...times.waits] : [];
  if (all.length === 0) return '';
  return duration(Math.max(...all.map(({ to }) => to)) - Math.min(...all.map(({ from }) => from)));
};

/** As they began; what was passed over stands where that was decided. */
const inOrder = (steps: readonly RunStep[]): RunStep[] => {
  const began = (step: RunStep) =>
    Date.parse((isKept(step) ? undefined : step.startedAt) ?? step.finishedAt ?? '') || Number.MAX_SAFE_INTEGER;
  return steps.toSorted((one, other) => began(one) - began(other));
};
