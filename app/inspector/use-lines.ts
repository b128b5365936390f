import { useMemo, useState } from 'react';
import type { Waits } from '../../flow/facts/waits.ts';
import type { RunStep } from '../api/run-shapes.ts';
import type { Run } from '../../flow/contract/run.ts';
import { isSummedUp } from './iterations.ts';
import { isKept, joined, scaleFor, timesOf } from './step-bars.ts';
import { isOfLoop, linesOfSteps, stepsIn } from './step-groups.ts';
import type { StepLine } from './step-groups.ts';

interface Around {
  readonly run: Run;
  readonly waits: Waits | undefined;
  readonly now: number;
}

/** Stretches of a time that lie nearer to each other than one part of so many are drawn as one. */
const parts = 500;

/** The lines of the list of steps with their times; a line of all iterations is folded until it is pressed. */
export function useLines(all: readonly RunStep[], { run, waits, now }: Around) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set());
  const lines = useMemo(() => {
    const isSingle = isSummedUp(all);
    return linesOfSteps(inOrder(all.filter((step) => !isSingle(step))), open);
  }, [all, open]);
  const times = useMemo(() => {
    const near = ((run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt)) / parts;
    const timesIn = (step: RunStep) => timesOf(step, waits?.of(`${step.key}${step.path}`), now);
    return lines.map((line) => {
      const { tookMs, ...times } = joined(stepsIn(line).map(timesIn), near);
      // A loop took what its iterations took, and those stand for what lies between its heads.
      return tookMs === undefined || isOfLoop(line) ? times : { ...times, tookMs };
    });
  }, [lines, waits, now, run.startedAt, run.finishedAt]);
  const scale = useMemo(() => scaleFor(run, times, now), [run, times, now]);
  const fold = (line: StepLine | undefined, to?: boolean) => {
    const key = line && stepsIn(line)[0]?.key;
    if (key === undefined || (line?.is === 'step' && (to !== false || !line.isInside))) return;
    const next = new Set(open);
    if (to ?? !open.has(key)) next.add(key);
    else next.delete(key);
    setOpen(next);
  };
  return { lines, times, scale, fold };
}

/** As they began; what was passed over stands where that was decided. */
const inOrder = (steps: readonly RunStep[]): RunStep[] => {
  const began = (step: RunStep) => (isKept(step) ? null : step.startedAt) ?? step.finishedAt ?? Number.MAX_SAFE_INTEGER;
  return steps.toSorted((one, other) => began(one) - began(other));
};
