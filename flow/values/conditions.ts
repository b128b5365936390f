import { currentEngine } from '../compile/plan.ts';
import { isObject } from '../document/json.ts';
import type { Budget } from '../facts/budget.ts';
import { Fault } from '../facts/faults.ts';
import type { Condition, ConditionOp, Where } from './condition.ts';
import { codePoints } from './code-points.ts';
import { isNumeric, opWord } from './condition-words.ts';
import { isDateObject, readDate } from './date.ts';
import { textBefore2 } from './date-1.ts';
import { matchesPattern } from './pattern.ts';
import { opening } from './opening.ts';
import { isIn } from './text-search.ts';

/** How values are compared. `zone` reads dates that name none; `engine` is the behaviour number of the plan (E17). */
export interface Comparing {
  readonly loose?: boolean | undefined;
  readonly ignoreCase?: boolean | undefined;
  readonly zone?: string | undefined;
  readonly engine?: number | undefined;
  readonly budget?: Budget | undefined;
}

/**
 * Tells whether conditions hold: the one evaluator, for nodes, checks and previews. A missing value (undefined or null) equals only a
 * missing one and is never greater, earlier or a part of anything. Kinds must agree unless `loose`: comparing text with a number
 * is a fault, `data.invalid`, for every operation alike, and not a quiet no.
 */
export function holds(where: Where, how: Comparing = {}): boolean {
  if ('all' in where && Array.isArray(where.all)) return where.all.every((inner) => holds(inner, how));
  if ('any' in where && Array.isArray(where.any)) return where.any.some((inner) => holds(inner, how));
  return holdsOne(where as Condition, how);
}

/** Tells whether two values are the same: by their JSON, order of keys aside; loosely also "5" and 5, "" and nothing. Never throws. */
export function same(left: unknown, right: unknown, how: Comparing): boolean {
  how.budget?.spend(1);
  if (typeof left === 'string' && typeof right === 'string') return fold(left, how) === fold(right, how);
  if (isMissing(left) || isMissing(right))
    return isMissing(left) ? isMissing(right) || isBlank(right, how) : isBlank(left, how);
  if (Array.isArray(left)) return Array.isArray(right) && sameList(left, right, how);
  if (isDateObject(left) || isDateObject(right)) return sameInstant(left, right, how);
  if (isObject(left)) return isObject(right) && sameFields(left, right, how);
  if (how.loose && typeof left !== typeof right) return sameLoosely(left, right, how);
  return left === right;
}

/** As `same`, and a fault where the two are of kinds that cannot be compared. */
function equals(left: unknown, right: unknown, how: Comparing): boolean {
  mustAgree(left, right, how);
  return same(left, right, how);
}

const isStrict = ({ loose, engine = currentEngine }: Comparing): boolean => loose !== true && engine >= 2;

function mustAgree(left: unknown, right: unknown, how: Comparing): void {
  if (isDateObject(left) || isDateObject(right)) {
    if (!isMissing(left) && !isMissing(right)) [left, right].forEach((value) => instant(value, how));
  } else if (isStrict(how) && !agree(left, right)) throw disagreement(left, right, how);
}

/** Nothing is of no kind: it can be compared with anything. */
const agree = (left: unknown, right: unknown): boolean =>
  isMissing(left) || isMissing(right) || kindOf(left) === kindOf(right);

const kindOf = (value: unknown): string =>
  typeof value === 'string' ? 'text' : Array.isArray(value) ? 'list' : isDateObject(value) ? 'date' : typeof value;

function holdsOne({ left, op, right }: Condition, how: Comparing): boolean {
  how.budget?.spend(stepsAComparison);
  return isNegated(op) ? !tests[negated[op]](left, right, how) : tests[op](left, right, how);
}

/** What a comparison of two small values takes, in steps of expressions. */
const stepsAComparison = 4;

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
  equals,
  contains,
  'starts-with': (left, right, how) => onTexts(left, right, how, (whole, part) => whole.startsWith(part)),
  'ends-with': (left, right, how) => onTexts(left, right, how, (whole, part) => whole.endsWith(part)),
  matches: (left, right, how) =>
    !isMissing(left) &&
    !(isMissing(right) && (how.engine ?? currentEngine) >= 2) &&
    matchesPattern(textOf(left, how, 'matches'), textOf(right, how, 'matches'), how.ignoreCase ?? false, how.budget),
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
  'has-key': hasKey,
  'length-equals': (left, right, how) => onLength(left, right, how, (length, wanted) => length === wanted),
  'length-gt': (left, right, how) => onLength(left, right, how, (length, wanted) => length > wanted),
  'length-gte': (left, right, how) => onLength(left, right, how, (length, wanted) => length >= wanted),
  'length-lt': (left, right, how) => onLength(left, right, how, (length, wanted) => length < wanted),
  'length-lte': (left, right, how) => onLength(left, right, how, (length, wanted) => length <= wanted),
};

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;
const isBlank = (value: unknown, how: Comparing): boolean => how.loose === true && value === '';
function fold(text: string, how: Comparing): string {
  how.budget?.spend(text.length >>> 6);
  if (!how.ignoreCase) return text;
  how.budget?.makes(text.length);
  return text.toLowerCase();
}

function hasKey(left: unknown, right: unknown, how: Comparing): boolean {
  if (isMissing(left) || isMissing(right)) return false;
  if (isObject(left)) return Object.hasOwn(left, textOf(right, how, 'has-key'));
  if (isStrict(how)) throw mismatch(left, 'an object, which has keys');
  return false;
}

