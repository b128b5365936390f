import { isObject, parsedJson } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { opening } from '../../flow/values/opening.ts';
import { isDateObject, readDate } from '../../flow/values/date.ts';
import { printJson } from '../kit/print-json.ts';

/** The types that a field can be given. */
export type FieldType = 'string' | 'number' | 'boolean' | 'list' | 'object' | 'date';

const mends: Readonly<Record<FieldType, string>> = {
  string: 'Use a value that can be written as text.',
  number: 'Use digits with at most one decimal point, such as 12.5, or make the field a string.',
  boolean: 'Use true or false, or make the field a string.',
  list: 'Use a list such as ["a", "b"].',
  object: 'Use an object such as { "a": 1 }.',
  date: 'Use ISO 8601 such as 2026-03-01T10:00:00Z, or read it with a Date node and its format first.',
};

/** For which field, in which zone, and by the rules of which engine number. */
export interface Conversion {
  readonly zone: string;
  readonly field: string;
  readonly engine?: number | undefined;
  readonly budget?: Budget | undefined;
}

/** The value as that type: null stays null, dates become ISO 8601 in `zone`. Throws `data.invalid`, naming the field. */
export function convert(value: unknown, type: FieldType, how: Conversion): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && type !== 'string') how.budget?.about(value.length);
  const converted = converters[type](value, how);
  if (converted !== undefined) return converted;
  throw new Fault('data.invalid', `“${how.field}” is not a ${type}: ${shorten(value)}.`, { mend: mends[type] });
}

/**
 * The number that a value is or spells in decimal digits; undefined when it is none, or when it is an integer that
 * a number cannot hold exactly (those stay text).
 */
export function toNumber(value: unknown, budget?: Budget): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  budget?.about(value.length);
  if (!decimal.test(value)) return undefined;
  const number = Number(value);
  const isExact = Number.isSafeInteger(number) || !/^\s*[+-]?\d+\s*$/.test(value);
  return Number.isFinite(number) && isExact ? number : undefined;
}

/** A value as a fault shows it: JSON, cut to 60 characters. */
export function shorten(value: unknown): string {
  const text = value === undefined ? 'nothing' : opening(value, 60);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const decimal = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i;
const booleans: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ['true', true],
  ['false', false],
  ['yes', true],
  ['no', false],
  ['1', true],
  ['0', false],
]);

const converters: Readonly<Record<FieldType, (value: unknown, how: Conversion) => unknown>> = {
  string: (value, { zone, engine, budget }) =>
    isDateObject(value)
      ? readDate(value, zone, { engine })?.toISO()
      : typeof value === 'object'
        ? printJson(value, budget)
        : String(value),
  number: (value) => (typeof value === 'boolean' ? Number(value) : toNumber(value)),
  boolean: (value) => booleans.get(typeof value === 'string' ? value.trim().toLowerCase() : value),
  list: (value, how) => asParsed(value, Array.isArray, how),
  object: (value, how) => asParsed(value, isObject, how),
  date: (value, { zone, engine }) => readDate(value, zone, { engine })?.toISO(),
};

function asParsed(value: unknown, fits: (value: unknown) => boolean, { budget }: Conversion): unknown {
  if (fits(value)) return value;
  if (typeof value !== 'string') return undefined;
  budget?.aboutJson(value.length);
  const parsed = parsedJson(value);
  return fits(parsed) ? parsed : undefined;
}
