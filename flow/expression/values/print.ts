import type { Run } from '../run.ts';
import { plain } from './plain.ts';

/**
 * A value in the middle of text: nothing for undefined, null and NaN, lists of plain values with commas, and objects (and
 * lists that hold them) as JSON, where JavaScript would print `[object Object]`.
 */
export function print(run: Run, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  if (value === undefined || value === null) return '';
  const data = plain(run, value);
  if (typeof data !== 'object' || data === null) return data === undefined || data === null ? '' : String(data);
  if (Array.isArray(data) && !data.some(isObject)) return run.text(data.join(','));
  return run.text(JSON.stringify(data));
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
