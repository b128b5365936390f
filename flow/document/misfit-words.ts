import type * as z from 'zod';

type Misfit = z.core.$ZodIssue;

/** What our own schemas say begins in lower case ("must be an e-mail address"); the library's words are for programmers. */
const isOurs = ({ message }: Misfit): boolean => !/^(Too |Invalid |Unrecognized |Expected )/.test(message);

/** What is wrong with a value that does not fit, so that a person can mend it: the words of its schema, else ours for the library's. */
export function misfitWords(misfit: Misfit): string {
  if (isOurs(misfit)) return misfit.message;
  switch (misfit.code) {
    case 'too_big':
      return `must ${sized(misfit.origin, misfit.maximum, ['fewer', 'at most'])}`;
    case 'too_small':
      return isOne(misfit) ? 'must not be empty' : `must ${sized(misfit.origin, misfit.minimum, ['more', 'at least'])}`;
    case 'unrecognized_keys':
      return `has no ${misfit.keys.length === 1 ? 'field' : 'fields'} ${misfit.keys.map((key) => `“${key.slice(0, 60)}”`).join(', ')}`;
    case 'invalid_type':
      return misfit.message.endsWith('received undefined')
        ? 'is missing'
        : `must be ${kinds[misfit.expected] ?? misfit.expected}`;
    case 'invalid_value':
      return `must be ${misfit.values.length === 1 ? '' : 'one of '}${misfit.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'has a value of the wrong kind';
    default:
      return 'does not have the right form';
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const isOne = ({ origin, minimum }: { origin: string; minimum: number | bigint }): boolean =>
  minimum === 1 && (origin === 'string' || origin === 'array');

/** `have 100 characters or fewer`, `have 3 entries or more`, `be at most 60`. */
function sized(origin: string, size: number | bigint, [counted, measured]: readonly [string, string]): string {
  if (origin === 'string') return `have ${size} characters or ${counted}`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `have ${size} entries or ${counted}`;
  return `be ${measured} ${size}`;
}
