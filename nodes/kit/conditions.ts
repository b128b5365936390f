import { DateTime } from 'luxon';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/run/faults.ts';
import type { Condition, ConditionOp, Where } from './fields.ts';
import { matchesPattern } from './pattern.ts';

/** How values are compared. `zone` reads dates that name none. */
export interface Comparing {
  readonly loose?: boolean;
  readonly ignoreCase?: boolean;
  readonly zone?: string;
}

/**
 * Tells whether conditions hold. A missing value (undefined or null) equals only a missing one and is never greater, earlier
 * or a part of anything. Kinds must agree unless `loose`: comparing text with a number is a fault, `data.invalid`, not a quiet no.
 */
export function holds(where: Where, how: Comparing = {}): boolean {
  if ('all' in where && Array.isArray(where.all)) return where.all.every((inner) => holds(inner, how));
  if ('any' in where && Array.isArray(where.any)) return where.any.some((inner) => holds(inner, how));
  return holdsOne(where as Condition, how);
}

/** Tells whether two values are the same: by their JSON, order of keys aside; loosely also "5" and 5, "" and nothing. */
export function same(left: unknown, right: unknown, how: Comparing): boolean {
  if (typeof left === 'string' && typeof right === 'string') return fold(left, how) === fold(right, how);
  if (isMissing(left) || isMissing(right))
    return isMissing(left) ? isMissing(right) || isBlank(right, how) : isBlank(left, how);
  if (Array.isArray(left)) return Array.isArray(right) && sameList(left, right, how);
  if (isDate(left) || isDate(right)) return instant(left, how) === instant(right, how);
  if (isObject(left)) return isObject(right) && sameFields(left, right, how);
  if (how.loose && typeof left !== typeof right) return sameLoosely(left, right, how);
  return left === right;
}

function holdsOne({ left, op, right }: Condition, how: Comparing): boolean {
  return isNegated(op) ? !tests[negated[op]](left, right, how) : tests[op](left, right, how);
}

const negated = {
  'not-equals': 'equals',
  'not-contains': 'contains',
  'not-starts-with': 'starts-with',
  'not-ends-with': 'ends-with',
  'not-matches': 'matches',
  'not-in': 'in',
  'not-empty': 'empty',
  'not-exists': 'exists',
  'not-has-key': 'has-key',
  'length-not-equals': 'length-equals',
} as const;
type Negated = keyof typeof negated;
const isNegated = (op: ConditionOp): op is Negated => Object.hasOwn(negated, op);

type Test = (left: unknown, right: unknown, how: Comparing) => boolean;
const tests: Readonly<Record<Exclude<ConditionOp, Negated>, Test>> = {
  equals: same,
  contains,
  'starts-with': (left, right, how) => onTexts(left, right, how, (whole, part) => whole.startsWith(part)),
  'ends-with': (left, right, how) => onTexts(left, right, how, (whole, part) => whole.endsWith(part)),
  matches: (left, right, how) =>
    !isMissing(left) &&
    matchesPattern(textOf(left, how, 'matches'), textOf(right, how, 'matches'), how.ignoreCase ?? false),
  in: (left, right, how) => contains(right, left, how),
  gt: (left, right, how) => onNumbers(left, right, how, (more, less) => more > less),
  gte: (left, right, how) => onNumbers(left, right, how, (more, less) => more >= less),
  lt: (left, right, how) => onNumbers(left, right, how, (less, more) => less < more),
  lte: (left, right, how) => onNumbers(left, right, how, (less, more) => less <= more),
  before: (left, right, how) => !isMissing(left) && !isMissing(right) && instant(left, how) < instant(right, how),
  after: (left, right, how) => !isMissing(left) && !isMissing(right) && instant(left, how) > instant(right, how),
  empty: isEmpty,
  exists: (left) => !isMissing(left),
  'is-true': (left, _, how) => truth(left, how) === true,
  'is-false': (left, _, how) => truth(left, how) === false,
  'has-key': (left, right, how) => isObject(left) && Object.hasOwn(left, textOf(right, how, 'has-key')),
  'length-equals': (left, right, how) => onLength(left, right, how, (length, wanted) => length === wanted),
  'length-gt': (left, right, how) => onLength(left, right, how, (length, wanted) => length > wanted),
  'length-gte': (left, right, how) => onLength(left, right, how, (length, wanted) => length >= wanted),
  'length-lt': (left, right, how) => onLength(left, right, how, (length, wanted) => length < wanted),
  'length-lte': (left, right, how) => onLength(left, right, how, (length, wanted) => length <= wanted),
};

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;
const isBlank = (value: unknown, how: Comparing): boolean => how.loose === true && value === '';
const fold = (text: string, how: Comparing): string => (how.ignoreCase ? text.toLowerCase() : text);

