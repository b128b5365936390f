import { isObject } from './json.ts';

/** How much a document may hold. The figures are ten times the largest of 6,757 real workflows, and then some. */
export const bounds = { characters: 20_000_000, depth: 100, values: 2_000_000 } as const;

/** Where a value stops being JSON that we keep, and why. `path` is as in `nodes[3].params.url`. */
export interface Breach {
  readonly path: readonly (string | number)[];
  readonly why: 'depth' | 'values' | 'not-json' | 'forbidden-key';
}

interface Frame {
  readonly value: unknown;
  readonly name: string | number;
  readonly depth: number;
  readonly above: Frame | undefined;
}

/**
 * Looks whether a value is JSON of bearable size and depth; undefined when it is. Walks without recursion, so that no
 * input exhausts the stack, and counts, so that a value that contains itself ends too. An `undefined` member counts as absent.
 */
export function breachOf(value: unknown): Breach | undefined {
  let seen = 0;
  const open: Frame[] = [{ value, name: '', depth: 0, above: undefined }];
  for (let place = open.pop(); place; place = open.pop()) {
    seen++;
    if (seen > bounds.values) return breach(place, 'values');
    if (place.depth > bounds.depth) return breach(place, 'depth');
    if (!isPlain(place.value)) return breach(place, 'not-json');
    for (const [name, inner] of members(place.value)) {
      const below = { value: inner, name, depth: place.depth + 1, above: place };
      // Assigning to it would change a prototype, and nobody means it as data.
      if (name === '__proto__') return breach(below, 'forbidden-key');
      if (inner !== undefined) open.push(below);
    }
  }
  return undefined;
}

/** How many values a value holds, itself included; it is counted until there are more than `most`. */
export function valuesIn(value: unknown, most: number): number {
  let seen = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && seen <= most) {
    const inner = open.pop();
    seen++;
    if (typeof inner !== 'object' || inner === null) continue;
    for (const member of Object.values(inner)) open.push(member);
  }
  return seen;
}

function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype;
}

const members = (value: unknown): Iterable<readonly [string | number, unknown]> =>
  Array.isArray(value) ? value.entries() : isObject(value) ? Object.entries(value) : [];

function breach(place: Frame, why: Breach['why']): Breach {
  const path: (string | number)[] = [];
  for (let at: Frame = place; at.above; at = at.above) path.unshift(at.name);
  return { path, why };
}
