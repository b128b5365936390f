import { mistake, tooMuch } from '../faults.ts';
import { aboutMarks, withShortMarks } from '../../values/mark-runs.ts';
import { indexIn, isIn, lastIndexIn, splitBy } from '../../values/text-search.ts';
import { limits } from '../limits.ts';
import { replace } from '../regex/replace.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { RegexBox } from '../values/boxes.ts';
import { optionalNumber, optionalText, toInteger, toText } from '../values/convert.ts';
import { isRecord } from '../values/kinds.ts';
import { matchAllText, matchText, searchText, splitByRegex } from './regex.ts';

type Args = readonly unknown[];

/** JavaScript's methods of texts. Every one bounds the size of what it builds. */
export const textMethods: Methods<string> = table({
  at: (run: Run, text: string, args: Args) => text.at(toInteger(run, args[0])),
  charAt: (run: Run, text: string, args: Args) => text.charAt(toInteger(run, args[0])),
  charCodeAt: (run: Run, text: string, args: Args) => text.charCodeAt(toInteger(run, args[0])),
  codePointAt: (run: Run, text: string, args: Args) => text.codePointAt(toInteger(run, args[0])),
  concat: (run: Run, text: string, args: Args) =>
    args.reduce<string>((all, arg) => run.joined(all + toText(run, arg)), text),
  endsWith: (run: Run, text: string, args: Args) =>
    text.endsWith(looked(run, searched(run, args[0])), optionalNumber(run, args[1]) ?? text.length),
  includes: (run: Run, text: string, args: Args) =>
    isIn(read(run, text), searched(run, args[0]), toInteger(run, args[1]), run.budget),
  indexOf: (run: Run, text: string, args: Args) =>
    indexIn(read(run, text), toText(run, args[0]), toInteger(run, args[1]), run.budget),
  lastIndexOf: (run: Run, text: string, args: Args) =>
    lastIndexIn(read(run, text), toText(run, args[0]), optionalNumber(run, args[1]), run.budget),
  localeCompare: (run: Run, text: string, args: Args) =>
    withShortMarks(walked(run, text)).localeCompare(
      withShortMarks(toText(run, args[0]), run.budget),
      locale(run, args[1]),
      options(args[2]),
    ),
  match: (run: Run, text: string, args: Args) => matchText(run, text, args[0]),
  matchAll: (run: Run, text: string, args: Args) => matchAllText(run, text, args[0]),
  normalize: (run: Run, text: string, args: Args) => normalized(run, walked(run, text), optionalText(run, args[0])),
  padEnd: (run: Run, text: string, args: Args) => text.padEnd(padding(run, text, args[0]), optionalText(run, args[1])),
  padStart: (run: Run, text: string, args: Args) =>
    text.padStart(padding(run, text, args[0]), optionalText(run, args[1])),
  repeat: (run: Run, text: string, args: Args) => repeated(run, text, toInteger(run, args[0])),
  replace: (run: Run, text: string, args: Args) => replace(run, read(run, text), args[0], args[1], false),
  replaceAll: (run: Run, text: string, args: Args) => replace(run, read(run, text), args[0], args[1], true),
  search: (run: Run, text: string, args: Args) => searchText(run, text, args[0]),
  slice: (run: Run, text: string, args: Args) => text.slice(toInteger(run, args[0]), optionalNumber(run, args[1])),
  split: (run: Run, text: string, args: Args) => split(run, read(run, text), args[0], args[1]),
  startsWith: (run: Run, text: string, args: Args) =>
    text.startsWith(looked(run, searched(run, args[0])), toInteger(run, args[1])),
  substr: (run: Run, text: string, args: Args) => substr(text, toInteger(run, args[0]), optionalNumber(run, args[1])),
  substring: (run: Run, text: string, args: Args) =>
    text.substring(toInteger(run, args[0]), optionalNumber(run, args[1])),
  toLowerCase: (run: Run, text: string) => copied(run, text).toLowerCase(),
  toLocaleLowerCase: (run: Run, text: string, args: Args) => copied(run, text).toLocaleLowerCase(locale(run, args[0])),
  toUpperCase: (run: Run, text: string) => copied(run, text).toUpperCase(),
  toLocaleUpperCase: (run: Run, text: string, args: Args) => copied(run, text).toLocaleUpperCase(locale(run, args[0])),
  toString: (_run: Run, text: string) => text,
  toLocaleString: (_run: Run, text: string) => text,
  hasOwnProperty: (run: Run, text: string, args: Args) => hasOwn(text, toText(run, args[0])),
  toWellFormed: (run: Run, text: string) => copied(run, text).toWellFormed(),
  isWellFormed: (run: Run, text: string) => read(run, text).isWellFormed(),
  trim: (run: Run, text: string) => read(run, text).trim(),
  trimEnd: (run: Run, text: string) => read(run, text).trimEnd(),
  trimRight: (run: Run, text: string) => read(run, text).trimEnd(),
  trimStart: (run: Run, text: string) => read(run, text).trimStart(),
  trimLeft: (run: Run, text: string) => read(run, text).trimStart(),
  valueOf: (_run: Run, text: string) => text,
});

