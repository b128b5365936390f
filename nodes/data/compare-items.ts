import { isObject } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import type { Derived } from '../kit/define-node.ts';
import { omitPaths, readPath } from './path.ts';
import { joinKeys, keyOf, softKeyOf } from './value-key.ts';

export interface Comparison {
  readonly on: readonly { readonly left: string; readonly right?: string | undefined }[];
  readonly ignore: readonly string[];
  readonly loose: boolean;
  readonly ignoreCase: boolean;
  readonly engine?: number | undefined;
  readonly budget?: Budget | undefined;
}

export interface Compared {
  readonly onlyA: unknown[];
  readonly onlyB: unknown[];
  readonly same: unknown[];
  readonly different: Derived[];
}

/**
 * Pairs the items of two lists by key, the nth of a key in A with the nth in B, so that every item leaves exactly once: A's
 * by onlyA, same or different, B's by onlyB or within its pair. A key with a missing part matches nothing.
 */
export function compareItems(a: readonly unknown[], b: readonly unknown[], how: Comparison): Compared {
  const waiting = indexByKey(b, how);
  const next = new Map<string, number>();
  const paired = new Set<number>();
  const compared: Compared = { onlyA: [], onlyB: [], same: [], different: [] };
  a.forEach((item, index) => {
    const key = keyAt(item, 'left', how);
    const partner = key === undefined ? undefined : nextOf(waiting.get(key), key, next);
    if (partner === undefined) compared.onlyA.push(item);
    else {
      paired.add(partner);
      const changed = changedFields(item, b[partner], how);
      if (changed.length === 0) compared.same.push(item);
      // Parents count through both inputs: B's items come after all of A's.
      else compared.different.push({ value: { a: item, b: b[partner], changed }, $from: [index, a.length + partner] });
    }
  });
  b.forEach((item, index) => {
    if (!paired.has(index)) compared.onlyB.push(item);
  });
  return compared;
}

/** The first of a key that is not taken yet. Taking it off the list would move all that follow. */
function nextOf(positions: readonly number[] | undefined, key: string, next: Map<string, number>): number | undefined {
  const at = next.get(key) ?? 0;
  if (positions === undefined || at >= positions.length) return undefined;
  next.set(key, at + 1);
  return positions[at];
}

function indexByKey(items: readonly unknown[], how: Comparison): Map<string, number[]> {
  const index = new Map<string, number[]>();
  items.forEach((item, position) => {
    const key = keyAt(item, 'right', how);
    if (key === undefined) return;
    const positions = index.get(key);
    if (positions) positions.push(position);
    else index.set(key, [position]);
  });
  return index;
}

function keyAt(item: unknown, side: 'left' | 'right', how: Comparison): string | undefined {
  how.budget?.spend(8);
  const values = how.on.map(({ left, right }) => readPath(item, side === 'left' ? left : (right ?? left), how.engine));
  if (values.some((value) => value === undefined || value === null)) return undefined;
  return joinKeys(values.map((value) => softKeyOf(value, how)));
}

/** The names of the top-level fields that differ; `['']` when the items are no objects and differ as a whole. */
function changedFields(a: unknown, b: unknown, how: Comparison): string[] {
  if (!isObject(a) || !isObject(b)) return softKeyOf(a, how) === softKeyOf(b, how) ? [] : [''];
  // Fields with the same meaning may have two names; the key has agreed already.
  const left = omitPaths(a, [...how.ignore, ...how.on.map((pair) => pair.left)], how.engine);
  const right = omitPaths(b, [...how.ignore, ...how.on.map((pair) => pair.right ?? pair.left)], how.engine);
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  how.budget?.spend(names.size * 4);
  return [...names].filter((name) => fieldKey(left, name, how) !== fieldKey(right, name, how));
}

const fieldKey = (item: object, name: string, how: Comparison): string => {
  const value: unknown = Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : undefined;
  return value === undefined ? 'missing' : typeof value === 'object' ? keyOf(value, how.budget) : softKeyOf(value, how);
};
