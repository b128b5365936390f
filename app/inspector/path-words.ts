import { turnsOn } from './iterations.ts';

/** The turns of a path as people count them: `/loop:2/inner:0` is `iteration 3.1`; the root has none. */
export function turnWords(path: string): string {
  const turns = turnsOn(path).map(({ turn }) => turn + 1);
  return turns.length === 0 ? '' : `iteration ${turns.join('.')}`;
}
