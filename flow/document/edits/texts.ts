import type { Node } from '../workflow.ts';

type Params = NonNullable<Node['params']>;

/** How a key is called from now on. */
export type Rename = (key: string) => string;

/** A node's params whose expressions and code name nodes by their new keys; the same object when nothing changes. */
export type RenameTexts = (node: Node, params: Params, rename: Rename) => Params;

let lent: RenameTexts | undefined;

/**
 * Lends edits what reads texts. `rename-texts.ts` does so when it is loaded: its parsers are a quarter of all that an empty canvas would
 * load (85 of 350 kB), and a document without nodes has no text that names one.
 */
export function lendTexts(reader: RenameTexts): void {
  lent = reader;
}

/** A node's params, with the names in its texts following. */
export const renamedTexts: RenameTexts = (node, params, rename) => {
  if (!lent) throw new Error('Load flow/document/edits/rename-texts.ts before keys are renamed.');
  return lent(node, params, rename);
};
