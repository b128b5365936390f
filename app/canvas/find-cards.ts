import type { NodeEntry } from '../../flow/contract/node.ts';
import type { Family } from '../../flow/document/card.ts';

/** The families in the order and with the names of the palette. */
export const families: readonly { readonly family: Family; readonly title: string }[] = [
  { family: 'trigger', title: 'Start' },
  { family: 'connector', title: 'Connect' },
  { family: 'etl', title: 'Data' },
  { family: 'rule', title: 'Rules' },
  { family: 'flow', title: 'Flow' },
  { family: 'code', title: 'Code' },
  { family: 'ai', title: 'AI' },
  { family: 'channel', title: 'Channels' },
  { family: 'data', title: 'Entities' },
];

/** The cards that a few letters mean, best first: the title's beginning, a word of it, its type, then what it does. */
export function findCards(cards: readonly NodeEntry[], words: string): readonly NodeEntry[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return cards;
  return cards
    .map((card) => ({ card, rank: rankOf(card, wanted) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ card }) => card);
}

function rankOf({ title, type, summary }: NodeEntry, wanted: string): number {
  const name = title.toLowerCase();
  if (name.startsWith(wanted)) return 5;
  if (name.split(' ').some((word) => word.startsWith(wanted))) return 4;
  if (type.includes(wanted)) return 3;
  if (name.includes(wanted)) return 2;
  return wanted.split(/\s+/).every((word) => `${name} ${summary.toLowerCase()}`.includes(word)) ? 1 : 0;
}
