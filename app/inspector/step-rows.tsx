import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Waits } from '../../flow/facts/waits.ts';
import type { RunStep } from '../api/run-shapes.ts';
import type { Run } from '../../flow/contract/run.ts';
import { NodeIcon } from '../graph/node-icon.tsx';
import { classes } from '../ui/class-names.ts';
import { Mark } from '../ui/mark.tsx';
import type { MarkState } from '../ui/mark.tsx';
import { clock, count, duration, errors, iterations } from '../ui/figures.ts';
import { openLoops, turnsOf } from './iterations.ts';
import type { OpenLoop } from './iterations.ts';
import { turnWords } from './path-words.ts';
import { lineAfter, speakerOf, stepsIn, sumsOf, turnsIn } from './step-groups.ts';
import type { StepLine } from './step-groups.ts';
import { titleOf } from './need-words.ts';
import { notReached } from './not-reached.ts';
import { isErred, stepMark, stepWord } from './status-words.ts';
import { isKept, tookOf } from './step-bars.ts';
import type { StepTimes } from './step-bars.ts';
import type { TimeScale } from './time-scale.ts';
import { TimeTrack } from './time-track.tsx';
import { isOver } from '../api/run-over.ts';
import { useLines } from './use-lines.ts';
import './step-rows.css';

interface StepRowsProps {
  readonly run: Run;
  readonly steps: readonly RunStep[];
  readonly waits: Waits | undefined;
  readonly document: Workflow | undefined;
  readonly catalogue: Catalogue | undefined;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  readonly now: number;
  /** The iteration that the steps are held to. */
  readonly turn: string | undefined;
}

const rowHeight = 30;

/** Whether a line is all that a loop did, and not one of its iterations. */
const isWhole = (line: StepLine): boolean => line.is === 'group' || line.step.turns !== undefined;

interface Standing {
  readonly mark: MarkState;
  readonly word: string;
  readonly isStopped: boolean;
}

/** How a line stands. A loop that is not left is not done, whatever its head did: the run is in it, or broke off in it. */
function standingOf(line: StepLine, step: RunStep, loop: OpenLoop | undefined, isOver: boolean): Standing {
  if (!loop || step.status !== 'finished' || !isWhole(line))
    return { mark: stepMark(step), word: stepWord(step), isStopped: false };
  if (isOver) return { mark: 'skipped', word: 'Stopped', isStopped: true };
  return { mark: loop.isAt, word: loop.isAt === 'running' ? 'Running' : 'Waiting', isStopped: false };
}

/** The steps of a run as they began: every attempt and every turn, with its items, and when it worked and waited. */
export function StepRows({ run, steps: all, waits, document, catalogue, chosen, choose, now, turn }: StepRowsProps) {
  const room = useRef<HTMLDivElement>(null);
  const base = useId();
  const { lines, times, scale, fold } = useLines(all, { run, waits, now });
  const open = useMemo(() => (turn === undefined ? openLoops(all) : undefined), [all, turn]);
  const nodes = useMemo(() => new Map(document?.nodes.map((node) => [node.key, node])), [document]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => room.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const place = useMemo(
    () => lines.findLastIndex((line) => stepsIn(line).some(({ id }) => id === chosen)),
    [lines, chosen],
  );
  const choosing = (line: StepLine | undefined) => {
    const step = line && speakerOf(line);
    if (step) choose(step.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isOpening = { ArrowRight: true, ArrowLeft: false }[event.key];
    const next = lineAfter(lines, place, event.key);
    if (isOpening === undefined && next === undefined) return;
    event.preventDefault();
    if (isOpening !== undefined) return fold(lines[place], isOpening);
    choosing(lines[next ?? 0]);
    rows.scrollToIndex(next ?? 0);
  };
  return (
    <section className="steps" aria-label="Steps">
      <div className="step-grid steps-head">
        <span>Step</span>
        <span className="right">In</span>
        <span className="right">Out</span>
        <span className="right">Took</span>
        <Axis scale={scale} began={run.startedAt} />
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
        <div role="none" className="all-rows" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const line = lines[index];
            const step = line && speakerOf(line);
            if (!line || !step) return null;
            return (
              <LineRow
                key={line.id}
                id={`${base}${index}`}
                start={start}
                line={line}
                step={step}
                isOn={index === place}
                card={catalogue?.(step.type)}
                title={nodes.get(step.key)?.title}
                times={times[index]}
                scale={scale}
                isHeld={turn !== undefined}
                standing={standingOf(line, step, open?.get(step.key), isOver(run))}
                press={() => {
                  fold(line);
                  if (line.is === 'step' || !line.isOpen) choosing(line);
                }}
              />
            );
          })}
        </div>
      </div>
      <NotReached run={run} steps={all} document={document} catalogue={catalogue} />
    </section>
  );
}

