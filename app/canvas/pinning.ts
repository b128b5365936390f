import { canonical } from '../../flow/document/canonical.ts';
import { outputPorts } from '../../flow/document/ports.ts';
import { pinned as pinnedShape } from '../../flow/document/workflow.ts';
import type { Pinned } from '../../flow/document/workflow.ts';
import type { EditorState } from './editor-state.ts';

type Seen = Pick<EditorState, 'history' | 'catalogue' | 'shown'>;

/** The ports that a node gives items on. */
export function portsOf({ history, catalogue }: Seen, key: string): string[] {
  const node = history.document.nodes.find((one) => one.key === key);
  const card = node && catalogue(node.type, node.version);
  return node && card ? outputPorts(card, node).map(({ name }) => name) : [];
}

/** What a node gave in the run that is shown, as a pin; undefined when it has not run. */
export function shownOutput(state: Seen, key: string): Pinned | undefined {
  const step = state.shown?.steps.findLast((one) => one.key === key && one.status === 'finished');
  const [first] = portsOf(state, key);
  if (!step || first === undefined) return undefined;
  const ports = Object.entries(step.output);
  return ports.length === 1 && ports[0]![0] === first ? ports[0]![1] : Object.fromEntries(ports);
}

/** The pin that is not what the run on the canvas has of the node: written since, or there is no run. It is what counts from now on. */
export function pinBeyondRun(state: Seen, key: string): Pinned | undefined {
  const pin = state.history.document.pins?.[key];
  return pin !== undefined && canonical(pin) !== canonical(shownOutput(state, key) ?? null) ? pin : undefined;
}

/** Reads a pin that somebody wrote: a list of items, or one for each port. */
export function readPin(text: string, ports: readonly string[]): { pinned: Pinned } | { wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.` };
  }
  const read = pinnedShape.safeParse(value);
  if (!read.success)
    return {
      wrong: `Write a list of items, as in [{ "id": 1 }]${ports.length > 1 ? ', or a list for each output' : ''}.`,
    };
  const stranger = Array.isArray(read.data) ? undefined : Object.keys(read.data).find((port) => !ports.includes(port));
  if (stranger === undefined) return { pinned: read.data };
  return { wrong: `There is no output “${stranger}”. Use ${ports.join(', ')}.` };
}
