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

/** One line: the name, the figure, its bound, and whether it holds. */
export function lineOf(law: Law): string {
  const { name, is, most, least, unit } = law;
  const bound = [
    ...(least === undefined ? [] : [`at least ${Math.round(least)}`]),
    ...(most === undefined ? [] : [`at most ${Math.round(most)}`]),
  ].join(', ');
  return `${holds(law) ? 'ok    ' : 'BROKEN'} ${name}: ${Math.round(is)} ${unit} (${bound})`;
}
