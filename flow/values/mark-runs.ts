import type { Budget } from '../facts/budget.ts';

/**
 * A text in which at most 30 marks stand upon one letter, as streams are kept safe (UAX 15, section 13): after each 30 comes a joiner that no order
 * looks at. The host puts the marks of a letter in order before it compares texts, in time that grows with the square of their number; no language
 * has more than a few.
 */
export function withShortMarks(text: string, budget?: Budget): string {
  if (text.length <= most) return text;
  budget?.about(text.length);
  return text.replaceAll(longRuns, (marks) => marks.replaceAll(fullRuns, '$&\u034F'));
}

/** Tells the budget what putting the marks of a text in order takes at most, where so many stand upon one letter. */
export function aboutMarks(text: string, budget: Budget | undefined): void {
  if (!budget || text.length <= most) return;
  budget.about(text.length);
  for (const { 0: marks } of text.matchAll(longRuns)) budget.about(marks.length ** 2 / squaresAStep);
}

const most = 30;
// From its first mark alone: tried from each, a run of 30 is read 30 times.
const longRuns = /\p{M}(?<!\p{M}{2})\p{M}{30,}/gu;
const fullRuns = /\p{M}{30}(?=\p{M})/gu;

/** Pairs of marks that change places take 4 ns each; half of all pairs do at most. */
const squaresAStep = 25;
