import { nearest } from '../document/quote.ts';
import { constants } from './globals/names.ts';
import { Callable } from './values/box.ts';
import { kindHas } from './values/spelling.ts';

/** What is wrong with a call of a function that does not exist, and the one that was most likely meant. */
export function noFunction(called: string): { message: string; mend: string } {
  const name = called.slice(0, 60);
  return { message: `There is no function ${name}() in expressions.`, mend: mendFor(name) };
}

function mendFor(name: string): string {
  // What other languages call as a function is a method here: `trim(name)`.
  if (kindHas('any', name)) return `Write it after a value: $json.name.${name}().`;
  const meant = sameLetters(name) ?? nearest(name, functions);
  if (meant !== undefined) return `Write ${meant}(), if that was meant.`;
  if (name.startsWith('$')) return 'Use $if(), $ifEmpty(), $max(), $min(), or a function of JavaScript.';
  return 'Write a function of JavaScript such as Number() or String(), or use a Code node.';
}

/** The names that can be called by themselves. */
const functions = [...constants].flatMap(([name, value]) => (value instanceof Callable ? [name] : []));

const sameLetters = (name: string): string | undefined =>
  functions.find((known) => known.toLowerCase() === name.toLowerCase());
