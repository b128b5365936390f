import { LRUCache } from 'lru-cache';
import { FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import { isZone } from '../../values/zone.ts';
import type { Run } from '../run.ts';

const zones = new LRUCache<string, Zone>({ max: 500 });

/** The zone of the scope; UTC when its name is unknown. */
export function zoneOf(run: Run): Zone {
  const name = run.scope.zone;
  const known = zones.get(name);
  if (known) return known;
  const isUtc = /^(utc|etc\/utc|gmt)$/i.test(name);
  const zone = !isUtc && isZone(name) ? IANAZone.create(name) : FixedOffsetZone.utcInstance;
  // Zone names come from settings, not from items; still, nothing here grows without bound.
  zones.set(name, zone);
  return zone;
}

/** An instant as a Date whose UTC fields are the local fields in the scope's zone. */
export function toLocal(run: Run, ms: number): Date {
  return new Date(ms + offsetAt(run, ms));
}

/**
 * The instant of local fields, given as milliseconds as if they were UTC. As in JavaScript, of an hour that comes twice the
 * first is meant, and an hour that the clocks leave out is read with the offset before it.
 */
export function fromLocal(run: Run, local: number): number {
  if (!Number.isFinite(local)) return Number.NaN;
  const day = 86_400_000;
  const before = local - offsetAt(run, local - day);
  const after = local - offsetAt(run, local + day);
  const isBefore = offsetAt(run, before) === local - before;
  return isBefore || offsetAt(run, after) !== local - after ? before : after;
}

function offsetAt(run: Run, ms: number): number {
  return Number.isFinite(ms) ? zoneOf(run).offset(ms) * 60_000 : 0;
}
