import type { Catalogue } from '../../flow/document/card.ts';
import type { Clash } from '../../flow/document/merge/values.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { choiceWords, fieldWords } from './compare.ts';

/** What a clash is about and what each side made of it, in the words of the form. */
export function clashWords(catalogue: Catalogue, clash: Pick<Clash, 'node' | 'path'>, node: Node | undefined) {
  const path = (clash.path[0] === 'params' ? clash.path.slice(1) : clash.path).join('.');
  const owner = (node && nodeName(catalogue, node)) ?? clash.node ?? 'The workflow';
  const field = path === '' || !node ? path : fieldWords(catalogue, node, path);
  return {
    name: [owner, field].filter((part) => part !== '').join(' › '),
    words: (value: unknown): string => (node && choiceWords(catalogue, node, path, value)) ?? written(value),
  };
}

function written(value: unknown): string {
  if (value === undefined) return 'Removed';
  return typeof value === 'string' ? value || '(empty)' : JSON.stringify(value, null, 2);
}