function isEmpty(value: unknown): boolean {
  if (isMissing(value) || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && !isDate(value) && Object.keys(value).length === 0;
}

const sameList = (left: readonly unknown[], right: readonly unknown[], how: Comparing): boolean =>
  left.length === right.length && left.every((value, index) => same(value, right[index], how));

function sameFields(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
  how: Comparing,
): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && same(left[name], right[name], how));
}

function sameLoosely(left: unknown, right: unknown, how: Comparing): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    const truths = [truth(left, how), truth(right, how)];
    return truths[0] !== undefined && truths[0] === truths[1];
  }
  const numbers = [numberIn(left, how), numberIn(right, how)];
  return numbers[0] !== undefined && numbers[0] === numbers[1];
}

/** A part of a text, an entry of a list. */
function contains(left: unknown, right: unknown, how: Comparing): boolean {
  if (isMissing(left)) return false;
  if (Array.isArray(left)) return left.some((entry) => same(entry, right, how));
  return onTexts(left, right, how, (whole, part) => whole.includes(part));
}

function onTexts(
  left: unknown,
  right: unknown,
  how: Comparing,
  test: (left: string, right: string) => boolean,
): boolean {
  if (isMissing(left) || isMissing(right)) return false;
  return test(fold(textOf(left, how, 'text'), how), fold(textOf(right, how, 'text'), how));
}

function textOf(value: unknown, how: Comparing, op: string): string {
  if (typeof value === 'string') return value;
  if (how.loose && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  throw mismatch(value, op === 'text' ? 'text' : `text, which ${op} needs`);
}

function onNumbers(
  left: unknown,
  right: unknown,
  how: Comparing,
  test: (left: number, right: number) => boolean,
): boolean {
  if (isMissing(left) || isMissing(right)) return false;
  return test(numberOf(left, how), numberOf(right, how));
}

function numberOf(value: unknown, how: Comparing): number {
  const number = numberIn(value, how);
  if (number === undefined) throw mismatch(value, 'a number');
  return number;
}

function numberIn(value: unknown, how: Comparing): number | undefined {
  if (typeof value === 'number') return value;
  if (isDate(value)) return instant(value, how);
  if (!how.loose) return undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}

function truth(value: unknown, how: Comparing): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (!how.loose) return undefined;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === 'true' || word === 1 || word === '1' || word === 'yes') return true;
  return word === 'false' || word === 0 || word === '0' || word === 'no' ? false : undefined;
}

function onLength(
  value: unknown,
  wanted: unknown,
  how: Comparing,
  test: (length: number, wanted: number) => boolean,
): boolean {
  return test(lengthOf(value), numberOf(wanted, how));
}

/** Characters as a person counts them (code points), entries, or keys; nothing has length 0. */
function lengthOf(value: unknown): number {
  if (isMissing(value)) return 0;
  if (typeof value === 'string') return Array.from(value).length;
  if (Array.isArray(value)) return value.length;
  if (isObject(value) && !isDate(value)) return Object.keys(value).length;
  throw mismatch(value, 'text, a list or an object, which have a length');
}

type DateLike = { toMillis: () => number } | { getTime: () => number };
const isDate = (value: unknown): value is DateLike =>
  typeof value === 'object' &&
  value !== null &&
  (value instanceof Date || ('toMillis' in value && typeof value.toMillis === 'function'));

/** Epoch milliseconds of a date: a date value, epoch milliseconds, or text as in ISO 8601, SQL or a mail's header. */
function instant(value: unknown, how: Comparing): number {
  if (isDate(value)) return 'toMillis' in value ? value.toMillis() : value.getTime();
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') throw mismatch(value, 'a date');
  const options = { zone: how.zone ?? 'utc' };
  const read = [DateTime.fromISO, DateTime.fromSQL, DateTime.fromRFC2822, DateTime.fromHTTP]
    .map((from) => from.call(DateTime, value.trim(), options))
    .find((date) => date.isValid);
  if (read === undefined) throw mismatch(value, 'a date');
  return read.toMillis();
}

function mismatch(value: unknown, wanted: string): Fault {
  const got = JSON.stringify(value) ?? String(value);
  return new Fault(
    'data.invalid',
    `A condition compares ${got.length > 60 ? `${got.slice(0, 60)}…` : got}, which is not ${wanted}.`,
    {
      mend: 'Turn on Convert types, convert the value before, or choose another comparison.',
      done: 'no',
    },
  );
}
