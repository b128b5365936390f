import type { Budget } from '../facts/budget.ts';

/**
 * Where a text first stands in another at or after a place, as `indexOf` tells, in time that grows with their lengths and never with their product:
 * what is searched and what is looked for may both come from a stranger.
 */
export function indexIn(whole: string, part: string, from = 0, budget?: Budget): number {
  if (part.length <= longestBegin) return whole.indexOf(part, from);
  // Almost always the host tells at once that not even the beginning is there.
  const begin = whole.indexOf(part.slice(0, longestBegin), from);
  if (begin < 0 || whole.startsWith(part, begin)) return begin;
  return twoWay(whole, part, { from: begin, until: whole.length, isLast: false, budget });
}

/** Where a text last stands in another at or before a place, as `lastIndexOf` tells, in such time. */
export function lastIndexIn(whole: string, part: string, from = Infinity, budget?: Budget): number {
  if (part.length <= shortPart || whole.length * part.length <= fewComparisons) return whole.lastIndexOf(part, from);
  const until = Number.isNaN(from) ? Infinity : Math.max(0, from);
  return twoWay(whole, part, { from: 0, until, isLast: true, budget });
}

/** Whether a text stands in another at or after a place, in such time. */
export const isIn = (whole: string, part: string, from = 0, budget?: Budget): boolean =>
  indexIn(whole, part, from, budget) >= 0;

/** The pieces of a text between those of another, as `split` makes them, at most so many, in such time. */
export function splitBy(whole: string, part: string, most = 2 ** 32 - 1, budget?: Budget): string[] {
  if (part.length <= longestBegin) return whole.split(part, most);
  const pieces: string[] = [];
  let done = 0;
  while (pieces.length < most) {
    const at = indexIn(whole, part, done, budget);
    pieces.push(whole.slice(done, at < 0 ? undefined : at));
    if (at < 0) break;
    done = at + part.length;
  }
  return pieces;
}

/** The host compares each character of a text with at most so many; forwards it takes 5 ns for each, backwards 1 ns for each comparison. */
const longestBegin = 32;
const shortPart = 4;
const fewComparisons = 1_000_000;

interface Range {
  readonly from: number;
  readonly until: number;
  readonly isLast: boolean;
  readonly budget: Budget | undefined;
}

/**
 * The two-way search of Crochemore and Perrin (Journal of the ACM 38, 1991): each character of the text is compared at most twice, and nothing is kept
 * beside a few numbers. It goes forwards for the last place too, because the shift after a match is as good as after none.
 */
function twoWay(whole: string, part: string, { from, until, isLast, budget }: Range): number {
  budget?.about((whole.length - from + part.length * 3) / charactersAStep);
  const { cut, period, isPeriodic } = factorsOf(part);
  const end = Math.min(until, whole.length - part.length);
  let found = -1;
  // What is known to match at the next place: the letters up to this one.
  let known = -1;
  for (let at = from; at <= end;) {
    let i = Math.max(cut, known) + 1;
    while (i < part.length && part.charCodeAt(i) === whole.charCodeAt(at + i)) i += 1;
    if (i < part.length) {
      at += i - cut;
      known = -1;
      continue;
    }
    i = cut;
    while (i > known && part.charCodeAt(i) === whole.charCodeAt(at + i)) i -= 1;
    if (i <= known) {
      found = at;
      if (!isLast) return found;
    }
    at += period;
    known = isPeriodic ? part.length - period - 1 : -1;
  }
  return found;
}

/** How many characters are looked at in the time of a step of expressions. */
const charactersAStep = 12;

/** Where a text is cut in two so that a period across the cut is a period of the whole, and how far a search may go on after a match of its second part. */
function factorsOf(part: string): { cut: number; period: number; isPeriodic: boolean } {
  const [one, other] = [maximalSuffix(part, 1), maximalSuffix(part, -1)];
  const { before: cut, period } = one.before > other.before ? one : other;
  const isPeriodic = part.startsWith(part.slice(0, cut + 1), period);
  return { cut, period: isPeriodic ? period : Math.max(cut + 1, part.length - cut - 1) + 1, isPeriodic };
}

/** The suffix that is greatest by code units, or by their opposite: the place before it, and its period. */
function maximalSuffix(part: string, sign: 1 | -1): { before: number; period: number } {
  let before = -1;
  let period = 1;
  let at = 0;
  let length = 1;
  while (at + length < part.length) {
    const difference = sign * (part.charCodeAt(at + length) - part.charCodeAt(before + length));
    if (difference < 0) {
      at += length;
      length = 1;
      period = at - before;
    } else if (difference > 0) {
      before = at;
      at += 1;
      length = 1;
      period = 1;
    } else if (length === period) {
      at += period;
      length = 1;
    } else length += 1;
  }
  return { before, period };
}
