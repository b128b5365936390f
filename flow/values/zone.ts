import { LRUCache } from 'lru-cache';
import { IANAZone } from 'luxon';

const known = new LRUCache<string, true>({ max: 2_000 });

/**
 * Whether there is a time zone of that name. Asking the host makes a formatter, which takes 50 µs and memory that is freed late: it is asked once
 * for each that is there.
 */
export function isZone(name: string): boolean {
  if (known.get(name)) return true;
  const isThere = IANAZone.isValidZone(name);
  if (isThere) known.set(name, true);
  return isThere;
}
