import { isObject } from '../../flow/document/json.ts';
import { compareValues } from './order.ts';
import { assertName, assignPath, readPath, removePath } from './path.ts';
import type { Fresh } from './path.ts';

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Renames fields all at once, so that two may change places; names in the item's own top level keep their place in its order.
 * An item without any of them is returned itself. What stood under a new name is replaced.
 */
export function renameFields(item: unknown, names: readonly Rename[]): unknown {
  if (!isObject(item)) return item;
  const found = names.filter(({ from, to }) => from !== to && readPath(item, from) !== undefined);
  if (found.length === 0) return item;
  const isFlat = found.every(({ from, to }) => Object.hasOwn(item, from) && !/[.[]/.test(to));
  return isFlat ? renameFlat(item, found) : renameDeep(item, found);
}

function renameFlat(item: Readonly<Record<string, unknown>>, names: readonly Rename[]): Fresh {
  const targets = new Map(names.map(({ from, to }) => [from, to]));
  const replaced = new Set(targets.values());
  const made: Fresh = {};
  for (const name of Object.keys(item)) {
    const target = targets.get(name);
    if (target === undefined && replaced.has(name)) continue;
    if (target !== undefined) assertName(target);
    made[target ?? name] = item[name];
  }
  return made;
}

function renameDeep(item: Readonly<Record<string, unknown>>, names: readonly Rename[]): Fresh {
  const values = names.map(({ from }) => readPath(item, from));
  const made: Fresh = { ...item };
  // Later entries of a list are taken away first, so that the places before them still hold.
  const lastFirst = names.toSorted((a, b) => compareValues(b.from, a.from));
  for (const { from } of lastFirst) removePath(made, from);
  names.forEach(({ to }, index) => assignPath(made, to, values[index]));
  return made;
}
