import { printValue } from './expression-text.ts';
import type { Problem } from './kept.ts';

/** A row of names with values. */
export type Pair = readonly [name: string, value: unknown];

/** Whether a row before has the same name. */
export const isTaken = (pairs: readonly Pair[], index: number): boolean =>
  pairs[index]?.[0] !== '' && pairs.findIndex(([name]) => name === pairs[index]?.[0]) < index;

/** The rows that are finished: the first of each name. */
export const recordOf = (pairs: readonly Pair[]): Record<string, unknown> =>
  Object.fromEntries(pairs.filter(([name], index) => name !== '' && !isTaken(pairs, index)));

/** What keeps rows from being stored. A row with nothing in it is no news. */
export function pairProblems(title: string, pairs: readonly Pair[]): Problem[] {
  const twice = new Set(pairs.filter((_, index) => isTaken(pairs, index)).map(([name]) => name));
  const nameless = pairs.some(([name, given]) => name === '' && printValue(given) !== '');
  return [
    ...[...twice].map((name) => ({
      code: 'row-twice',
      message: `“${name}” stands twice in ${title}.`,
      mend: 'Enter another name, or remove one of the rows.',
    })),
    ...(nameless
      ? [
          {
            code: 'row-nameless',
            message: `A value in ${title} has no name.`,
            mend: 'Enter a name for it, or remove the row.',
          },
        ]
      : []),
  ];
}
