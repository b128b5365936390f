import { isObject } from '../document/json.ts';
import type { Issue } from '../document/workflow.ts';
import { boxText, gapsOf } from './table-gaps.ts';
import type { Box, TableRow } from './table-gaps.ts';
import { axesOf, maskOf, opaque } from './table-axes.ts';
import type { Axis } from './table-axes.ts';
import { fullBudget, looksInAStep, spend, TooLarge } from './table-budget.ts';
import type { Budget } from './table-budget.ts';

const maxRows = 500;
const maxReported = 10;

/**
 * What is wrong with a decision table as it is written: cases that no row decides (gaps), rows that never come to their turn,
 * and rows that meet with different results. Exact for number, whole, boolean and choice columns; a condition of another kind
 * counts as one that might hold, so nothing is reported that might be right. Never throws, whatever `params` is.
 */
export function decisionTableIssues(params: unknown, node?: string, budget: Budget = fullBudget()): Issue[] {
  const issue = (level: Issue['level'], code: string, message: string, mend: string, row?: number): Issue => ({
    level,
    code,
    where: { ...(node === undefined ? {} : { node }), param: row === undefined ? 'rows' : `rows[${row}]` },
    message,
    mend,
  });
  try {
    const table = readTable(params, budget);
    if (table === undefined) return [];
    return [...gapIssues(table, issue), ...(table.hit === 'first' ? orderIssues(table, issue) : [])];
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    const mend = 'Split the table in two, or compare fewer different values.';
    return [issue('hint', 'table.too-large', 'The table is too large to be looked at for gaps and overlaps.', mend)];
  }
}

type MakeIssue = (level: Issue['level'], code: string, message: string, mend: string, row?: number) => Issue;

interface Table {
  readonly axes: readonly Axis[];
  readonly rows: readonly TableRow[];
  readonly results: readonly string[];
  readonly hit: unknown;
  readonly hasOtherwise: boolean;
  /** Shared by all that is asked: 500 rows that cost a little less than a whole budget each are seconds. */
  readonly budget: Budget;
}

function readTable(params: unknown, budget: Budget): Table | undefined {
  if (!isObject(params) || !Array.isArray(params['columns']) || !Array.isArray(params['rows'])) return undefined;
  const rows = params['rows'].filter(isObject);
  const columns = params['columns'].filter(isObject);
  if (rows.length !== params['rows'].length || rows.length === 0 || rows.length > maxRows) return undefined;
  const axes = axesOf(columns, rows.map(whenOf), budget);
  return {
    axes,
    rows: rows.map((row) => rowOf(whenOf(row), axes, budget)),
    results: rows.map((row) => JSON.stringify(row['then'] ?? {})),
    hit: params['hit'] ?? 'first',
    hasOtherwise: isObject(params['otherwise']),
    budget,
  };
}

const whenOf = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  isObject(row['when']) ? row['when'] : {};

function rowOf(when: Readonly<Record<string, unknown>>, axes: readonly Axis[], budget: Budget): TableRow {
  const masks = axes.map((axis) => maskOf(Object.hasOwn(when, axis.id) ? when[axis.id] : undefined, axis, budget));
  const known = new Set(axes.map((axis) => axis.id));
  const isOpaque = masks.includes(opaque) || Object.entries(when).some(([id, cell]) => !known.has(id) && !isAny(cell));
  return { masks: masks.map((mask, at) => (mask === opaque ? axes[at]!.whole : mask)), isOpaque };
}

const isAny = (cell: unknown): boolean => cell === undefined || cell === null || cell === '' || cell === '-';

function gapIssues({ axes, rows, hasOtherwise, budget }: Table, issue: MakeIssue): Issue[] {
  if (hasOtherwise || axes.length === 0) return [];
  const mend = 'Add a row for this case, or say what holds otherwise.';
  return gapsOf(axes, rows, undefined, budget)
    .slice(0, maxReported)
    .map((box) => issue('warning', 'table.gap', `No row decides ${boxText(box, axes, budget)}.`, mend));
}

function orderIssues(table: Table, issue: MakeIssue): Issue[] {
  const unreachable = new Map(
    table.rows.flatMap((_, at) => {
      const why = whyUnreachable(table, at);
      return why === undefined ? [] : [[at, why] as const];
    }),
  );
  const mend = 'Correct its conditions, move it above the rows that take its cases, or remove it.';
  const never = [...unreachable].map(([at, why]) =>
    issue('warning', 'table.unreachable', `Row ${at + 1} never decides: ${why}.`, mend, at),
  );
  return [...never, ...overlapIssues(table, issue, (at) => !unreachable.has(at))];
}

function whyUnreachable({ axes, rows, budget }: Table, at: number): string | undefined {
  const { masks } = rows[at]!;
  if (masks.includes(0n)) return 'its conditions cannot hold together';
  const earlier = rows.slice(0, at).filter((other) => !other.isOpaque);
  if (earlier.length === 0 || gapsOf(axes, earlier, masks, budget).length > 0) return undefined;
  return 'rows above take all its cases';
}

/** Rows that decide and meet with different results; a later row that covers an earlier one whole is the usual catch-all. */
function overlapIssues(
  { axes, rows, results, budget }: Table,
  issue: MakeIssue,
  decides: (row: number) => boolean,
): Issue[] {
  const found: Issue[] = [];
  rows.forEach((later, at) => {
    if (later.isOpaque || !decides(at)) return;
    rows.slice(0, at).forEach((earlier, before) => {
      if (found.length >= maxReported || earlier.isOpaque || results[at] === results[before]) return;
      const common = commonOf(earlier.masks, later.masks, budget);
      if (common === undefined || common.every((mask, axis) => mask === earlier.masks[axis])) return;
      const message = `Rows ${before + 1} and ${at + 1} both hold for ${boxText(common, axes, budget)}; row ${before + 1} decides.`;
      found.push(issue('hint', 'table.overlap', message, 'Narrow one of them if that is not meant.', at));
    });
  });
  return found;
}

/** The cases that two rows have in common; nothing when they have none. */
function commonOf(one: Box, other: Box, budget: Budget): Box | undefined {
  let at = 0;
  while (at < one.length && (one[at]! & other[at]!) !== 0n) at++;
  spend(budget, (at + 1) / looksInAStep);
  return at < one.length ? undefined : one.map((mask, axis) => mask & other[axis]!);
}
