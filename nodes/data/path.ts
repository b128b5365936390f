import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/run/faults.ts';

/** An object that its maker has just made and may still write to. */
export type Fresh = Record<string, unknown>;

/** The three names through which a prototype could be reached: no field that a node makes may carry them. */
const refused = new Set(['__proto__', 'constructor', 'prototype']);

/** Tells whether a path such as `a.b[0].c` names a field that no node may make. */
export const isRefused = (path: string): boolean =>
  refused.has(path) || segments(path).some((name) => refused.has(name));

/** Throws `data.invalid` for a name that comes from data (a column, a group) and that no field may carry. */
export function assertName(name: string): void {
  if (refused.has(name)) {
    throw new Fault('data.invalid', `No field may be called “${name}”.`, { mend: 'Give this field another name.' });
  }
}

/**
 * The value at a path, or undefined. A whole own key wins, so that a column called `price (incl. VAT)` is found;
 * else dots and `[n]` walk inwards over own keys. An empty path is the item itself.
 */
export function readPath(item: unknown, path: string): unknown {
  if (path === '') return item;
  if (!isContainer(item)) return undefined;
  if (Object.hasOwn(item, path)) return item[path];
  if (isPlain(path)) return undefined;
  let value: unknown = item;
  for (const name of segments(path)) {
    if (!isContainer(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Writes a value at a path of a fresh object; what lies between is copied, because it may belong to an input item. */
export function assignPath(root: Fresh, path: string, value: unknown): void {
  if (isPlain(path) || Object.hasOwn(root, path)) {
    assertName(path);
    root[path] = value;
    return;
  }
  const names = segments(path);
  names.forEach(assertName);
  let at = root;
  for (const name of names.slice(0, -1)) at = openCopy(at, name);
  const last = names.at(-1)!;
  assertIndex(at, last);
  at[last] = value;
}

/** A fresh object with one value, at its path. */
export function objectWith(path: string, value: unknown): Fresh {
  const made: Fresh = {};
  assignPath(made, path, value);
  return made;
}

/** Takes a path away from a fresh object; a list entry is cut out. Nothing happens where there is nothing. */
export function removePath(root: Fresh, path: string): void {
  if (Object.hasOwn(root, path)) {
    delete root[path];
    return;
  }
  if (isPlain(path) || readPath(root, path) === undefined) return;
  const names = segments(path);
  let at = root;
  for (const name of names.slice(0, -1)) at = openCopy(at, name);
  const last = names.at(-1)!;
  if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
}

/** A fresh object with only these paths of the item, each where it was. */
export function pickPaths(item: unknown, paths: readonly string[]): Fresh {
  const picked: Fresh = {};
  for (const path of paths) {
    const value = readPath(item, path);
    if (value !== undefined) assignPath(picked, path, value);
  }
  return picked;
}

/** A fresh object with everything of the item but these paths; an item that is no object has nothing to keep. */
export function omitPaths(item: unknown, paths: readonly string[]): Fresh {
  const rest: Fresh = isObject(item) ? { ...item } : {};
  for (const path of paths) removePath(rest, path);
  return rest;
}

const isPlain = (path: string): boolean => !path.includes('.') && !path.includes('[');

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** `a.b[0].c` is a, b, 0, c. Empty names fall away, so `a..b` is `a.b`. */
const segments = (path: string): string[] =>
  path
    .replaceAll('[', '.')
    .replaceAll(']', '')
    .split('.')
    .filter((name) => name !== '');

/** Replaces the container under this name by a copy (by an object when there is none) and returns it to be written to. */
function openCopy(at: Fresh, name: string): Fresh {
  const inner = Object.hasOwn(at, name) ? at[name] : undefined;
  assertIndex(at, name);
  // A list is written through its index keys, as any object is.
  const copy: unknown = Array.isArray(inner) ? [...inner] : isObject(inner) ? { ...inner } : {};
  at[name] = copy;
  return copy as Fresh;
}

/** A list takes an index inside it or just behind it: `items[999999999]` must not make a list of a billion. */
function assertIndex(at: object, name: string): void {
  if (!Array.isArray(at)) return;
  const index = Number(name);
  if (Number.isInteger(index) && index >= 0 && index <= at.length) return;
  throw new Fault('data.invalid', `A list of ${at.length} has no entry “${name}”.`, {
    mend: `Use an index from 0 to ${at.length}.`,
  });
}
