import { missing, mistake, tooMuch } from '../faults.ts';
import { limits } from '../limits.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { callback, elements, invoke } from '../values/call.ts';
import { joined, optionalNumber, optionalText, toInteger, toText } from '../values/convert.ts';

type Args = readonly unknown[];

/** JavaScript's methods of lists. Those that change a list change this evaluation's copy of it. */
export const listMethods: Methods<unknown[]> = table({
  at: (run: Run, list: unknown[], args: Args) => run.view(list).at(toInteger(run, args[0])),
  concat: (run: Run, list: unknown[], args: Args) => concat(run, list, args),
  copyWithin: () => {
    throw mistake('copyWithin() cannot be used here.');
  },
  entries: (run: Run, list: unknown[]) => all(run, list).map((value, index) => [index, value]),
  every: (run: Run, list: unknown[], args: Args) =>
    walk(run, list, args[0], 'every', (made) => (made ? undefined : false)) ?? true,
  fill: (run: Run, list: unknown[], args: Args) => {
    changeable(run, list).fill(args[0], optionalNumber(run, args[1]), optionalNumber(run, args[2]));
    return list;
  },
  filter: (run: Run, list: unknown[], args: Args) => {
    const kept: unknown[] = [];
    walk(run, list, args[0], 'filter', (made, value) => void (made && kept.push(value)));
    return kept;
  },
  find: (run: Run, list: unknown[], args: Args) => seek(run, list, args[0], 'find', 1)?.value,
  findIndex: (run: Run, list: unknown[], args: Args) => seek(run, list, args[0], 'findIndex', 1)?.index ?? -1,
  findLast: (run: Run, list: unknown[], args: Args) => seek(run, list, args[0], 'findLast', -1)?.value,
  findLastIndex: (run: Run, list: unknown[], args: Args) => seek(run, list, args[0], 'findLastIndex', -1)?.index ?? -1,
  flat: (run: Run, list: unknown[], args: Args) => flat(run, list, toInteger(run, args[0], 1)),
  flatMap: (run: Run, list: unknown[], args: Args) => flat(run, mapped(run, list, args[0], 'flatMap'), 1),
  forEach: (run: Run, list: unknown[], args: Args) => walk(run, list, args[0], 'forEach', () => undefined),
  includes: (run: Run, list: unknown[], args: Args) => includes(run, all(run, list), args[0], toInteger(run, args[1])),
  indexOf: (run: Run, list: unknown[], args: Args) => indexOf(run, all(run, list), args[0], toInteger(run, args[1])),
  join: (run: Run, list: unknown[], args: Args) => joined(run, list, optionalText(run, args[0]) ?? ','),
  keys: (run: Run, list: unknown[]) => all(run, list).map((_, index) => index),
  lastIndexOf: (run: Run, list: unknown[], args: Args) =>
    lastIndexOf(run, all(run, list), args[0], args.length > 1 ? toInteger(run, args[1]) : Infinity),
  map: (run: Run, list: unknown[], args: Args) => mapped(run, list, args[0], 'map'),
  pop: (run: Run, list: unknown[]) => run.changeList(list).pop(),
  push: (run: Run, list: unknown[], args: Args) => grown(run, list, args).push(...args),
  reduce: (run: Run, list: unknown[], args: Args) => reduce(run, all(run, list), args, 'reduce'),
  reduceRight: (run: Run, list: unknown[], args: Args) => reduce(run, all(run, list).toReversed(), args, 'reduceRight'),
  reverse: (run: Run, list: unknown[]) => {
    changeable(run, list).reverse();
    return list;
  },
  shift: (run: Run, list: unknown[]) => changeable(run, list).shift(),
  slice: (run: Run, list: unknown[], args: Args) =>
    all(run, list).slice(toInteger(run, args[0]), optionalNumber(run, args[1])),
  some: (run: Run, list: unknown[], args: Args) =>
    walk(run, list, args[0], 'some', (made) => (made ? true : undefined)) ?? false,
  sort: (run: Run, list: unknown[], args: Args) => {
    changeable(run, list).sort(order(run, list.length, args[0]));
    return list;
  },
  splice: (run: Run, list: unknown[], args: Args) => splice(run, changeable(run, list), args),
  toReversed: (run: Run, list: unknown[]) => all(run, list).toReversed(),
  toSorted: (run: Run, list: unknown[], args: Args) => all(run, list).toSorted(order(run, list.length, args[0])),
  toSpliced: (run: Run, list: unknown[], args: Args) => {
    const copy = all(run, list).slice();
    splice(run, copy, args);
    return copy;
  },
  toLocaleString: (run: Run, list: unknown[]) => joined(run, list, ','),
  hasOwnProperty: (run: Run, list: unknown[], args: Args) => Object.hasOwn(run.view(list), toText(run, args[0])),
  toString: (run: Run, list: unknown[]) => joined(run, list, ','),
  unshift: (run: Run, list: unknown[], args: Args) => {
    changeable(run, list);
    return grown(run, list, args).unshift(...args);
  },
  values: (run: Run, list: unknown[]) => all(run, list).slice(),
  valueOf: (_run: Run, list: unknown[]) => list,
  with: (run: Run, list: unknown[], args: Args) => {
    const copy = all(run, list).slice();
    const index = toInteger(run, args[0]);
    if (index >= copy.length || index < -copy.length) throw mistake('with() needs an index inside the list.');
    return copy.with(index, args[1]);
  },
});

