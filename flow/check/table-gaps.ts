import type { Axis, Mask, Region } from './table-axes.ts';
import { fullBudget, looksInAStep, spend } from './table-budget.ts';
import type { Budget } from './table-budget.ts';

/** A row as the regions of each axis in which it holds; opaque when it also asks for something else. */
export interface TableRow {
  readonly masks: readonly Mask[];
  readonly isOpaque: boolean;
}

/** A set of cases: some regions of each axis. */
export type Box = readonly Mask[];

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
  const seen = new Map<string, Box[]>();
  const divide = (depth: number, left: readonly TableRow[]): Box[] => {
    if (left.length === 0) return [box.slice(depth)];
    if (left.some((row) => asksNothing(row, depth))) return [];
    const key = `${depth}:${left.map((row) => numberOf.get(row)).join()}`;
    const known = seen.get(key);
    if (known) return known;
    const found = new Map<string, { mask: Mask; rest: Box }>();
    axes[depth]!.regions.forEach((_, at) => {
      // A region costs even where the box leaves it out: few rows in many regions took seconds.
      spend(budget, left.length + 1);
      const bit = 1n << BigInt(at);
      if ((box[depth]! & bit) === 0n) return;
      const inside = left.filter((row) => (row.masks[depth]! & bit) !== 0n);
      for (const rest of divide(depth + 1, inside)) {
        // Naming a box prints numbers of hundreds of bits, which costs a microsecond each; tables with many gaps have many.
        spend(budget, 10 * (rest.length + 1));
        const name = rest.join();
        found.set(name, { mask: (found.get(name)?.mask ?? 0n) | bit, rest });
      }
    });
    const gaps = [...found.values()].map(({ mask, rest }): Box => [mask, ...rest]);
    seen.set(key, gaps);
    return gaps;
  };
  const asksNothing = ({ masks }: TableRow, depth: number): boolean => {
    let at = depth;
    while (at < masks.length && (box[at]! & ~masks[at]!) === 0n) at++;
    spend(budget, (at - depth) / looksInAStep);
    return at === masks.length;
  };
  return divide(0, rows);
}

/** A box in words: `amount from 10 to below 20 and tier gold or silver`; `every case` when it is everything. Throws `TooLarge`. */
export function boxText(box: Box, axes: readonly Axis[], budget: Budget): string {
  const parts = axes.flatMap((axis, at) => {
    if (box[at] === axis.whole) return [];
    spend(budget, axis.regions.length / looksInAStep);
    return [`${axis.title} ${maskText(box[at]!, axis)}`];
  });
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
