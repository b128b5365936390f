import { createHash } from 'node:crypto';
import type { Large } from '../../flow/contract/step.ts';
import { isObject } from '../../flow/document/json.ts';
import { hashOf } from '../journal/blobs.ts';
import { isHeavy, jsonBytes } from '../text/known-json.ts';
import { Turns } from '../text/turns.ts';

/** Values over 64 kB are shown by name and size (CONTRACT), unless somebody asks for less. */
const largeFrom = 64 * 1024;

/** The value, or its name and size; the name is the hash of its JSON, under which the journal keeps it too. A long one is written and hashed in turns. */
export async function shown<Value>(value: Value, from = largeFrom, turns = new Turns()): Promise<Value | Large> {
  if (!isHeavy(value)) return shownAtOnce(value, from);
  const bytes = await jsonBytes(value, turns);
  return bytes.length <= from ? value : named(value, await hashOf(bytes), bytes.length);
}

function shownAtOnce<Value>(value: Value, from = largeFrom): Value | Large {
  const text = JSON.stringify(value) ?? 'null';
  if (text.length * 3 < from) return value;
  const size = Buffer.byteLength(text);
  if (size <= from) return value;
  return named(value, createHash('sha256').update(text).digest('base64url'), size);
}

const named = (value: unknown, $blob: string, size: number): Large => ({
  $blob,
  size,
  ...(Array.isArray(value) ? { count: value.length } : {}),
});

/** An object with each of its members shown so. */
export async function membersShown<Value>(
  record: Readonly<Record<string, Value>>,
  from?: number,
  turns = new Turns(),
): Promise<Record<string, Value | Large>> {
  const made: (readonly [name: string, value: Value | Large])[] = [];
  for (const [name, value] of Object.entries(record)) made.push([name, await shown(value, from, turns)]);
  return Object.fromEntries(made);
}

/**
 * A value with everything in it that is too large for itself shown so: the innermost lists and values first, so that what is small around them
 * stays readable. For rows as the journal keeps them, which hold nothing long.
 */
export function partsShown(value: unknown, depth = 6): unknown {
  if (!isLarge(value)) return value;
  if (depth > 0 && isObject(value))
    return shownAtOnce(
      Object.fromEntries(Object.entries(value).map(([name, member]) => [name, partsShown(member, depth - 1)])),
    );
  return shownAtOnce(value);
}

const isLarge = (value: unknown): boolean =>
  typeof value === 'object' || typeof value === 'string'
    ? (JSON.stringify(value)?.length ?? 0) * 3 >= largeFrom
    : false;