/** A text has its length and its letters by their places. */
const hasOwn = (text: string, name: string): boolean =>
  name === 'length' || (/^(?:0|[1-9]\d{0,9})$/.test(name) && Number(name) < text.length);

/** Tells the budget of a text that another is compared with. */
function looked(run: Run, text: string): string {
  run.reads(text);
  return text;
}

/** Counts the work on a text that a method walks through. */
const read = (run: Run, text: string): string => run.text(text);

/** The same of one that makes another of about its length. */
function copied(run: Run, text: string): string {
  run.budget?.makes(text.length);
  return run.text(text);
}

/** The same of one that takes long for each character. */
function walked(run: Run, text: string): string {
  run.budget?.makes(text.length);
  return run.walked(text);
}

/** A locale argument; the language's own is American English, whatever the host's is. */
export function locale(run: Run, value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? toText(run, run.view(value)[0]) : 'en-US';
}

/** An options argument of a formatting function: its own fields. */
export function options(value: unknown): Record<string, never> | undefined {
  // What Intl cannot read in it is a RangeError or TypeError, which `call` turns into a missing value.
  return isRecord(value) ? (Object.fromEntries(Object.entries(value)) as Record<string, never>) : undefined;
}

/** `includes` and its like take no regex, in JavaScript either. */
function searched(run: Run, value: unknown): string {
  if (value instanceof RegexBox)
    throw mistake('A regular expression cannot be looked for here: use match() or test().');
  return toText(run, value);
}

function normalized(run: Run, text: string, form: string | undefined): string {
  if (form !== undefined && !/^NFK?[CD]$/.test(form)) throw mistake(`There is no normal form "${form}".`);
  aboutMarks(text, run.budget);
  return text.normalize(form);
}

function padding(run: Run, text: string, value: unknown): number {
  const length = toInteger(run, value);
  if (length > limits.text) throw tooMuch('The expression builds too long a text.');
  run.charge(1 + (Math.max(0, length) >>> 6));
  run.budget?.makes(Math.max(0, length - text.length));
  return length;
}

function repeated(run: Run, text: string, count: number): string {
  if (count < 0) throw mistake('repeat() needs a count of 0 or more.');
  if (text === '') return '';
  if (text.length * count > limits.text) throw tooMuch('The expression builds too long a text.');
  return run.made(text.repeat(count));
}

function split(run: Run, text: string, by: unknown, limit: unknown): unknown[] {
  const most = limit === undefined ? limits.list + 1 : Math.min(toInteger(run, limit) >>> 0, limits.list + 1);
  if (by instanceof RegexBox) return splitByRegex(run, text, by, most);
  const parts = by === undefined ? [text].slice(0, most) : splitBy(text, toText(run, by), most, run.budget);
  run.length(parts.length);
  return parts;
}

function substr(text: string, from: number, count: number | undefined): string {
  const start = from < 0 ? Math.max(0, text.length + from) : from;
  return text.slice(start, count === undefined ? undefined : start + Math.max(0, Math.trunc(count) || 0));
}
