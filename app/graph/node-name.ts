import type { Catalogue } from '../../flow/document/card.ts';
import type { Node } from '../../flow/document/workflow.ts';

/** What a node is called wherever people read it: its own title, otherwise the title of its type. Its key is for expressions. */
export const nodeName = (catalogue: Catalogue, { key, title, type, version }: Node): string =>
  title ?? catalogue(type, version)?.title ?? key;

/** A title that no node of these has: the one that is wanted, or with the next free number behind it. Lists can then tell nodes apart. */
export function freshTitle(title: string, taken: ReadonlySet<string>): string {
  if (!taken.has(title)) return title;
  const stem = title.replace(/ \d+$/, '') || title;
  for (let number = 2; ; number++) if (!taken.has(`${stem} ${number}`)) return `${stem} ${number}`;
}
