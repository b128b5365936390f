import { quote } from '../document/quote.ts';
import type { ConditionOp } from './condition.ts';

/** The operations of a condition as forms and sentences call them, in the order in which a form offers them. */
export const conditionWords: Readonly<Record<ConditionOp, string>> = {
  equals: 'is',
  'not-equals': 'is not',
  gt: 'is greater than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  contains: 'contains',
  'not-contains': 'does not contain',
  'starts-with': 'starts with',
  'not-starts-with': 'does not start with',
  'ends-with': 'ends with',
  'not-ends-with': 'does not end with',
  matches: 'matches the pattern',
  'not-matches': 'does not match the pattern',
  in: 'is one of',
  'not-in': 'is none of',
  before: 'is before',
  after: 'is after',
  empty: 'is empty',
  'not-empty': 'is not empty',
  exists: 'exists',
  'not-exists': 'does not exist',
  'is-true': 'is true',
  'is-false': 'is false',
  'has-key': 'has the field',
  'not-has-key': 'does not have the field',
  'length-equals': 'has length',
  'length-not-equals': 'does not have length',
  'length-gt': 'is longer than',
  'length-gte': 'is at least as long as',
  'length-lt': 'is shorter than',
  'length-lte': 'is at most as long as',
};

/** Whether a text holds a number, as “Convert types” reads it. */
export const isNumeric = (text: string): boolean => text.trim() !== '' && !Number.isNaN(Number(text));

/** An operation in a sentence: “matches the pattern”. */
export const opWord = (op: ConditionOp): string => quote(conditionWords[op]);
