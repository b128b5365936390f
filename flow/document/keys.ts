import { withShortMarks } from '../values/mark-runs.ts';
import type { Workflow } from './workflow.ts';

const longest = 60;

/** A key as a person would choose it from a title or type: `Fetch orders` gives fetch_orders, `rules.if` gives if. */
export function keyFrom(words: string): string {
  const last = /^[a-z]+\.[a-z0-9-]+$/.test(words) ? words.slice(words.indexOf('.') + 1) : words;
  const plain = withShortMarks(last)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, longest)
    .replace(/_+$/, '');
  return plain === '' || plain === 'constructor' ? 'node' : plain;
}

/** A key that is not taken: the words' own, or with the next free number behind it. */
export function freshKey(words: string, taken: ReadonlySet<string>): string {
  const key = keyFrom(words);
  if (!taken.has(key)) return key;
  const stem = key.replace(/_\d+$/, '') || key;
  for (let number = 2; ; number++) if (!taken.has(`${stem}_${number}`)) return `${stem}_${number}`;
}

/** The keys of a document's nodes. */
export const keysOf = ({ nodes }: Workflow): Set<string> => new Set(nodes.map(({ key }) => key));
