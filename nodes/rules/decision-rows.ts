import { isObject } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { convert, shorten, toNumber } from '../data/convert.ts';
import type { Conversion } from '../data/convert.ts';
import { assignPath } from '../data/path.ts';
import type { Fresh } from '../data/path.ts';
import { readDate } from '../../flow/values/date.ts';
import { holds } from '../../flow/values/conditions.ts';
import { conditionOp } from '../../flow/values/condition.ts';
import type { ConditionOp } from '../../flow/values/condition.ts';

/** The zone of dates that name none, and the plan's engine number. */
export interface Reading {
  readonly zone: string;
  readonly engine: number;
  readonly budget?: Budget | undefined;
}

export interface Column {
  readonly id: string;
  readonly value?: unknown;
  readonly type: 'number' | 'whole' | 'choice' | 'boolean' | 'text' | 'date';
}

export interface Row {
  readonly when: Readonly<Record<string, unknown>>;
  readonly then: Readonly<Record<string, unknown>>;
}

/** The columns' values for one item, each as its column's type; a missing one is null. Throws `data.invalid`. */
export const columnValues = (columns: readonly Column[], how: Reading): ReadonlyMap<string, unknown> =>
  new Map(columns.map((column) => [column.id, typed(column, how)]));

/** Tells whether every cell of a row holds. A cell that is left out, null, empty or `-` always does. */
export const rowHolds = (row: Row, values: ReadonlyMap<string, unknown>, how: Reading): boolean =>
  Object.keys(row.when).every((id) => cellHolds(values.get(id), row.when[id], how));

/** The results of several rows as one: under each name the list of values, in the order of the rows. */
export function collectResults(rows: readonly Row[]): Readonly<Record<string, unknown[]>> {
  const lists = new Map<string, unknown[]>();
  for (const { then } of rows) {
    for (const [name, value] of Object.entries(then)) {
      const list = lists.get(name);
      if (list) list.push(value);
      else lists.set(name, [value]);
    }
  }
  return Object.fromEntries(lists);
}

/** The item with the results written into it, or into its field `as`. */
export function withResults(
  item: unknown,
  results: Readonly<Record<string, unknown>>,
  { as, engine }: { readonly as?: string | undefined; readonly engine: number },
): Fresh {
  const made: Fresh = isObject(item) ? { ...item } : {};
  if (as !== undefined) assignPath(made, as, { ...results }, { engine });
  else for (const name of Object.keys(results)) assignPath(made, name, results[name] ?? null, { engine });
  return made;
}

function typed({ id, value, type }: Column, { zone, engine, budget }: Reading): unknown {
  if (value === undefined || value === null || value === '') return null;
  const how = { zone, engine, budget, field: id };
  if (type === 'whole') return wholeOf(value, how);
  if (type === 'choice' || type === 'text') return convert(value, 'string', how);
  // A date is compared as an instant, whatever its cell is written like; before engine 2 equality compared texts.
  const made = convert(value, type, how);
  return type === 'date' && engine >= 2 ? readDate(made, zone, { engine }) : made;
}

function wholeOf(value: unknown, { field, budget }: Conversion): number {
  const number = toNumber(value, budget);
  if (number !== undefined && Number.isInteger(number)) return number;
  throw new Fault('data.invalid', `“${field}” is not a whole number: ${shorten(value)}.`, {
    mend: 'Make the column a number column, or round the value first.',
  });
}

function cellHolds(value: unknown, cell: unknown, how: Reading): boolean {
  how.budget?.spend(1);
  if (cell === undefined || cell === null || cell === '' || cell === '-') return true;
  if (Array.isArray(cell)) return holds({ left: value, op: 'in', right: cell }, how);
  if (!isObject(cell)) return holds({ left: value, op: 'equals', right: cell }, how);
  return Object.keys(cell).every((op) => {
    const right = cell[op];
    const isHeld = isOp(op) && holds({ left: value, op, right }, how);
    // `{ "empty": false }` reads as "not empty".
    return unary.has(op) && right === false ? !isHeld : isHeld;
  });
}

// A look into a set: this is asked for each item, row and cell.
const ops: ReadonlySet<string> = new Set(conditionOp.options);
const isOp = (word: string): word is ConditionOp => ops.has(word);

const unary: ReadonlySet<string> = new Set(['empty', 'not-empty', 'exists', 'not-exists', 'is-true', 'is-false']);
