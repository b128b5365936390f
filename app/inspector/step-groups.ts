import type { RunStep } from '../api/run-shapes.ts';

/** A line in the list of steps: one step, or all iterations of a node that have a step each. */
export type StepLine =
  | { readonly is: 'step'; readonly id: string; readonly step: RunStep; readonly isInside: boolean }
  | { readonly is: 'group'; readonly id: string; readonly steps: readonly RunStep[]; readonly isOpen: boolean };

/** What a group counts as: the first that matches one of its steps, last attempts alone. */
const loudness: readonly RunStep['status'][] = [
  'running',
  'in-doubt',
  'failed',
  'waiting',
  'queued',
  'finished',
  'cancelled',
  'skipped',
];

export const groupId = (key: string): string => `all ${key}`;

/**
 * Steps in the order in which they began, as lines. A loop whose iterations have a step each would be a line for each of them, hundreds: a node with
 * steps in more than one iteration is one line where the first of them stood, and those that are open have their steps under it.
 */
export function linesOfSteps(ordered: readonly RunStep[], open: ReadonlySet<string>): readonly StepLine[] {
  const inTurns = Map.groupBy(
    ordered.filter(({ path, turns }) => path !== '' && !turns),
    ({ key }) => key,
  );
  const groups = new Map([...inTurns].filter(([, steps]) => new Set(steps.map(({ path }) => path)).size > 1));
  const said = new Set<string>();
  return ordered.flatMap((step): StepLine[] => {
    const steps = step.path === '' || step.turns ? undefined : groups.get(step.key);
    if (!steps) return [{ is: 'step', id: step.id, step, isInside: false }];
    if (said.has(step.key)) return [];
    said.add(step.key);
    const id = groupId(step.key);
    const isOpen = open.has(step.key);
    const inside = isOpen ? steps : [];
    return [
      { is: 'group', id, steps, isOpen },
      ...inside.map((one) => ({ is: 'step', id: one.id, step: one, isInside: true }) as const),
    ];
  });
}

/** The last attempts of a group's steps: what its numbers add up. */
export const lastAttempts = (steps: readonly RunStep[]): readonly RunStep[] => [
  ...new Map(steps.map((step) => [step.path, step])).values(),
];

/** The step that speaks for a group: what is at it or needs somebody, what failed, else the last. */
export function loudestOf(steps: readonly RunStep[]): RunStep | undefined {
  const last = lastAttempts(steps);
  for (const status of loudness) {
    const found = last.findLast((step) => step.status === status);
    if (found) return found;
  }
  return undefined;
}
