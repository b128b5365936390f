import type { RunStep } from '../api/run-shapes.ts';
import { duration } from '../ui/figures.ts';
import { scaleOf } from './time-scale.ts';
import type { Stretch, TimeScale } from './time-scale.ts';
import type { Wait } from '../../flow/facts/wait.ts';

/** When a step was at work and when it only waited, in epoch milliseconds. */
export interface StepTimes {
  readonly work: readonly Stretch[];
  readonly waits: readonly (Stretch & { readonly why: Wait['why']; readonly isOpen: boolean })[];
  /** Of several steps: what each took, added up; of one it follows from its times. */
  readonly tookMs?: number;
}

/** Whether it was not carried out here but taken over from the run that this one retries: it ended before it could begin. */
export const isKept = ({ startedAt, finishedAt, status }: RunStep): boolean =>
  status === 'finished' && startedAt !== null && finishedAt !== null && finishedAt < startedAt;

/** The times of a step: from when it was ready to its end, or to now, less what it waited; nothing for one that was passed over. */
export function timesOf(step: RunStep, waits: readonly Wait[] | undefined, now: number): StepTimes {
  if (step.startedAt === null || step.status === 'skipped' || isKept(step)) return { work: [], waits: [] };
  const to = step.finishedAt ?? now;
  if (!waits?.length) return { work: [{ from: step.startedAt, to }], waits: [] };
  // A step that waited began before its wait; the server counts from when it was taken up again.
  const from = Math.min(step.startedAt, ...waits.map((wait) => wait.from));
  const own = waits
    .map((wait) => ({
      from: Math.max(from, wait.from),
      to: Math.min(to, wait.to ?? to),
      why: wait.why,
      isOpen: wait.to === undefined,
    }))
    .filter((wait) => wait.to > wait.from);
  const work: Stretch[] = [];
  let reached = from;
  for (const wait of own) {
    if (wait.from > reached) work.push({ from: reached, to: wait.from });
    reached = Math.max(reached, wait.to);
  }
  if (to > reached || work.length + own.length === 0) work.push({ from: reached, to });
  return { work, waits: own };
}

/** How long it took in all, its waits included: the one figure of a step, wherever it stands. Of several steps what each of them took. */
export function tookOf(times: StepTimes): string {
  const ms = times.tookMs ?? spanOf(times);
  return ms === undefined ? '' : duration(ms);
}

/** From the beginning to the end of what it did and waited for, ms; undefined where that is nothing. */
function spanOf({ work, waits }: StepTimes): number | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const list of [work, waits])
    for (const one of list) {
      from = Math.min(from, one.from);
      to = Math.max(to, one.to);
    }
  return to < from ? undefined : to - from;
}

/** The times of several steps as one line shows them; stretches that touch, or lie too near each other to be told apart, are one. */
export function joined(times: readonly StepTimes[], near = 0): StepTimes {
  if (times.length === 1 && times[0]) return times[0];
  const work: Stretch[] = [];
  for (const one of times.flatMap((all) => all.work).toSorted((a, b) => a.from - b.from)) {
    const last = work.at(-1);
    if (last && one.from - last.to <= near) work[work.length - 1] = { from: last.from, to: Math.max(last.to, one.to) };
    else work.push(one);
  }
  // What lies between two iterations of a node is the time of others.
  const tookMs = times.reduce<number | undefined>((sum, one) => {
    const ms = spanOf(one);
    return ms === undefined ? sum : (sum ?? 0) + ms;
  }, undefined);
  return { work, waits: times.flatMap(({ waits }) => waits), ...(tookMs === undefined ? {} : { tookMs }) };
}

/** Time laid out for all steps of a run. */
export const scaleFor = (
  run: { startedAt: string; finishedAt?: string | null | undefined },
  all: readonly StepTimes[],
  now: number,
): TimeScale & { readonly whole: Stretch } => {
  const from = Date.parse(run.startedAt);
  const to = Math.max(from + 1, run.finishedAt ? Date.parse(run.finishedAt) : now);
  const whole = { from, to };
  return {
    ...scaleOf(
      whole,
      all.flatMap(({ work }) => work),
    ),
    whole,
  };
};
