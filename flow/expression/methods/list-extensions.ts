import { decimalSum } from '../../values/decimal.ts';
import { Halt } from '../faults.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { toInteger, toNumber, toText } from '../values/convert.ts';
import { isRecord, kindOf } from '../values/kinds.ts';
import { isForbidden } from '../values/forbidden.ts';
import { stringify } from './json.ts';
import { isBlank, merged } from './record-extensions.ts';

type Args = readonly unknown[];

/** The functions that lists have beyond JavaScript's. */
export const listExtensions: Methods<unknown[]> = table({
  first: (run: Run, list: unknown[]) => all(run, list)[0],
  last: (run: Run, list: unknown[]) => all(run, list).at(-1),
  isEmpty: (run: Run, list: unknown[]) => run.view(list).length === 0,
  isNotEmpty: (run: Run, list: unknown[]) => run.view(list).length > 0,
  pluck: (run: Run, list: unknown[], args: Args) =>
    pluck(
      run,
      list,
      args.map((arg) => toText(run, arg)),
    ),
  randomItem: (run: Run, list: unknown[]) => all(run, list)[Math.floor(run.scope.random() * run.view(list).length)],
  unique: (run: Run, list: unknown[], args: Args) => unique(run, list, args),
  removeDuplicates: (run: Run, list: unknown[], args: Args) => unique(run, list, args),
  compact: (run: Run, list: unknown[]) => all(run, list).filter((value) => !isBlank(run, value)),
  smartJoin: (run: Run, list: unknown[], args: Args) =>
    smartJoin(run, list, toText(run, args[0]), toText(run, args[1])),
  renameKeys: (run: Run, list: unknown[], args: Args) =>
    renamed(
      run,
      list,
      args.map((arg) => toText(run, arg)),
    ),
  sum: (run: Run, list: unknown[]) => summed(run, numbers(run, list, 'sum')),
  min: (run: Run, list: unknown[]) => numbers(run, list, 'min').reduce((a, b) => Math.min(a, b), Infinity),
  max: (run: Run, list: unknown[]) => numbers(run, list, 'max').reduce((a, b) => Math.max(a, b), -Infinity),
  average: (run: Run, list: unknown[]) => {
    const counts = numbers(run, list, 'average');
    return counts.length === 0 ? 0 : summed(run, counts) / counts.length;
  },
  chunk: (run: Run, list: unknown[], args: Args) => chunk(run, list, toInteger(run, args[0])),
  merge: (run: Run, list: unknown[], args: Args) => mergeLists(run, list, args[0]),
  union: (run: Run, list: unknown[], args: Args) => unique(run, [...all(run, list), ...other(run, args[0])], []),
  difference: (run: Run, list: unknown[], args: Args) => {
    const seen = keysOf(run, other(run, args[0]));
    return all(run, list).filter((value) => !seen.has(keyOf(run, value)));
  },
  intersection: (run: Run, list: unknown[], args: Args) => {
    const seen = keysOf(run, other(run, args[0]));
    return unique(run, list, []).filter((value) => seen.has(keyOf(run, value)));
  },
  append: (run: Run, list: unknown[], args: Args) => {
    run.length(list.length + args.length);
    return [...all(run, list), ...args];
  },
  toJsonString: (run: Run, list: unknown[]) => stringify(run, list),
});

function all(run: Run, list: unknown[]): unknown[] {
  const view = run.view(list);
  run.length(view.length);
  return view;
}

function other(run: Run, value: unknown): unknown[] {
  if (Array.isArray(value)) return all(run, value);
  throw new Halt('expression.wrong-kind', 'The other value is no list.', 'Give a list.');
}

/** Two values are the same to these functions when they print as the same JSON. */
function keyOf(run: Run, value: unknown): string {
  if (typeof value === 'string') run.reads(value);
  return typeof value === 'object' ? `${kindOf(value)}${stringify(run, value)}` : `${typeof value}${String(value)}`;
}

