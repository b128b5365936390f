import type { RunStep as Step } from '../api/run-shapes.ts';

/** What of a node is shown after a run: one step, and those of all iterations to go through where there were several. */
export interface ShownStep {
  readonly step: Step | undefined;
  readonly turns: readonly Step[];
}

/** Chooses among the steps of one node: the iteration that is asked for, else the last one that gave something. */
export function shownStep(own: readonly Step[], wanted: string | undefined): ShownStep {
  // The last attempt of each iteration.
  const turns = [
    ...new Map(own.filter(({ turns, path }) => !turns && path !== '').map((one) => [one.path, one])).values(),
  ];
  const last = own.findLast(({ turns, output }) => !turns || Object.keys(output).length > 0) ?? own.at(-1);
  const step = turns.find(({ path }) => path === wanted) ?? last;
  // A loop as a whole has its iterations in a tab of its own.
  return { step, turns: step && turns.includes(step) ? turns : [] };
}
