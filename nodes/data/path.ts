import { currentEngine } from '../../flow/compile/plan.ts';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { refused, stepsBefore2, stepsOf } from './path-steps.ts';

/** An object that its maker has just made and may still write to. */
export type Fresh = Record<string, unknown>;

/** Where a field stands in an item: a name for each level. An empty place is the item itself. */
export type FieldPath = readonly string[];

/** Tells whether a path such as `a.b[0].c` names a field that no node may make. */
export const isRefused = (path: string): boolean =>
  refused.has(path) || [...stepsBefore2(path), ...stepsOf(path).names].some((name) => refused.has(name));

/** Throws `data.invalid` for a name that comes from data (a column, a group) and that no field may carry. */
export function assertName(name: string): void {
  if (refused.has(name)) {
    throw new Fault('data.invalid', `No field may be called “${name}”.`, { mend: 'Give this field another name.' });
  }
}

/**
 * Where a text finds its field in an item, or would make it. A name that exists as it is wins over a path, at every level, so that a
 * column called `price (incl. VAT)` is found; `["a.b"]` says that it is a name, `$.a.b` that it is a path. `engine` is the plan's.
 */
export function placeOf(item: unknown, path: string, engine: number = currentEngine): FieldPath {
  if (path === '') return [];
  if (isContainer(item) && Object.hasOwn(item, path)) return [path];
  if (isPlain(path)) return [path];
  if (engine < 2) return stepsBefore2(path);
  const { names, isFixed } = stepsOf(path);
  return isFixed ? names : (existing(item, path) ?? names);
}

/** The place of the first of the items that has the field; where none has it, where it would be made. */
export function placeIn(items: readonly unknown[], path: string, engine: number = currentEngine): FieldPath {
  if (isPlain(path) || path === '') return placeOf(undefined, path, engine);
  const owner = items.find((item) => readPath(item, path, engine) !== undefined);
  return placeOf(owner, path, engine);
}

/** The names that exist on the way, at each level the longest first; undefined when the field is not there. */
function existing(item: unknown, path: string): FieldPath | undefined {
  if (!isContainer(item)) return undefined;
  if (path === '') return [];
  if (Object.hasOwn(item, path)) return [path];
  const index = /^\[(\d{1,9})\]\.?/.exec(path);
  if (index) return below(item, index[1]!, path.slice(index[0].length));
  let halfway: FieldPath | undefined;
  for (let end = lastCut(path, path.length); end > 0; end = lastCut(path, end)) {
    const name = path.slice(0, end);
    if (!Object.hasOwn(item, name)) continue;
    const rest = path.slice(path[end] === '.' ? end + 1 : end);
    const place = below(item, name, rest);
    if (place) return place;
    // A field that is made inside an object whose own name has a dot goes into that object.
    if (isContainer(item[name])) halfway ??= [name, ...stepsOf(rest).names];
  }
  return halfway;
}

function below(item: Readonly<Record<string, unknown>>, name: string, rest: string): FieldPath | undefined {
  if (!Object.hasOwn(item, name)) return undefined;
  const inside = rest === '' ? [] : existing(item[name], rest);
  return inside && [name, ...inside];
}

const lastCut = (path: string, before: number): number =>
  Math.max(path.lastIndexOf('.', before - 1), path.lastIndexOf('[', before - 1));

/** The value at a path, or undefined; an empty path is the item itself. Own keys only. */
export function readPath(item: unknown, path: string, engine: number = currentEngine): unknown {
  if (path === '') return item;
  if (!isContainer(item)) return undefined;
  if (Object.hasOwn(item, path)) return item[path];
  return isPlain(path) ? undefined : readPlace(item, placeOf(item, path, engine));
}

/** The value at a place, or undefined. */
export function readPlace(item: unknown, place: FieldPath): unknown {
  let value: unknown = item;
  for (const name of place) {
    if (!isContainer(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** How a path is written: by the rules of an engine number, and to where `like` (the item it came from) has the field. */
export interface Writing {
  readonly engine?: number | undefined;
  readonly like?: unknown;
}

/** Writes a value at a path of a fresh object; what lies between is copied, because it may belong to an input item. */
export function assignPath(root: Fresh, path: string, value: unknown, { engine, like }: Writing = {}): void {
  const isThere = like === undefined || readPath(root, path, engine) !== undefined;
  assignPlace(root, placeOf(isThere ? root : like, path, engine), value);
}

/** Writes a value at a place of a fresh object. */
export function assignPlace(root: Fresh, place: FieldPath, value: unknown): void {
  place.forEach(assertName);
  let at = root;
  for (const name of place.slice(0, -1)) at = openCopy(at, name);
  const last = place.at(-1)!;
  assertIndex(at, last);
  at[last] = value;
}

/** A fresh object with one value, at its path. */
export function objectWith(path: string, value: unknown, engine?: number): Fresh {
  const made: Fresh = {};
  assignPath(made, path, value, { engine });
  return made;
}

/** Takes a path away from a fresh object; a list entry is cut out. Nothing happens where there is nothing. */
export function removePath(root: Fresh, path: string, engine?: number): void {
  const place = placeOf(root, path, engine);
  if (readPlace(root, place) === undefined && !Object.hasOwn(root, path)) return;
  let at = root;
  for (const name of place.slice(0, -1)) at = openCopy(at, name);
  const last = place.at(-1)!;
  if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
}

/** A fresh object with only these paths of the item, each where it was. */
export function pickPaths(item: unknown, paths: readonly string[], engine: number = currentEngine): Fresh {
  const picked: Fresh = {};
  for (const path of paths) {
    const place = placeOf(item, path, engine);
    const value = readPlace(item, place);
    // Engine 1 wrote by the path what it had read by the name.
    if (value !== undefined) assignPlace(picked, engine < 2 ? placeOf(picked, path, engine) : place, value);
  }
  return picked;
}

/** A fresh object with everything of the item but these paths; an item that is no object has nothing to keep. */
export function omitPaths(item: unknown, paths: readonly string[], engine?: number): Fresh {
  const rest: Fresh = isObject(item) ? { ...item } : {};
  for (const path of paths) removePath(rest, path, engine);
  return rest;
}

const isPlain = (path: string): boolean => !path.includes('.') && !path.includes('[');

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

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
