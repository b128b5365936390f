import type { Budget } from '../facts/budget.ts';

/**
 * A text in which at most 30 marks stand upon one letter, as streams are kept safe (UAX 15, section 13): after each 30 comes a joiner that no order
 * looks at. The host puts the marks of a letter in order before it compares texts, in time that grows with the square of their number; no language
 * has more than a few.
 */
export const withShortMarks = (text: string): string => text.replaceAll(/\p{M}{30}(?=\p{M})/gu, '$&\u034F');

/** Tells the budget what putting the marks of a text in order takes at most, where so many stand upon one letter. */
export function aboutMarks(text: string, budget: Budget | undefined): void {
  if (!budget) return;
  for (const { 0: marks } of text.matchAll(/\p{M}{31,}/gu)) budget.about(marks.length ** 2 / squaresAStep);
}

/** Pairs of marks that change places take 4 ns each; half of all pairs do at most. */
const squaresAStep = 25;
