import { isObject } from '../../flow/document/json.ts';
import { compareValues } from './order.ts';
import { assertName, assignPath, placeOf, readPath, removePath } from './path.ts';
import type { Fresh } from './path.ts';

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Renames fields all at once, so that two may change places; names in the item's own top level keep their place in its order.
 * An item without any of them is returned itself. What stood under a new name is replaced.
 */
export function renameFields(item: unknown, names: readonly Rename[], engine?: number): unknown {
  if (!isObject(item)) return item;
  const found = names.filter(({ from, to }) => from !== to && readPath(item, from, engine) !== undefined);
  if (found.length === 0) return item;
  const isFlat = found.every(({ from, to }) => Object.hasOwn(item, from) && isName(item, to, engine));
  return isFlat ? renameFlat(item, found, engine) : renameDeep(item, found, engine);
}

const isName = (item: unknown, to: string, engine?: number): boolean => placeOf(item, to, engine).length === 1;

function renameFlat(item: Readonly<Record<string, unknown>>, names: readonly Rename[], engine?: number): Fresh {
  const targets = new Map(names.map(({ from, to }) => [from, placeOf(item, to, engine)[0]]));
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

function renameDeep(item: Readonly<Record<string, unknown>>, names: readonly Rename[], engine?: number): Fresh {
  const values = names.map(({ from }) => readPath(item, from, engine));
  const made: Fresh = { ...item };
  // Later entries of a list are taken away first, so that the places before them still hold.
  const lastFirst = names.toSorted((a, b) => compareValues(b.from, a.from));
  for (const { from } of lastFirst) removePath(made, from, engine);
  names.forEach(({ to }, index) => assignPath(made, to, values[index], { engine }));
  return made;
}
