import { tooMuch } from '../faults.ts';
import { limits } from '../limits.ts';
import type { Run } from '../run.ts';
import { Box } from './box.ts';

/**
 * A value as plain JSON data: dates as ISO text, Sets as lists, functions gone. The same object comes back where nothing
 * in it had to change, so a whole item passes through without being copied.
 */
export function plain(run: Run, value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (depth > limits.depth) throw tooMuch('The value is nested too deeply.');
  if (value instanceof Box) return value.plain(run);
  return Array.isArray(value) ? plainList(run, value, depth) : plainRecord(run, value, depth);
}

function plainList(run: Run, original: unknown[], depth: number): unknown[] {
  const list = run.view(original);
  run.charge(1 + list.length);
  let copy = list === original ? undefined : list.slice();
  for (let i = 0; i < list.length; i++) {
    const made = plain(run, list[i], depth + 1);
    if (made === list[i] && made !== undefined) continue;
    copy ??= list.slice();
    // JSON has no undefined; in a list it is null, as JSON.stringify makes it.
    copy[i] = made === undefined ? null : made;
  }
  return copy ?? list;
}

function plainRecord(run: Run, original: object, depth: number): object {
  const record: Record<string, unknown> = { ...run.view(original) };
  const keys = Object.keys(record);
  run.charge(1 + keys.length);
  let changed = run.view(original) !== original;
  for (const key of keys) {
    const made = plain(run, record[key], depth + 1);
    if (made === record[key]) continue;
    changed = true;
    record[key] = made;
  }
  return changed ? record : original;
}
