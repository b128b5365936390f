import { RE2JS } from 're2js';
import { Fault } from '../../flow/run/faults.ts';

// The last few patterns stay compiled: a condition meets the same one for each item.
const compiled = new Map<string, RE2JS>();
const kept = 64;

/** Tells whether the pattern is found in the text; in linear time whatever the pattern (re2). Throws `data.invalid` for what is no pattern. */
export const matchesPattern = (text: string, pattern: string, ignoreCase: boolean): boolean =>
  regexOf(pattern, ignoreCase).matcher(text).find();

function regexOf(pattern: string, ignoreCase: boolean): RE2JS {
  const key = `${ignoreCase ? 'i' : ''}/${pattern}`;
  const regex = compiled.get(key) ?? compile(pattern, ignoreCase);
  compiled.delete(key);
  compiled.set(key, regex);
  if (compiled.size > kept) compiled.delete(compiled.keys().next().value ?? key);
  return regex;
}

function compile(pattern: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new Fault('data.invalid', `${pattern} is not a regular expression that can be used here.`, {
      mend: 'Look-around and back-references are not there; use a code node for them.',
      done: 'no',
      cause: error,
    });
  }
}
