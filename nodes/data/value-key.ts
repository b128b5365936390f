import { isObject } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';

/** A text that is equal for two JSON values exactly when they are equal; the order of object keys does not matter. */
export function keyOf(value: unknown, budget?: Budget): string {
  switch (typeof value) {
    case 'string':
      budget?.spend(1 + (value.length >>> 6));
      return `s${value}`;
    case 'number':
      return `n${value}`;
    case 'boolean':
      return value ? 't' : 'f';
    default:
      return value === null || value === undefined ? 'z' : `j${canonical(value, budget)}`;
  }
}

interface Soft {
  readonly loose?: boolean | undefined;
  readonly ignoreCase?: boolean | undefined;
  readonly budget?: Budget | undefined;
}

/** As `keyOf`, with `3` equal to `"3"` (loose) and `Anna` equal to `anna` (ignoreCase). */
export function softKeyOf(value: unknown, soft: Soft): string {
  const { loose, ignoreCase, budget } = soft;
  if (ignoreCase && typeof value === 'string') {
    budget?.spend(value.length >>> 6);
    return softKeyOf(value.toLowerCase(), { loose, budget });
  }
  if (loose && (typeof value === 'number' || typeof value === 'boolean')) return `s${value}`;
  return keyOf(value, budget);
}

/** One key for several values in order; lengths keep `a,b` and `ab,` apart. */
export const joinKeys = (keys: readonly string[]): string =>
  keys.length === 1 ? keys[0]! : keys.map((key) => `${key.length}:${key}`).join('');

function canonical(value: unknown, budget: Budget | undefined): string {
  if (Array.isArray(value)) return `[${value.map((part) => canonical(part, budget)).join(',')}]`;
  if (!isObject(value)) return printed(value, budget);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${printed(name, budget)}:${canonical(value[name], budget)}`).join(',')}}`;
}

function printed(value: unknown, budget: Budget | undefined): string {
  const length = typeof value === 'string' ? value.length : 8;
  budget?.spend(1 + (length >>> 3));
  budget?.makes(length);
  return JSON.stringify(value ?? null);
}
