import { writtenOutIn } from './regex/size.ts';

/** What compiling a character of code takes, in steps of expressions. */
export const stepsACharacter = 20;

/** What is made of a character of code takes so many bytes: 60 of usual code, 260 of functions that follow one another. */
export const bytesACharacter = 128;

/** How many characters of expressions there are at most in a value, with the repeats of patterns written out, and some for each. */
export function codeLength(value: unknown): number {
  if (typeof value === 'object' && value !== null)
    return Object.values(value).reduce((sum: number, part) => sum + codeLength(part), 0);
  if (typeof value !== 'string') return 0;
  let length = 0;
  // What begins with `{{` goes on to the last `}}` before the next one; without any it is that of the one around it.
  for (const piece of value.split('{{').slice(1)) {
    const end = piece.lastIndexOf('}}');
    const code = end < 0 ? piece : piece.slice(0, end);
    length += code.length + (writtenOutIn(code) - code.length) * charactersARepeat + charactersAnExpression;
  }
  return length;
}

const charactersAnExpression = 10;
/** A character that a pattern of the code repeats takes longer to compile than one of code. */
const charactersARepeat = 5;
