import type { Catalogue } from '../../flow/document/card.ts';
import type { Node } from '../../flow/document/workflow.ts';

/** What a node is called wherever people read it: its own title, otherwise the title of its type. Its key is for expressions. */
export const nodeName = (catalogue: Catalogue, { key, title, type, version }: Node): string =>
  title ?? catalogue(type, version)?.title ?? key;
