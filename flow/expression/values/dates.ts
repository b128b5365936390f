import { DateTime, type DateTimeOptions, type Duration, type Interval, type Zone } from 'luxon';
import type { Run } from '../run.ts';
import { Box } from './box.ts';
import { toLocal, zoneOf } from './zone.ts';

/** JavaScript's Date. Its local fields are those of the scope's zone, never of the host's. */
export class DateBox extends Box {
  readonly kind = 'date';
  /** Milliseconds since 1970; NaN when invalid. Setters change it: a Date is always made by the expression itself. */
  ms: number;

  constructor(ms: number) {
    super();
    this.ms = Math.abs(ms) <= 8.64e15 ? Math.trunc(ms) : Number.NaN;
  }
  text(run: Run): string {
    if (Number.isNaN(this.ms)) return 'Invalid Date';
    const moment = momentAt(run, this.ms);
    return `${moment.toFormat("EEE MMM dd yyyy HH:mm:ss 'GMT'ZZZ")} (${moment.offsetNameLong === 'UTC' ? 'Coordinated Universal Time' : moment.offsetNameLong})`;
  }
  override number(): number {
    return this.ms;
  }
  plain(): string | null {
    return Number.isNaN(this.ms) ? null : new Date(this.ms).toISOString();
  }
  /** Its local fields, as the UTC fields of a host Date. */
  local(run: Run): Date {
    return toLocal(run, this.ms);
  }
}

/** Luxon's DateTime. */
export class MomentBox extends Box {
  readonly kind = 'moment';
  readonly value: DateTime;

  constructor(value: DateTime) {
    super();
    this.value = value;
  }
  text(): string {
    return this.value.toString();
  }
  override number(): number {
    return this.value.toMillis();
  }
  plain(): string | null {
    return this.value.toISO();
  }
}

/** Luxon's Duration. */
export class DurationBox extends Box {
  readonly kind = 'duration';
  readonly value: Duration;

  constructor(value: Duration) {
    super();
    this.value = value;
  }
  text(): string {
    return this.value.toString() ?? 'Invalid Duration';
  }
  override number(): number {
    return this.value.toMillis();
  }
  plain(): string | null {
    return this.value.toISO();
  }
}

/** Luxon's Interval. */
export class IntervalBox extends Box {
  readonly kind = 'interval';
  readonly value: Interval;

  constructor(value: Interval) {
    super();
    this.value = value;
  }
  text(): string {
    return this.value.toString();
  }
  plain(): string | null {
    return this.value.toISO();
  }
}

/** Luxon's Zone: `$now.zone.name`. */
export class ZoneBox extends Box {
  readonly kind = 'zone';
  readonly zone: Zone;

  constructor(zone: Zone) {
    super();
    this.zone = zone;
  }
  text(): string {
    return '[object Object]';
  }
  /** A field by its name; undefined when there is none. */
  part(name: string): unknown {
    if (name === 'zoneName') return this.zone.name;
    const known = zoneParts.find((part) => part === name);
    return known && this.zone[known];
  }
  /** As Luxon's own zones print in JSON. */
  plain(): unknown {
    const { zone } = this;
    return zone.isUniversal ? { fixed: zone.offset(0) } : { zoneName: zone.name, valid: zone.isValid };
  }
}

/** The fields of a zone that are read without a call. */
export const zoneParts = ['name', 'type', 'isUniversal', 'isValid'] as const satisfies readonly (keyof Zone)[];

/** How every DateTime is made: the scope's zone, and one locale whatever the host's is. */
export function momentOptions(run: Run): DateTimeOptions {
  return { zone: zoneOf(run), locale: 'en-US' };
}

/** An instant as a DateTime in the scope's zone. */
export function momentAt(run: Run, ms: number): DateTime {
  return Number.isFinite(ms) ? DateTime.fromMillis(ms, momentOptions(run)) : DateTime.invalid('not a number');
}

/** A Date or DateTime as a DateTime; undefined for any other value. */
export function asMoment(run: Run, value: unknown): DateTime | undefined {
  if (value instanceof MomentBox) return value.value;
  return value instanceof DateBox ? momentAt(run, value.ms) : undefined;
}

/** Whether a text is a date as JSON carries it, such as `2024-03-05T14:30:15.000Z`; it then has the methods of dates. */
export function isDateText(text: string): boolean {
  return (
    text.length === 24 && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}
