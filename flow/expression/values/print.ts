import type { Run } from '../run.ts';
import { DateBox, MomentBox } from './dates.ts';
import { plain } from './plain.ts';
import { weigh } from './weigh.ts';

/**
 * A value in the middle of text: nothing for undefined, null and NaN, lists of plain values with commas, and objects (and
 * lists that hold them) as JSON, where JavaScript would print `[object Object]`.
 */
export function print(run: Run, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  if (value === undefined || value === null) return '';
  if (isInvalidDate(value)) return value.text(run);
  const data = plain(run, value);
  if (typeof data !== 'object' || data === null) return data === undefined || data === null ? '' : String(data);
  weigh(run, data);
  if (Array.isArray(data) && !data.some(isObject)) return run.made(data.join(','));
  return run.made(JSON.stringify(data));
}

/** It says so in the text, where an empty place would hide that a date did not parse. */
const isInvalidDate = (value: unknown): value is DateBox | MomentBox =>
  (value instanceof DateBox || value instanceof MomentBox) && Number.isNaN(value.number());

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
