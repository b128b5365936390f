import { brokenWords } from '../../flow/values/broken-json.ts';
import { canonical } from '../../flow/document/canonical.ts';
import { shownOutputs } from '../../flow/document/ports.ts';
import { pinned as pinnedShape } from '../../flow/document/workflow.ts';
import type { Pinned } from '../../flow/document/workflow.ts';
import { hasAway } from '../../flow/facts/away.ts';
import { whenThere } from '../ui/when-there.ts';
import type { EditorState } from './editor-state.ts';
import { shownOf } from './shown-step.ts';
import { nodesOfUsedRun } from './used-data.ts';

/** Fetches what a run left at the server; not loaded before something of a run is pinned. */
const facts = whenThere(() => import('../api/facts.ts'));

type Seen = Pick<EditorState, 'history' | 'catalogue' | 'shown' | 'turn' | 'selection' | 'usedRun' | 'usedData'>;

/** The ports that a node gives items on. */
export function portsOf({ history, catalogue }: Seen, key: string): string[] {
  const node = history.document.nodes.find((one) => one.key === key);
  const card = node && catalogue(node.type, node.version);
  return node && card ? shownOutputs(card, node, history.document.edges).map(({ name }) => name) : [];
}

/** What a node gave in the run that is shown, in the iteration that is, as a pin; undefined when it has not run. */
export function shownOutput(state: Seen, key: string): Pinned | undefined {
  const { step } = shownOf(state, key);
  const [first] = portsOf(state, key);
  if (step?.status !== 'finished' || first === undefined) return undefined;
  const ports = Object.entries(step.output);
  const [only, ...more] = ports;
  return only?.[0] === first && more.length === 0
    ? [...only[1]]
    : Object.fromEntries(ports.map(([port, items]) => [port, [...items]]));
}

/** The same, with what of it was left at the server. */
export async function wholeOutput(state: Seen, key: string): Promise<Pinned | undefined> {
  const given = shownOutput(state, key);
  const run = state.shown?.id;
  if (given === undefined || run === undefined) return given;
  const { bringItems } = await facts();
  if (Array.isArray(given)) return [...(await bringItems(run, given))];
  const ports = Object.entries(given).map(async ([port, items]) => [port, [...(await bringItems(run, items))]]);
  return Object.fromEntries(await Promise.all(ports));
}

/** Whether something of what a node gave was left at the server. */
const isLeft = (given: Pinned): boolean =>
  (Array.isArray(given) ? [given] : Object.values(given)).some((items) => hasAway(items));

/** The pin that is not what the run on the canvas has of the node: written since, or there is no run. It is what counts from now on. */
export function pinBeyondRun(state: Seen, key: string): Pinned | undefined {
  const pin = state.history.document.pins?.[key];
  if (pin === undefined || nodesOfUsedRun(state).has(key)) return undefined;
  const given = shownOutput(state, key);
  // What was left cannot be compared: the pin is what counts in any case.
  if (given && isLeft(given)) return pin;
  return canonical(pin) === canonical(given ?? null) ? undefined : pin;
}

/** Reads a pin that somebody wrote: a list of items, or one for each port. */
export function readPin(text: string, ports: readonly string[]): { pinned: Pinned } | { wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { wrong: `This is not JSON. ${brokenWords(text)}` };
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
