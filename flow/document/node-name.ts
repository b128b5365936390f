import type { Catalogue } from './card.ts';
import { plain } from './quote.ts';
import type { Node } from './workflow.ts';

/** What a node is called wherever people read it: its own title, otherwise the title of its type. Its key is for expressions. */
export const nodeName = (catalogue: Catalogue, { key, title, type, version }: Node): string =>
  title ?? catalogue(type, version)?.title ?? key;

/** The same inside a sentence: at most 80 characters, and its key when the title shows nothing. */
export function nameInText(catalogue: Catalogue, node: Node): string {
  const name = plain(nodeName(catalogue, node)).trim();
  if (name === '') return node.key;
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}