function isEmpty(value: unknown): boolean {
  if (isMissing(value) || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && !isDateObject(value) && Object.keys(value).length === 0;
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
  if (Array.isArray(left)) return hasEntry(left, right, how);
  return onTexts(left, right, how, (whole, part) => isIn(whole, part, 0, how.budget));
}

/** A list of mixed kinds is searched for those that agree; one in which none does cannot hold the value. */
function hasEntry(list: readonly unknown[], value: unknown, how: Comparing): boolean {
  if (list.some((entry) => same(entry, value, how))) return true;
  const other = list.find((entry) => !isMissing(entry));
  if (isStrict(how) && other !== undefined && !list.some((entry) => agree(entry, value) && !isMissing(entry)))
    throw disagreement(other, value, how);
  return false;
}

function onTexts(
  left: unknown,
  right: unknown,
  how: Comparing,
  test: (left: string, right: string) => boolean,
): boolean {
  if (isMissing(left) || isMissing(right)) return false;
  return test(fold(textOf(left, how), how), fold(textOf(right, how), how));
}

function textOf(value: unknown, how: Comparing, op?: ConditionOp): string {
  if (typeof value === 'string') return value;
  if (isDateObject(value)) return readDate(value, how.zone ?? 'utc')?.toISO() ?? '';
  if (how.loose && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  const canConvert = how.loose !== true && (typeof value === 'number' || typeof value === 'boolean');
  throw mismatch(value, op === undefined ? 'text' : `text, which ${opWord(op)} needs`, canConvert);
}

function onNumbers(
  left: unknown,
  right: unknown,
  how: Comparing,
  test: (left: number, right: number) => boolean,
): boolean {
  if (isMissing(left) || isMissing(right)) return false;
  if (isDateObject(left) || isDateObject(right)) return test(instant(left, how), instant(right, how));
  return test(numberOf(left, how), numberOf(right, how));
}

function numberOf(value: unknown, how: Comparing): number {
  const number = numberIn(value, how);
  if (number === undefined) throw mismatch(value, 'a number', numberIn(value, { ...how, loose: true }) !== undefined);
  return number;
}

function numberIn(value: unknown, how: Comparing): number | undefined {
  if (typeof value === 'number') return value;
  if (isDateObject(value)) return instant(value, how);
  if (!how.loose) return undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') how.budget?.about(value.length);
  return typeof value === 'string' && isNumeric(value) ? Number(value) : undefined;
}

function truth(value: unknown, how: Comparing): boolean | undefined {
  if (typeof value === 'boolean' || isMissing(value)) return value ?? undefined;
  if (!how.loose) return wordless(value, how);
  if (typeof value === 'string') how.budget?.about(value.length);
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === 'true' || word === 1 || word === '1' || word === 'yes') return true;
  return word === 'false' || word === 0 || word === '0' || word === 'no' ? false : undefined;
}

function wordless(value: unknown, how: Comparing): undefined {
  if (isStrict(how)) throw mismatch(value, 'true or false', truth(value, { ...how, loose: true }) !== undefined);
  return undefined;
}

function onLength(
  value: unknown,
  wanted: unknown,
  how: Comparing,
  test: (length: number, wanted: number) => boolean,
): boolean {
  if (isMissing(wanted) && isStrict(how)) return false;
  return test(lengthOf(value, how), numberOf(wanted, how));
}

/** Characters as a person counts them (code points), entries, or keys; nothing has length 0. */
function lengthOf(value: unknown, { budget }: Comparing): number {
  if (isMissing(value)) return 0;
  if (typeof value === 'string') return codePoints(value, budget);
  if (Array.isArray(value)) return value.length;
  if (isObject(value) && !isDateObject(value)) return Object.keys(value).length;
  throw mismatch(value, 'text, a list or an object, which have a length');
}

/** Epoch milliseconds of a date, as the one reader of dates reads it. */
function instant(value: unknown, how: Comparing): number {
  const zone = how.zone ?? 'utc';
  const { engine = currentEngine } = how;
  if (engine < 2 && typeof value === 'number') return value;
  const read = engine < 2 && typeof value === 'string' ? textBefore2(value, zone) : readDate(value, zone, { engine });
  if (read === undefined) throw mismatch(value, 'a date');
  return read.toMillis();
}

function sameInstant(left: unknown, right: unknown, how: Comparing): boolean {
  const [one, other] = [left, right].map((value) => readDate(value, how.zone ?? 'utc', how)?.toMillis());
  return one !== undefined && one === other;
}

const mend = 'Convert the value before, or choose another comparison.';
const converting = 'Turn on Convert types, convert the value before, or choose another comparison.';

/** `canConvert` says that the comparison could be made if types were converted. */
function mismatch(value: unknown, wanted: string, canConvert = false): Fault {
  return new Fault('data.invalid', `A condition compares ${shown(value)}, which is not ${wanted}.`, {
    mend: canConvert ? converting : mend,
    done: 'no',
  });
}

function disagreement(left: unknown, right: unknown, how: Comparing): Fault {
  const message = `A condition compares the ${kindOf(left)} ${shown(left)} with the ${kindOf(right)} ${shown(right)}.`;
  const loosely = { ...how, loose: true };
  const canConvert = [numberIn, truth].some((read) =>
    [left, right].every((value) => read(value, loosely) !== undefined),
  );
  return new Fault('data.invalid', message, { mend: canConvert ? converting : mend, done: 'no' });
}

function shown(value: unknown): string {
  const text = value === undefined ? 'undefined' : opening(value, 60);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