const keysOf = (run: Run, list: unknown[]): Set<string> => new Set(list.map((value) => keyOf(run, value)));

function unique(run: Run, list: unknown[], fields: Args): unknown[] {
  const seen = new Set<string>();
  const names = fields.map((field) => toText(run, field));
  return all(run, list).filter((value) => {
    const key =
      names.length > 0 && isRecord(value)
        ? names.map((name) => keyOf(run, field(run, value, name))).join()
        : keyOf(run, value);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function field(run: Run, record: Record<string, unknown>, name: string): unknown {
  const view = run.view(record);
  return !isForbidden(name) && Object.hasOwn(view, name) ? view[name] : undefined;
}

/** One field: its values, where they are there. Several: records of those fields. */
function pluck(run: Run, list: unknown[], names: string[]): unknown[] {
  const records = all(run, list).filter(isRecord);
  if (names.length === 0) return all(run, list).slice();
  if (names.length === 1)
    return records.map((record) => field(run, record, names[0] ?? '')).filter((value) => value !== undefined);
  return records.map((record) =>
    Object.fromEntries(names.filter((name) => !isForbidden(name)).map((name) => [name, field(run, record, name)])),
  );
}

function smartJoin(run: Run, list: unknown[], key: string, value: string): Record<string, unknown> {
  const records = all(run, list).filter(isRecord);
  const pairs = records.map((record): [string, unknown] => [
    toText(run, field(run, record, key)),
    field(run, record, value),
  ]);
  return Object.fromEntries(pairs.filter(([name]) => !isForbidden(name)));
}

/** `renameKeys('from', 'to', …)` in each record of a list. */
function renamed(run: Run, list: unknown[], names: string[]): unknown[] {
  const to = new Map<string, string>();
  for (let i = 0; i + 1 < names.length; i += 2) to.set(names[i] ?? '', names[i + 1] ?? '');
  return all(run, list).map((value) => {
    if (!isRecord(value)) return value;
    const pairs = Object.entries(run.view(value)).map(([name, part]): [string, unknown] => [
      to.get(name) ?? name,
      part,
    ]);
    return Object.fromEntries(pairs.filter(([name]) => !isForbidden(name)));
  });
}

function numbers(run: Run, list: unknown[], name: string): number[] {
  return all(run, list).map((value) => {
    if (typeof value === 'number') return value;
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : toNumber(run, value);
    if (typeof value !== 'boolean' && value !== null && !Number.isNaN(number)) return number;
    throw new Halt(
      'expression.value',
      `${name}() needs a list of numbers, and found ${toText(run, value).slice(0, 40)}.`,
      'Select the numbers first, for example with map() or pluck().',
    );
  });
}

/** As money is added up; plans of engine 1 add as JavaScript does. */
export function summed(run: Run, list: readonly number[]): number {
  if (run.engine < 2) return list.reduce((sum, n) => sum + n, 0);
  run.charge(list.length * 4); // Fractions take up to 2 µs each, in BigInts.
  return decimalSum(list);
}

function chunk(run: Run, list: unknown[], size: number): unknown[][] {
  if (size < 1)
    throw new Halt('expression.value', 'chunk() needs a size of 1 or more.', 'Give a size, for example chunk(10).');
  const chunks: unknown[][] = [];
  const view = all(run, list);
  for (let at = 0; at < view.length; at += size) chunks.push(view.slice(at, at + size));
  return chunks;
}

/** Two lists of records, merged one by one; without another list, all records of this one merged into one. */
function mergeLists(run: Run, list: unknown[], more: unknown): unknown {
  if (!Array.isArray(more))
    return all(run, list)
      .filter(isRecord)
      .reduce((sum, record) => merged(run, sum, record), {});
  const others = all(run, more);
  return all(run, list).map((value, i) =>
    isRecord(value) && isRecord(others[i]) ? merged(run, value, others[i]) : value,
  );
}
