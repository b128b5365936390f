/** The operations of a condition in the words of a form. */
export const conditionWords: readonly { readonly value: string; readonly title: string }[] = [
  { value: 'equals', title: 'is' },
  { value: 'not-equals', title: 'is not' },
  { value: 'gt', title: 'is greater than' },
  { value: 'gte', title: 'is at least' },
  { value: 'lt', title: 'is less than' },
  { value: 'lte', title: 'is at most' },
  { value: 'contains', title: 'contains' },
  { value: 'not-contains', title: 'does not contain' },
  { value: 'starts-with', title: 'starts with' },
  { value: 'not-starts-with', title: 'does not start with' },
  { value: 'ends-with', title: 'ends with' },
  { value: 'not-ends-with', title: 'does not end with' },
  { value: 'matches', title: 'matches the pattern' },
  { value: 'not-matches', title: 'does not match the pattern' },
  { value: 'in', title: 'is one of' },
  { value: 'not-in', title: 'is none of' },
  { value: 'before', title: 'is before' },
  { value: 'after', title: 'is after' },
  { value: 'empty', title: 'is empty' },
  { value: 'not-empty', title: 'is not empty' },
  { value: 'exists', title: 'exists' },
  { value: 'not-exists', title: 'does not exist' },
  { value: 'is-true', title: 'is true' },
  { value: 'is-false', title: 'is false' },
  { value: 'has-key', title: 'has the field' },
  { value: 'not-has-key', title: 'does not have the field' },
  { value: 'length-equals', title: 'has length' },
  { value: 'length-not-equals', title: 'does not have length' },
  { value: 'length-gt', title: 'is longer than' },
  { value: 'length-gte', title: 'is at least as long as' },
  { value: 'length-lt', title: 'is shorter than' },
  { value: 'length-lte', title: 'is at most as long as' },
];

const alone = new Set(['empty', 'not-empty', 'exists', 'not-exists', 'is-true', 'is-false']);

/** Whether an operation compares with something. */
export const needsRight = (op: string): boolean => !alone.has(op);
