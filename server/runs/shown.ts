import { createHash } from 'node:crypto';
import type { Large } from '../../flow/contract/step.ts';
import { isObject } from '../../flow/document/json.ts';

/** Values over 64 kB are shown by name and size (CONTRACT), unless somebody asks for less. */
const largeFrom = 64 * 1024;

/** The value, or its name and size; the name is the hash of its JSON, under which the journal keeps it too. */
export function shown<Value>(value: Value, from = largeFrom): Value | Large {
  const text = JSON.stringify(value) ?? 'null';
  if (text.length * 3 < from) return value;
  const size = Buffer.byteLength(text);
  if (size <= from) return value;
  const $blob = createHash('sha256').update(text).digest('base64url');
  return { $blob, size, ...(Array.isArray(value) ? { count: value.length } : {}) } satisfies Large;
}

/** An object with each of its members shown so. */
export const membersShown = <Value>(
  record: Readonly<Record<string, Value>>,
  from?: number,
): Record<string, Value | Large> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, shown(value, from)]));

/**
 * A value with everything in it that is too large for itself shown so: the innermost lists and values first, so that what is small around them
 * stays readable.
 */
export function partsShown(value: unknown, depth = 6): unknown {
  if (!isLarge(value)) return value;
  if (depth > 0 && isObject(value))
    return shown(
      Object.fromEntries(Object.entries(value).map(([name, member]) => [name, partsShown(member, depth - 1)])),
    );
  return shown(value);
}

const isLarge = (value: unknown): boolean =>
  typeof value === 'object' || typeof value === 'string'
    ? (JSON.stringify(value)?.length ?? 0) * 3 >= largeFrom
    : false;
