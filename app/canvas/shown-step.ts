import type { RunStep as Step } from '../api/run-shapes.ts';
import type { EditorState, ShownRun } from './editor-state.ts';

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

/** The name of a node in the run that is shown. */
const placeOf = (run: string | undefined, key: string): string => `${run} ${key}`;

/** The iteration of a node that somebody chose to look at, in the run that is shown; undefined for the one that is shown by itself. */
export const chosenTurn = ({ shown, turn }: Pick<EditorState, 'shown' | 'turn'>, key: string): string | undefined =>
  turn?.of === placeOf(shown?.id, key) ? turn.path : undefined;

/** Looks at an iteration of a node. */
export const chooseTurn = (
  { shown }: Pick<EditorState, 'shown'>,
  key: string,
  path: string,
): Pick<EditorState, 'turn'> => ({
  turn: { of: placeOf(shown?.id, key), path },
});

/** What of a node is shown: of the chosen iteration, where there are several. */
export const shownOf = (state: Pick<EditorState, 'shown' | 'turn'>, key: string): ShownStep =>
  shownStep(state.shown?.steps.filter((one) => one.key === key) ?? [], chosenTurn(state, key));

/** Whether a node was drawn after the run that is shown had begun: the run says nothing of it. */
export const cameAfter = (key: string, shown: ShownRun | undefined): boolean =>
  shown !== undefined && !shown.document.nodes.some((node) => node.key === key);
