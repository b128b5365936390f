import { isObject } from '../../flow/document/json.ts';

/** A text that is equal for two JSON values exactly when they are equal; the order of object keys does not matter. */
export function keyOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `s${value}`;
    case 'number':
      return `n${value}`;
    case 'boolean':
      return value ? 't' : 'f';
    default:
      return value === null || value === undefined ? 'z' : `j${canonical(value)}`;
  }
}

/** As `keyOf`, with `3` equal to `"3"` (loose) and `Anna` equal to `anna` (ignoreCase). */
export function softKeyOf(value: unknown, soft: { loose?: boolean; ignoreCase?: boolean }): string {
  if (soft.ignoreCase && typeof value === 'string')
    return softKeyOf(value.toLowerCase(), { loose: soft.loose ?? false });
  if (soft.loose && (typeof value === 'number' || typeof value === 'boolean')) return `s${value}`;
  return keyOf(value);
}

/** One key for several values in order; lengths keep `a,b` and `ab,` apart. */
export const joinKeys = (keys: readonly string[]): string =>
  keys.length === 1 ? keys[0]! : keys.map((key) => `${key.length}:${key}`).join('');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}
