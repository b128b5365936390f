import { keyFrom } from '../../flow/document/keys.ts';
import { quote } from '../../flow/document/quote.ts';
import { longestKey, nodeKey } from '../../flow/document/workflow.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Problem } from '../forms/kept.ts';
import { edit } from './editing.ts';
import type { EditorStore } from './editor-state.ts';

/** Where the name of a node in expressions is kept: beside the places of its params. */
export const keyAt = '@key';

/** A name in expressions as it was typed, and why it was not taken, where it was tried. */
export interface TypedKey {
  readonly text: string;
  readonly refused: Problem | undefined;
}

/** Why a text cannot be the key of a node, and what to write; undefined when it can. */
export function keyProblem({ nodes }: Pick<Workflow, 'nodes'>, key: string, typed: string): Problem | undefined {
  const text = typed.trim();
  if (text === key) return undefined;
  if (nodes.some((node) => node.key === text))
    return { code: 'key-taken', message: `${quote(text)} is another node’s name.`, mend: 'Enter a name of its own.' };
  if (nodeKey.safeParse(text).success) return undefined;
  if (text === '') return { code: 'key-refused', message: 'The name is empty.', mend: 'Enter a name, such as orders.' };
  return { code: 'key-refused', message: whyNoKey(text), mend: `Enter ${keyFrom(text)}.` };
}

function whyNoKey(text: string): string {
  if (/ /.test(text)) return 'A space cannot be in the name.';
  if (!/^[a-z][a-z0-9_]*$/.test(text)) return 'A name has only a-z, 0-9 and _, and begins with a letter.';
  // What is left has the right letters: it is too long, or one of the names that the language has taken.
  return text.length > longestKey
    ? `A name has ${longestKey} characters or fewer; this has ${text.length}.`
    : `${quote(text)} is taken by the language of expressions.`;
}

/** What keeps a name that was refused from being taken now: another node may have let go of it meanwhile. */
export function stillWrong(document: Workflow, key: string, { text, refused }: TypedKey): Problem | undefined {
  return keyProblem(document, key, text) ?? (refused?.code === 'key-taken' ? undefined : refused);
}

/** Gives a node the name that was typed, and follows it. Gives why not, where it cannot. */
export function takeKey(store: EditorStore, key: string, typed: string): Problem | undefined {
  const to = typed.trim();
  const problem = keyProblem(store.getState().history.document, key, to);
  if (problem) return problem;
  const refused = edit(store, { do: 'rename-key', key, to }, 'Change the name in expressions');
  if (refused) return { code: 'key-refused', message: refused.message, mend: refused.mend };
  store.setState(({ selection }) => ({ selection: { ...selection, nodes: new Set([to]) } }));
  return undefined;
}
