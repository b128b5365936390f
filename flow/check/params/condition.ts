import { canonical } from '../../document/canonical.ts';
import { isObject } from '../../document/json.ts';
import { compileValue } from '../../expression/compile.ts';
import { scopeOver } from '../../expression/scope.ts';

type Params = Readonly<Record<string, unknown>>;

/**
 * Tells whether a card's condition holds over stored params, which its expressions see as `$json`. A condition that hangs on
 * a value only known while running, or uses an operation that is not for params, does not hold: no Issue on a guess.
 */
export function holdsOver(condition: unknown, params: Params): boolean {
  return verdict(condition, params) === true;
}

/** Undefined where it cannot be known. */
type Verdict = boolean | undefined;

function verdict(condition: unknown, params: Params, depth = 0): Verdict {
  if (!isObject(condition) || depth > 50) return undefined;
  if (Array.isArray(condition['all'])) {
    const parts = condition['all'].map((part) => verdict(part, params, depth + 1));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  }
  if (Array.isArray(condition['any'])) {
    const parts = condition['any'].map((part) => verdict(part, params, depth + 1));
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  }
  const { op } = condition;
  const test = typeof op === 'string' && Object.hasOwn(tests, op) ? tests[op] : undefined;
  if (!test) return undefined;
  const left = worked(condition['left'], params);
  const right = worked(condition['right'], params);
  return left === unknown || right === unknown ? undefined : test(left, right);
}

const unknown = Symbol('only known while running');

function worked(side: unknown, params: Params): unknown {
  try {
    const value = compileValue(side)(scopeOver(params));
    return typeof value === 'string' && value.includes('{{') ? unknown : value;
  } catch {
    return unknown;
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);

const isSame = (left: unknown, right: unknown): boolean => canonical(left ?? null) === canonical(right ?? null);

const lengthOf = (value: unknown): number | undefined =>
  typeof value === 'string' || Array.isArray(value)
    ? value.length
    : isObject(value)
      ? Object.keys(value).length
      : isEmpty(value)
        ? 0
        : undefined;

type Test = (left: unknown, right: unknown) => Verdict;

const onNumbers =
  (test: (left: number, right: number) => boolean): Test =>
  (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? test(left, right) : false;

const onLength =
  (test: (left: number, right: number) => boolean): Test =>
  (left, right) =>
    onNumbers(test)(lengthOf(left), right);

const not =
  (test: Test): Test =>
  (left, right) => {
    const said = test(left, right);
    return said === undefined ? undefined : !said;
  };

const contains: Test = (left, right) =>
  Array.isArray(left)
    ? left.some((entry) => isSame(entry, right))
    : typeof left === 'string' && typeof right === 'string'
      ? left.includes(right)
      : false;
const startsWith: Test = (left, right) =>
  typeof left === 'string' && typeof right === 'string' && left.startsWith(right);
const isIn: Test = (left, right) => contains(right, left);
const hasKey: Test = (left, right) => isObject(left) && typeof right === 'string' && Object.hasOwn(left, right);

/** The operations of `rules.if` that make sense over params. */
const tests: Readonly<Record<string, Test>> = {
  equals: isSame,
  'not-equals': not(isSame),
  contains,
  'not-contains': not(contains),
  'starts-with': startsWith,
  'not-starts-with': not(startsWith),
  in: isIn,
  'not-in': not(isIn),
  gt: onNumbers((left, right) => left > right),
  gte: onNumbers((left, right) => left >= right),
  lt: onNumbers((left, right) => left < right),
  lte: onNumbers((left, right) => left <= right),
  empty: isEmpty,
  'not-empty': not(isEmpty),
  exists: (left) => left !== undefined && left !== null,
  'not-exists': (left) => left === undefined || left === null,
  'is-true': (left) => left === true,
  'is-false': (left) => left === false,
  'has-key': hasKey,
  'not-has-key': not(hasKey),
  'length-equals': onLength((left, right) => left === right),
  'length-not-equals': onLength((left, right) => left !== right),
  'length-gt': onLength((left, right) => left > right),
  'length-gte': onLength((left, right) => left >= right),
  'length-lt': onLength((left, right) => left < right),
  'length-lte': onLength((left, right) => left <= right),
};
