/** A promise as a figure: what it came to, beside what it may come to at most, or must at least. */
export interface Law {
  readonly name: string;
  readonly is: number;
  readonly most?: number;
  readonly least?: number;
  /** What is counted: ms, %, MB, tests. */
  readonly unit: string;
}

/** Whether a law holds; what could not be measured, NaN or the longest of nothing, does not. */
export const holds = ({ is, most = Infinity, least = -Infinity }: Law): boolean =>
  Number.isFinite(is) && is <= most && is >= least;

/** The name, the figure and its bound. */
export function sentenceOf({ name, is, most, least, unit }: Law): string {
  const bound = [
    ...(least === undefined ? [] : [`at least ${Math.round(least)}`]),
    ...(most === undefined ? [] : [`at most ${Math.round(most)}`]),
  ].join(', ');
  return `${name}: ${Math.round(is)} ${unit} (${bound})`;
}

/** The same as a line of a list: whether it holds before it. */
export const lineOf = (law: Law): string => `${holds(law) ? 'ok    ' : 'BROKEN'} ${sentenceOf(law)}`;