/** A list as this evaluation sees it; counts that it is walked through. */
function all(run: Run, list: unknown[]): unknown[] {
  const view = run.view(list);
  run.length(view.length);
  return view;
}

/** Tells the budget what looking for a value reads: of each text of its length, in a list, all of it. */
export function includes(run: Run, list: readonly unknown[], value: unknown, from = 0): boolean {
  return isLong(value) ? indexOf(run, list, value, from) >= 0 : list.includes(value, from);
}

function indexOf(run: Run, list: readonly unknown[], value: unknown, from: number): number {
  if (!isLong(value)) return list.indexOf(value, from);
  const start = from < 0 ? Math.max(0, list.length + from) : from;
  for (let at = start; at < list.length; at++) if (isText(run, list[at], value)) return at;
  return -1;
}

function lastIndexOf(run: Run, list: readonly unknown[], value: unknown, from: number): number {
  if (!isLong(value)) return list.lastIndexOf(value, from);
  for (let at = from < 0 ? list.length + from : Math.min(from, list.length - 1); at >= 0; at--)
    if (isText(run, list[at], value)) return at;
  return -1;
}

/** The host tells at once that a text is another when they are shorter than this. */
const isLong = (value: unknown): value is string => typeof value === 'string' && value.length >= 256;

function isText(run: Run, value: unknown, text: string): boolean {
  if (typeof value !== 'string' || value.length !== text.length) return false;
  run.reads(text);
  return value === text;
}

/** This evaluation's copy of a list; counts that all of it is touched. */
function changeable(run: Run, list: unknown[]): unknown[] {
  const copy = run.changeList(list);
  run.length(copy.length);
  return copy;
}

function grown(run: Run, list: unknown[], more: Args): unknown[] {
  const copy = run.changeList(list);
  if (copy.length + more.length > limits.list) throw tooMuch('The expression builds too long a list.');
  run.charge(more.length);
  return copy;
}

/** Calls a function on each element until `step` gives something other than undefined. */
function walk<T>(
  run: Run,
  list: unknown[],
  by: unknown,
  name: string,
  step: (made: unknown, value: unknown) => T | undefined,
): T | undefined {
  const work = callback(by, name);
  const view = all(run, list);
  for (let i = 0; i < view.length; i++) {
    const end = step(invoke(run, work, [view[i], i, list]), view[i]);
    if (end !== undefined) return end;
  }
  return undefined;
}

function mapped(run: Run, list: unknown[], by: unknown, name: string): unknown[] {
  const work = callback(by, name);
  return all(run, list).map((value, i) => invoke(run, work, [value, i, list]));
}

function seek(run: Run, list: unknown[], by: unknown, name: string, direction: 1 | -1) {
  const work = callback(by, name);
  const view = all(run, list);
  for (let i = direction > 0 ? 0 : view.length - 1; i >= 0 && i < view.length; i += direction)
    if (invoke(run, work, [view[i], i, list])) return { value: view[i], index: i };
  return undefined;
}

function reduce(run: Run, list: unknown[], args: Args, name: string): unknown {
  const work = callback(args[0], name);
  if (list.length === 0 && args.length < 2) throw missing(`${name}() of an empty list needs a value to start from.`);
  let sum = args.length > 1 ? args[1] : list[0];
  for (let i = args.length > 1 ? 0 : 1; i < list.length; i++) sum = invoke(run, work, [sum, list[i], i, list]);
  return sum;
}

function concat(run: Run, list: unknown[], args: Args): unknown[] {
  const parts = args.map((arg) => (Array.isArray(arg) ? all(run, arg) : [arg]));
  const made = all(run, list).concat(...parts);
  run.length(made.length);
  return made;
}

function flat(run: Run, list: unknown[], depth: number): unknown[] {
  const made: unknown[] = [];
  const add = (part: unknown[], left: number) => {
    for (const value of all(run, part)) {
      if (left > 0 && Array.isArray(value)) add(value, left - 1);
      else made.push(value);
    }
  };
  add(list, Math.min(depth, limits.depth));
  run.length(made.length);
  return made;
}

function splice(run: Run, list: unknown[], args: Args): unknown[] {
  if (args.length === 0) return [];
  const from = toInteger(run, args[0]);
  const count = args.length === 1 ? list.length : toInteger(run, args[1]);
  run.length(list.length + args.length);
  return list.splice(from, count, ...args.slice(2));
}

/** How to sort: as texts unless a function says otherwise. Each comparison is a call; there are n log n of them. */
function order(run: Run, length: number, by: unknown): (a: unknown, b: unknown) => number {
  if (by !== undefined) {
    const work = callback(by, 'sort');
    return (a, b) => Number(invoke(run, work, [a, b]));
  }
  run.charge(length * 4);
  return (a, b) => {
    const left = toText(run, a);
    const right = toText(run, b);
    run.reads(left.length < right.length ? left : right);
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

/** A list from anything that can be walked through. */
export function listFrom(run: Run, value: unknown): unknown[] {
  return elements(run, value).slice();
}
