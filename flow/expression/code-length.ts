/** What compiling a character of code takes, in steps of expressions. */
export const stepsACharacter = 20;

/** What is made of a character of code takes so many bytes: 60 of usual code, 260 of functions that follow one another. */
export const bytesACharacter = 128;

/** How many characters of expressions there are at most in a value, and some for each. */
export function codeLength(value: unknown): number {
  if (typeof value === 'object' && value !== null)
    return Object.values(value).reduce((sum: number, part) => sum + codeLength(part), 0);
  if (typeof value !== 'string') return 0;
  let length = 0;
  // What begins with `{{` goes on to the last `}}` before the next one; without any it is that of the one around it.
  for (const piece of value.split('{{').slice(1)) {
    const end = piece.lastIndexOf('}}');
    length += (end < 0 ? piece.length : end) + charactersAnExpression;
  }
  return length;
}

const charactersAnExpression = 10;
