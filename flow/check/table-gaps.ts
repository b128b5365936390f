import type { Axis, Mask, Region } from './table-axes.ts';

/** A row as the regions of each axis in which it holds; opaque when it also asks for something else. */
export interface TableRow {
  readonly masks: readonly Mask[];
  readonly isOpaque: boolean;
}

/** A set of cases: some regions of each axis. */
export type Box = readonly Mask[];

/** Thrown when the table has too many combinations to look at. */
export class TooLarge extends Error {}

/** Work that is left for looking at tables: a step is a region, or a row met in one. 500,000 take half a second at worst. */
export interface Budget {
  steps: number;
}

/** What the tables of one document may cost. */
export const fullBudget = (): Budget => ({ steps: 500_000 });

/**
 * The cases within a box (all of them, when none is given) in which no row holds, as few boxes as merging neighbours gives.
 * Divides axis by axis and stops where no row is left, or one is that asks nothing more. Throws `TooLarge`.
 */
export function gapsOf(
  axes: readonly Axis[],
  rows: readonly TableRow[],
  within?: Box,
  budget: Budget = fullBudget(),
): Box[] {
  const box = within ?? axes.map((axis) => axis.whole);
  const numberOf = new Map(rows.map((row, number) => [row, number]));
  const bits = axes.map((axis) => axis.regions.map((_, at) => 1n << BigInt(at)));
  const seen = new Map<string, Box[]>();
  const divide = (depth: number, left: readonly TableRow[]): Box[] => {
    if (left.length === 0) return [box.slice(depth)];
    if (left.some((row) => asksNothing(row, depth))) return [];
    const key = `${depth}:${left.map((row) => numberOf.get(row)).join()}`;
    const known = seen.get(key);
    if (known) return known;
    const found = new Map<string, { mask: Mask; rest: Box }>();
    bits[depth]!.forEach((bit) => {
      // A region costs even where the box leaves it out: few rows in many regions took seconds.
      if ((budget.steps -= left.length + 1) < 0) throw new TooLarge();
      if ((box[depth]! & bit) === 0n) return;
      const inside = left.filter((row) => (row.masks[depth]! & bit) !== 0n);
      for (const rest of divide(depth + 1, inside)) {
        // Naming a box prints numbers of hundreds of bits, which costs a microsecond each; tables with many gaps have many.
        if ((budget.steps -= 10 * (rest.length + 1)) < 0) throw new TooLarge();
        const name = rest.join();
        found.set(name, { mask: (found.get(name)?.mask ?? 0n) | bit, rest });
      }
    });
    const gaps = [...found.values()].map(({ mask, rest }): Box => [mask, ...rest]);
    seen.set(key, gaps);
    return gaps;
  };
  const asksNothing = (row: TableRow, depth: number): boolean =>
    row.masks.slice(depth).every((mask, at) => (box[depth + at]! & ~mask) === 0n);
  return divide(0, rows);
}

/** A box in words: `amount from 10 to below 20 and tier gold or silver`; `every case` when it is everything. */
export function boxText(box: Box, axes: readonly Axis[]): string {
  const parts = axes.flatMap((axis, at) =>
    box[at] === axis.whole ? [] : [`${axis.title} ${maskText(box[at]!, axis)}`],
  );
  return parts.length === 0 ? 'every case' : parts.join(' and ');
}

function maskText(mask: Mask, { regions }: Axis): string {
  const texts: string[] = [];
  let run: Region[] = [];
  [...regions, undefined].forEach((region, at) => {
    const isIn = region !== undefined && (mask & (1n << BigInt(at))) !== 0n;
    if (isIn && isNumeric(region)) run.push(region);
    else {
      if (run.length > 0) texts.push(rangeText(run));
      run = [];
      if (isIn) texts.push(wordText(region));
    }
  });
  return texts.join(' or ');
}

type Numeric = Extract<Region, { kind: 'point' | 'between' }>;
const isNumeric = (region: Region): region is Numeric => region.kind === 'point' || region.kind === 'between';

const wordText = (region: Region): string => (region.kind === 'word' ? String(region.value) : 'anything else');

function rangeText(run: readonly Region[]): string {
  const [first, last] = [run[0]!, run.at(-1)!].filter(isNumeric);
  if (!first || !last) return '';
  const from = first.kind === 'point' ? `from ${first.value}` : above(first.above);
  const to = last.kind === 'point' ? `to ${last.value}` : below(last.below);
  if (run.length === 1 && first.kind === 'point') return `${first.value}`;
  return [from, to].filter((text) => text !== '').join(' ') || 'any number';
}

const above = (bound: number): string => (Number.isFinite(bound) ? `above ${bound}` : '');
const below = (bound: number): string => (Number.isFinite(bound) ? `below ${bound}` : '');
