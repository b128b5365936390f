import { forbidden } from '../faults.ts';
import type { Run } from '../run.ts';
import { toText } from './convert.ts';
import { isForbidden } from './forbidden.ts';

/** A member's name from any value; throws for one that is forbidden. */
export function nameOf(run: Run, key: unknown): string {
  const name = typeof key === 'string' ? key : toText(run, key);
  if (isForbidden(name)) throw forbidden(name);
  return name;
}

/** A name from an index, or -1 when it is none. */
export function indexOf(name: string): number {
  return /^(?:0|[1-9]\d{0,9})$/.test(name) ? Number(name) : -1;
}
