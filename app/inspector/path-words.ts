import { turnsOn } from './iterations.ts';

/** The turns of a path as people count them, outermost first: `/loop:2/inner:0` is `3.1`; the root has none. */
export const turnNumbers = (path: string): string =>
  turnsOn(path)
    .map(({ turn }) => turn + 1)
    .join('.');

/** The same in words: `iteration 3.1`. */
export function turnWords(path: string): string {
  const numbers = turnNumbers(path);
  return numbers === '' ? '' : `iteration ${numbers}`;
}
