import { quote } from '../quote.ts';
import type { Issue, Node, Workflow } from '../workflow.ts';
import type { Edit } from './edit.ts';

/** The document after an edit, with the edit that takes it back exactly. */
export interface Applied {
  readonly document: Workflow;
  readonly undo: Edit;
}

/** Why an edit cannot be carried out on this document; the document stays as it is. */
export interface Refused {
  readonly refused: Issue;
}

export type Outcome = Applied | Refused;

/** Refuses an edit in words. */
export const refuse = (where: Issue['where'], message: string, mend: string): Refused => ({
  refused: { level: 'error', code: 'edit.refused', where, message, mend },
});

/** Refuses an edit of a node that is not there. */
export const noNode = (key: string): Refused =>
  refuse({ node: key }, `There is no node ${quote(key)}.`, 'Somebody may have removed it: reload, and try again.');

/** Refuses an edit that would give a name twice. */
export const taken = (what: string, name: string): Refused =>
  refuse({}, `The ${what} ${quote(name)} is taken.`, 'Choose another.');

/** The place of a node in the document; -1 when it is not there. */
export const placeOf = (document: Workflow, key: string): number =>
  document.nodes.findIndex((node) => node.key === key);

/** A list with an entry put in at a place, or at the end. */
export const inserted = <Entry>(list: readonly Entry[], entry: Entry, index = list.length): Entry[] =>
  list.toSpliced(Math.min(index, list.length), 0, entry);

/** A document with one node changed. */
export const withNode = (document: Workflow, place: number, node: Node): Workflow => ({
  ...document,
  nodes: document.nodes.with(place, node),
});

/** An object with a field set, or taken away when the value is undefined: absent and undefined must not differ. */
export function withField<Whole extends object, Name extends keyof Whole>(
  whole: Whole,
  name: Name,
  value: Whole[Name] | undefined,
): Whole {
  if (value !== undefined) return { ...whole, [name]: value };
  const { [name]: _gone, ...rest } = whole;
  // What is left is the whole without an optional field.
  return rest as Whole;
}

/** As `withField`, where an empty list or record counts as absent: the form that `parseWorkflow` gives. */
export const withSection = <Name extends 'notes' | 'groups' | 'pins' | 'tests'>(
  document: Workflow,
  name: Name,
  value: NonNullable<Workflow[Name]>,
): Workflow => withField(document, name, Object.keys(value).length === 0 ? undefined : value);
