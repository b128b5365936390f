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
const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;