/** What a run that broke off did not get to, by name. */
function NotReached({
  run,
  steps,
  document,
  catalogue,
}: Pick<StepRowsProps, 'run' | 'steps' | 'document' | 'catalogue'>) {
  if (!document || (run.status !== 'failed' && run.status !== 'cancelled')) return null;
  const keys = notReached(document, steps);
  if (keys.length === 0) return null;
  const names = keys.slice(0, 3).map((key) => titleOf(document, key, catalogue));
  const more = keys.length - names.length;
  return (
    <p className="steps-rest" title={keys.map((key) => titleOf(document, key, catalogue)).join(', ')}>
      Not reached: {names.join(', ')}
      {more > 0 && ` and ${count(more)} more`}
    </p>
  );
}

interface LineRowProps extends Pick<StepNameProps, 'line' | 'step' | 'isHeld' | 'standing'> {
  readonly id: string;
  readonly start: number;
  readonly isOn: boolean;
  readonly card: NodeCard | undefined;
  readonly title: string | undefined;
  readonly times: StepTimes | undefined;
  readonly scale: TimeScale;
  readonly press: () => void;
}

function LineRow({ id, start, line, step, isOn, card, title, times, scale, isHeld, standing, press }: LineRowProps) {
  const sums = sumsOf(line);
  return (
    <div
      id={id}
      role="option"
      aria-selected={isOn}
      className={classes('step-grid step-row', isOn && 'on', line.is === 'step' && line.isInside && 'inside')}
      data-family={card?.family ?? 'code'}
      style={{ transform: `translateY(${start}px)` }}
      onClick={press}
    >
      <StepName
        line={line}
        step={step}
        isHeld={isHeld}
        standing={standing}
        title={title ?? card?.title ?? step.key}
        icon={card?.icon}
      />
      <span className="right num">{step.status === 'skipped' ? '' : count(sums.in)}</span>
      <span className="right num">{step.status === 'skipped' ? '' : count(sums.out)}</span>
      <span className="right num t2">{isKept(step) ? 'reused' : times && tookOf(times)}</span>
      <TimeTrack times={times} scale={scale} state={standing.mark} isChosen={isOn} />
    </div>
  );
}

interface StepNameProps {
  readonly line: StepLine;
  readonly step: RunStep;
  readonly title: string;
  readonly icon: string | undefined;
  readonly isHeld: boolean;
  readonly standing: Standing;
}

function StepName({ line, step, title, icon, isHeld, standing }: StepNameProps) {
  const turn = line.is === 'step' ? turnWords(step.path) : iterations(turnsIn(line));
  return (
    <span className="step-name">
      <Mark state={standing.mark} small />
      <span className="sr">{standing.word}, </span>
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
          <span className="sr">{line.isOpen ? ', unfolded' : ', folded'}</span>
          {line.isOpen ? (
            <ChevronDown className="i i-14" aria-hidden />
          ) : (
            <ChevronRight className="i i-14" aria-hidden />
          )}
        </span>
      )}
      {isErred(step) && (
        <span className="step-erred cut" title={step.error?.message}>
          {errors(sumsOf(line).failed)}
        </span>
      )}
      {standing.isStopped && <span className="t3 micro">stopped</span>}
      {step.status === 'failed' && step.error && (
        <span className="step-fault cut" title={step.error.message}>
          {step.error.message}
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
function Axis({ scale, began }: { scale: ReturnType<typeof useLines>['scale']; began: string }) {
  const folds = scale.folds.filter(({ width }) => width > 0.12);
  const isEndFolded = folds.some(({ left, width }) => left + width > 0.9);
  return (
    <span className="steps-axis" aria-hidden>
      <i title="When the run began">{clock(began)}</i>
      {folds.map((fold) => (
        <i
          key={fold.left}
          className="fold"
          title={`Nothing worked for ${duration(fold.ms)}: this stretch is drawn shorter.`}
          style={{ left: `${(fold.left + fold.width / 2) * 100}%` }}
        >
          {duration(fold.ms)} gap
        </i>
      ))}
      {!isEndFolded && <i className="end">+{duration(scale.whole.to - scale.whole.from)}</i>}
    </span>
  );
}
