import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useMemo, useRef, useState } from 'react';
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
import { lastAttempts, linesOfSteps, loudestOf } from './step-groups.ts';
import type { StepLine } from './step-groups.ts';
import { stepMarks, stepWords } from './status-words.ts';
import { isKept, joined, scaleFor, timesOf } from './step-bars.ts';
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
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set());
  // A node that a thousand iterations went through is one row; each of them is looked at with the stepper, or under its row.
  const lines = useMemo(() => {
    const isSingle = isSummedUp(all);
    return linesOfSteps(inOrder(all.filter((step) => !isSingle(step))), open);
  }, [all, open]);
  const times = useMemo(() => {
    const waits = waitsOf(facts);
    const near = ((run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt)) / 500;
    return lines.map((line) =>
      joined(
        stepsIn(line).map((step) => timesOf(step, waits.get(`${step.key}${step.path}`), now)),
        near,
      ),
    );
  }, [lines, facts, now, run.startedAt, run.finishedAt]);
  const scale = useMemo(() => scaleFor(run, times, now), [run, times, now]);
  const nodes = useMemo(() => new Map(document?.nodes.map((node) => [node.key, node])), [document]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => room.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const place = lines.findLastIndex((line) => stepsIn(line).some(({ id }) => id === chosen));
  const fold = (line: StepLine | undefined, to?: boolean) => {
    const key = line && stepsIn(line)[0]?.key;
    if (key === undefined || !(line?.is === 'group' || open.has(key))) return;
    const next = new Set(open);
    if (to ?? !open.has(key)) next.add(key);
    else next.delete(key);
    setOpen(next);
  };
  const choosing = (line: StepLine | undefined) => {
    const step = line && (line.is === 'step' ? line.step : loudestOf(line.steps));
    if (step) choose(step.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const sideways = { ArrowRight: true, ArrowLeft: false }[event.key];
    // The row of an open group lies above that of the step that is chosen in it.
    const from = place >= 0 && event.key === 'ArrowUp' && isHeadOfOpen(lines[place - 1]) ? place - 1 : place;
    const to = { ArrowDown: place + 1, ArrowUp: from - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (sideways === undefined && to === undefined) return;
    event.preventDefault();
    if (sideways !== undefined) return fold(lines[place], sideways);
    const next = Math.max(0, Math.min(lines.length - 1, to ?? 0));
    choosing(lines[isHeadOfOpen(lines[next]) && event.key !== 'ArrowUp' ? next + 1 : next]);
    rows.scrollToIndex(next);
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
            const line = lines[index];
            const step = line && (line.is === 'step' ? line.step : loudestOf(line.steps));
            if (!line || !step) return null;
            const isOn = index === place;
            const counted = line.is === 'step' ? [step] : lastAttempts(line.steps);
            return (
              <div
                key={line.id}
                id={`${base}${index}`}
                role="option"
                aria-selected={isOn}
                {...(line.is === 'group' ? { 'aria-expanded': line.isOpen } : {})}
                className={classes('step-grid step-row', isOn && 'on', line.is === 'step' && line.isInside && 'inside')}
                data-family={catalogue?.(step.type)?.family ?? 'code'}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => {
                  fold(line.is === 'group' ? line : undefined);
                  if (line.is === 'step' || !line.isOpen) choosing(line);
                }}
              >
                <StepName
                  line={line}
                  step={step}
                  isHeld={turn !== undefined}
                  title={nodes.get(step.key)?.title ?? catalogue?.(step.type)?.title ?? step.key}
                  icon={catalogue?.(step.type)?.icon}
                />
                <span className="right num">{step.status === 'skipped' ? '' : count(sumOf(counted, countIn))}</span>
                <span className="right num">{step.status === 'skipped' ? '' : count(sumOf(counted, countOut))}</span>
                <span className="right num t2">{isKept(step) ? 'kept' : tookOf(times[index])}</span>
                <TimeTrack times={times[index]} scale={scale} state={stepMarks[step.status]} isChosen={isOn} />
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

const stepsIn = (line: StepLine): readonly RunStep[] => (line.is === 'step' ? [line.step] : line.steps);

const isHeadOfOpen = (line: StepLine | undefined) => line?.is === 'group' && line.isOpen;

const sumOf = (steps: readonly RunStep[], countOne: (step: RunStep) => number) =>
  steps.reduce((sum, step) => sum + countOne(step), 0);

interface StepNameProps {
  readonly line: StepLine;
  readonly step: RunStep;
  readonly title: string;
  readonly icon: string | undefined;
  readonly isHeld: boolean;
}

function StepName({ line, step, title, icon, isHeld }: StepNameProps) {
  const turn = line.is === 'step' ? turnWords(step.path) : iterations(lastAttempts(line.steps).length);
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
        <span
          className="t3 micro"
          title={line.is === 'step' ? step.path : line.isOpen ? 'Fold' : 'Show each iteration'}
        >
          {turn}
        </span>
      )}
      {line.is === 'group' && (
        <span className="t3 step-fold">
          {line.isOpen ? (
            <ChevronDown className="i i-14" aria-hidden />
          ) : (
            <ChevronRight className="i i-14" aria-hidden />
          )}
        </span>
      )}
      {line.is === 'step' && step.attempt > 1 && <span className="t3 micro">attempt {step.attempt}</span>}
      {line.is === 'step' && step.attempt === 1 && step.tries && (
        <span className="t3 micro">{step.tries} attempts</span>
      )}
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
