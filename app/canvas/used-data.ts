import type { Workflow } from '../../flow/document/workflow.ts';
import { wasLeft } from '../../flow/facts/was-left.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { chosenKey } from './editing.ts';
import type { EditorState, UsedData } from './editor-state.ts';

type Seen = Pick<EditorState, 'history' | 'catalogue' | 'selection' | 'usedRun' | 'usedData'>;

/** What a run has for a try that uses its data. */
export const usedDataOf = ({ start }: { readonly start: string }, steps: readonly RunStep[]): UsedData => ({
  start,
  nodes: new Set([start, ...steps.filter(wasLeft).map(({ key }) => key)]),
});

/** Whether a try would begin at another start than the run whose data is used did: nothing of that run is used then. */
export function beginsElsewhere({ history, catalogue, selection, usedData }: Seen): boolean {
  const key = chosenKey(selection);
  const node = history.document.nodes.find((one) => one.key === key);
  return (
    usedData !== undefined &&
    node !== undefined &&
    node.key !== usedData.start &&
    catalogue(node.type, node.version)?.role === 'start'
  );
}

const none: ReadonlySet<string> = new Set();

/** The nodes whose pins stand for nothing: the run whose data is used has something of them. */
export const nodesOfUsedRun = (state: Seen): ReadonlySet<string> =>
  state.usedRun === undefined || !state.usedData || beginsElsewhere(state) ? none : state.usedData.nodes;

/** A document with those of its pins alone that count beside the data of a run. */
export function withPinsThatCount(document: Workflow, unused: ReadonlySet<string>): Workflow {
  const pins = Object.entries(document.pins ?? {});
  return pins.some(([key]) => unused.has(key))
    ? { ...document, pins: Object.fromEntries(pins.filter(([key]) => !unused.has(key))) }
    : document;
}

/** Whose data a try begins with, in a sentence that is true for the node that is chosen. */
export function usedWords(state: Seen): string {
  const { history, usedRun = '', usedData } = state;
  const run = `run ${usedRun.slice(-6)}`;
  if (!usedData) return `Using data of ${run}`;
  if (beginsElsewhere(state)) return `Data of ${run} is not used from this trigger`;
  const left = Object.keys(withPinsThatCount(history.document, usedData.nodes).pins ?? {}).length;
  return `Using data of ${run}${left === 0 ? '' : `, and ${left === 1 ? '1 pin' : `${left} pins`} where it has none`}`;
}
