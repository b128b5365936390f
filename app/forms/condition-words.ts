import { conditionWords as words } from '../../flow/values/condition-words.ts';

/** The operations of a condition in the words of a form. */
export const conditionWords: readonly { readonly value: string; readonly title: string }[] = Object.entries(words).map(
  ([value, title]) => ({ value, title }),
);

const alone = new Set(['empty', 'not-empty', 'exists', 'not-exists', 'is-true', 'is-false']);

/** Whether an operation compares with something. */
export const needsRight = (op: string): boolean => !alone.has(op);
