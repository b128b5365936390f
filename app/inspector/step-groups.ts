import type { RunStep } from '../api/run-shapes.ts';
import { loopOf, turnOf } from '../../flow/facts/path.ts';
import { countIn, countOut, loudestIn } from './iterations.ts';
import { countOf } from './port-items.ts';
import { failedOf } from './status-words.ts';
import { remembered } from '../graph/remembered.ts';

/** A line in the list of steps: one step, or all iterations of a node that have a step each. */
export type StepLine =
  | { readonly is: 'step'; readonly id: string; readonly step: RunStep; readonly isInside: boolean }
  | { readonly is: 'group'; readonly id: string; readonly steps: readonly RunStep[]; readonly isOpen: boolean };

/** Whether a node stands in more than one iteration. */
function isRepeated(steps: readonly RunStep[]): boolean {
  const first = steps.find(({ path }) => path !== '')?.path;
  return steps.some(({ path }) => path !== '' && path !== first);
}

/**
 * Steps in the order in which they began, as lines. A loop whose iterations have a step each would be a line for each of them, hundreds: a node with
 * steps in more than one iteration is one line where the first of them stood, and those that are open have their steps under it.
 */
export function linesOfSteps(ordered: readonly RunStep[], open: ReadonlySet<string>): readonly StepLine[] {
  const byKey = Map.groupBy(
    ordered.filter(({ turns, status }) => !turns && status !== 'skipped'),
    ({ key }) => key,
  );
  const groups = new Map([...byKey].filter(([, steps]) => isRepeated(steps)));
  const said = new Set<string>();
  return ordered.flatMap((step): StepLine[] => {
    const steps = step.turns || step.status === 'skipped' ? undefined : groups.get(step.key);
    if (!steps) return [{ is: 'step', id: step.id, step, isInside: false }];
    if (said.has(step.key)) return [];
    said.add(step.key);
    const id = `all ${step.key}`;
    const isOpen = open.has(step.key);
    const inside = isOpen ? steps : [];
    return [
      { is: 'group', id, steps, isOpen },
      ...inside.map((one) => ({ is: 'step', id: one.id, step: one, isInside: true }) as const),
    ];
  });
}

/** The last attempts of a group's steps: what its numbers add up. */
export const lastAttempts = remembered((steps: readonly RunStep[]): readonly RunStep[] => [
  ...new Map(steps.map((step) => [step.path, step])).values(),
]);

/** The step that speaks for a group: what is at it or needs somebody, what failed, else the last. */
export const loudestOf = remembered((steps: readonly RunStep[]): RunStep | undefined => loudestIn(lastAttempts(steps)));

/** The same list for the same line. */
export const stepsIn = remembered((line: StepLine): readonly RunStep[] =>
  line.is === 'step' ? [line.step] : line.steps,
);

export const speakerOf = (line: StepLine): RunStep | undefined =>
  line.is === 'step' ? line.step : loudestOf(line.steps);

/** Whether a step is a loop's own, at the head of one of its iterations. */
const isHead = ({ key, path }: RunStep): boolean => loopOf(path) === key;

/** Whether a line is a loop's own. */
export const isOfLoop = (line: StepLine): boolean => line.is === 'group' && line.steps.some(isHead);

/** In how many iterations the steps of a line are; of a loop, how many it began. */
export const turnsIn = remembered((line: StepLine): number => {
  const steps = lastAttempts(stepsIn(line));
  return steps.some(isHead) ? steps.filter(isHead).length : steps.length;
});

interface Sums {
  readonly in: number;
  readonly out: number;
  /** Items that failed and went on. */
  readonly failed: number;
}

/** Items in and out of all steps of a line: into a loop only what came from outside, out of it only what left it for good. */
export const sumsOf = remembered((line: StepLine): Sums => {
  const steps = lastAttempts(stepsIn(line));
  const failed = sum(steps.map(failedOf));
  if (line.is === 'step' || !steps.some(isHead))
    return { in: sum(steps.map(countIn)), out: sum(steps.map(countOut)), failed };
  const first = steps.filter((step) => isHead(step) && turnOf(step.path) === 0);
  const fromOutside = first.flatMap(({ input }) =>
    Object.entries(input).flatMap(([port, items]) => (port === 'next' ? [] : [countOf(items)])),
  );
  return { in: sum(fromOutside), out: sum(steps.filter((step) => !isHead(step)).map(countOut)), failed };
});

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const isOpenGroup = (line: StepLine | undefined) => line?.is === 'group' && line.isOpen;

/** Where a key leads from a line; the line of an open group is passed over, its steps lie right under it. */
export function lineAfter(lines: readonly StepLine[], place: number, key: string): number | undefined {
  const step = key === 'ArrowUp' ? -1 : 1;
  const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: lines.length - 1 }[key];
  if (to === undefined) return undefined;
  const within = Math.max(0, Math.min(lines.length - 1, to));
  if (!isOpenGroup(lines[within])) return within;
  const past = within + step;
  return past < 0 ? within + 1 : past;
}
