import type { Budget } from '../facts/budget.ts';

/** Characters as people count them: a pair of surrogates is one. */
export function codePoints(text: string, budget?: Budget): number {
  budget?.about(text.length / charactersAStep);
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) {
      count -= 1;
      at += 1;
    }
  }
  return count;
}

/** Looked at in the time of a step of `limits.steps`. */
const charactersAStep = 25;

/** Whether a unit of UTF-16 is the first half of a character beyond U+FFFF. */
export const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
/** Whether it is the second half of one. */
export const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
