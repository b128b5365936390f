import { isObject } from '../../document/json.ts';
import { nearest, quote } from '../../document/quote.ts';
import { jsonWeight } from '../../values/json-weight.ts';
import type { Misfit, Misfitting, Path } from './schema.ts';
import { fieldAt, titleText, titleWords } from './titles.ts';
import type { FieldWords } from './titles.ts';

/** What is wrong with a param and what to do about it, each a sentence; `mend` is empty where the message says it already. */
export interface Sentence {
  readonly message: string;
  readonly mend: string;
}

type Schema = Readonly<Record<string, unknown>>;
type How<Kind extends Misfitting['kind']> = Extract<Misfitting, { readonly kind: Kind }>;

interface About {
  readonly path: Path;
  /** The field as its form calls it, inside of what: `Field 1 › Name`. */
  readonly name: string;
  readonly field: FieldWords;
  readonly value: unknown;
  readonly isOptional: boolean;
  readonly root: Schema;
}

/** A misfit in the words of the form: a line of the table below for its kind. */
export function sentenceOf(root: Schema, { path, value, how, isOptional = false }: Misfit): Sentence {
  const name = path.length === 0 ? 'The node' : titleText(root, path);
  const about: About = { root, path, name, field: fieldAt(root, path), value, isOptional };
  // Nothing was entered: which kind of value is wanted does not matter yet.
  if (value === '' && ['type', 'word', 'forms'].includes(how.kind)) return empty(about);
  // The table has an entry for each kind that takes misfits of that kind.
  return (table[how.kind] as (how: Misfitting, about: About) => Sentence)(how, about);
}

const table: { readonly [Kind in Misfitting['kind']]: (how: How<Kind>, about: About) => Sentence } = {
  missing: (_, about) => asked(about),
  empty: (_, about) => empty(about),
  forbidden: (_, { name }) => said(`${name} does not belong here`, 'Remove it.'),
  pattern: (_, about) => said(`${about.name} is ${show(about.value)}`, about.field.says ?? example(about.field)),
  type: ({ types }, { name, value }) => said(`${name} is ${kindOf(value)}`, `Enter ${typeWords(types)}.`),
  word: ({ words }, { name, value }) => said(`${name} is ${show(value)}`, choose(words, value)),
  forms: ({ forms }, { name, value }) => said(`${name} is ${kindOf(value)}`, `Enter ${formsWords(forms)}.`),
  short: ({ limit }, { name, value }) => said(`${name} has ${characters(value)}`, `Enter at least ${limit}.`),
  long: ({ limit }, { name, value }) => said(`${name} has ${characters(value)}`, `Enter at most ${limit}.`),
  few: ({ limit }, about) =>
    countOf(about.value) === 0
      ? asked(about)
      : said(`${about.name} has ${entries(about.value)}`, `Add ${limit - countOf(about.value)} or more.`),
  many: ({ limit }, { name, value }) => said(`${name} has ${entries(value)}`, `Keep at most ${limit}.`),
  least: ({ limit }, { name, value }) => said(`${name} is ${String(value)}`, `Enter ${limit} or more.`),
  most: ({ limit }, { name, value }) => said(`${name} is ${String(value)}`, `Enter ${limit} or less.`),
  above: ({ limit }, { name, value }) => said(`${name} is ${String(value)}`, `Enter more than ${limit}.`),
  below: ({ limit }, { name, value }) => said(`${name} is ${String(value)}`, `Enter less than ${limit}.`),
  step: ({ limit }, { name, value }) => said(`${name} is ${String(value)}`, `Enter a multiple of ${limit}.`),
  unknown: ({ name: stranger, known }, { name }) => {
    const meant = nearest(stranger, known);
    return said(`${name} has no field ${quote(stranger)}`, meant ? `Use ${meant} instead.` : 'Remove it.');
  },
};

const said = (message: string, mend: string): Sentence => ({ message: `${message}.`, mend });

const empty = (about: About): Sentence =>
  about.isOptional || typeof about.path.at(-1) === 'number'
    ? said(`${about.name} is empty`, 'Enter a value, or remove it.')
    : asked(about);

/** What is not there yet is asked for: "Enter a path.", or inside of an entry "Field 1 needs a name." */
function asked({ root, path, field }: About): Sentence {
  const owner = titleText(root, path.slice(0, -1));
  const message = owner === '' ? `${verbs[field.verb]} ${field.noun}.` : `${owner} needs ${field.noun}.`;
  return { message, mend: example(field) };
}

const verbs = { enter: 'Enter', choose: 'Choose', add: 'Add' } as const;

/** What is longer than a line is shown where it is to be written. */
const example = ({ placeholder }: FieldWords): string =>
  placeholder === undefined || placeholder.includes('\n') ? '' : `For example “${placeholder}”.`;

function choose(words: readonly unknown[], value: unknown): string {
  if (words.length === 1) return `Use ${show(words[0])}.`;
  const texts = words.filter((word) => typeof word === 'string');
  const meant = typeof value === 'string' ? nearest(value, texts) : undefined;
  if (meant) return `Use ${show(meant)}.`;
  const more = words.length > 12 ? ` or ${words.length - 12} more` : '';
  return `Choose one of ${words.slice(0, 12).map(titleWords).join(', ')}${more}.`;
}

const formsWords = (forms: readonly Schema[]): string => [...new Set(forms.map(formWords))].slice(0, 8).join(', or ');

function formWords(schema: Schema): string {
  if (schema['title'] === 'Expression') return 'an expression';
  if ('const' in schema) return show(schema['const']);
  const { type, enum: words } = schema;
  if (Array.isArray(words)) return `one of ${words.slice(0, 8).map(show).join(', ')}`;
  const types = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  return types.length > 0 ? typeWords(types) : 'another value';
}

const countOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const entries = (value: unknown): string => counted(countOf(value), 'entry', 'entries');
const characters = (value: unknown): string => counted(String(value).length, 'character', 'characters');
const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const typeNouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing (null)',
  array: 'a list',
  object: 'an object',
};

/** JSON Schema's types as a person reads them. */
export const typeWords = (types: readonly string[]): string =>
  types.map((name) => typeNouns[name] ?? name).join(' or ') || 'a value';

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : isObject(value)
        ? 'an object'
        : `${typeof value === 'number' ? 'the number' : typeof value === 'string' ? 'the text' : 'the value'} ${show(value)}`;

/** A value inside a sentence: text in quotes, the rest as JSON, what is long by its kind. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (jsonWeight(value, longest) > longest) return kindOf(value);
  return quote(JSON.stringify(value) ?? 'nothing').slice(1, -1);
}

/** More than a sentence shows of anything. */
const longest = 2_000;
