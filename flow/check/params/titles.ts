import { isObject } from '../../document/json.ts';
import { resolved } from './resolved.ts';
import type { Path } from './schema.ts';

type Schema = Readonly<Record<string, unknown>>;

/** How sentences speak of a field. */
export interface FieldWords {
  /** What is done with it when it is empty: text is entered, one of several chosen, an entry added. */
  readonly verb: 'enter' | 'choose' | 'add';
  /** It, or for a list one of its entries, with its article: `a path`, `an output`, `a field`. */
  readonly noun: string;
  readonly placeholder: string | undefined;
  /** What the text must look like, in a sentence. */
  readonly says: string | undefined;
}

/** A place in params by the titles that the form shows, entries counted from one: `Field 1 › Value`. What has no title keeps its name. */
export function titleText(root: Schema, path: Path): string {
  let here: readonly Schema[] = forms(root, root);
  const words: string[] = [];
  for (const step of path.slice(0, 20)) {
    const outer = here;
    here = outer.flatMap((schema) => forms(root, inside(schema, step)));
    if (typeof step === 'number') words.push(`${entryOf(outer, words.pop()?.replace('\u0000', ''))} ${step + 1}`);
    else if (isConditions(outer) && (step === 'all' || step === 'any')) words.push(conditions);
    else words.push(wordIn(here, 'title') ?? step.slice(0, 80));
  }
  return words.filter((word) => word !== conditions).join(' › ');
}

/** A group of conditions has no title of its own: its entries do. */
const conditions = '\u0000Conditions';

const isConditions = (schemas: readonly Schema[]): boolean =>
  schemas.some(({ properties }) => isObject(properties) && 'op' in properties);

/** The words for a field at a place. */
export function fieldAt(root: Schema, path: Path): FieldWords {
  const here = schemasAt(root, path);
  const name = path.at(-1);
  const title = wordIn(here, 'title') ?? (typeof name === 'string' ? name.slice(0, 80) : 'value');
  const ui = wordIn(here, 'ui') ?? '';
  // Where text fits too, as in one field or several, it is entered.
  const isList = here.some(({ type }) => type === 'array') && here.every(({ type }) => type !== 'string');
  const isChoice = choices.has(ui) || here.some((one) => 'enum' in one);
  if (ui === 'conditions') return { verb: 'add', noun: 'a condition', placeholder: undefined, says: undefined };
  return {
    verb: isList ? 'add' : isChoice ? 'choose' : 'enter',
    noun: wordIn(here, 'noun') ?? withArticle(isList ? entryOf(here, title) : title),
    placeholder: wordIn(here, 'placeholder'),
    says: wordIn(here, 'says'),
  };
}

function schemasAt(root: Schema, path: Path): readonly Schema[] {
  let here: readonly Schema[] = forms(root, root);
  for (const step of path) here = here.flatMap((schema) => forms(root, inside(schema, step)));
  return here;
}

const choices = new Set(['choice', 'credential', 'workflow', 'timezone']);

/** What one entry of a list is called: as the list says, else its title without the s. */
const entryOf = (list: readonly Schema[], title: string | undefined): string =>
  wordIn(list, 'entryTitle') ?? (title === undefined ? 'Entry' : singular(title));

/** `Fields` as one of them is called: `Field`. */
export const singular = (title: string): string =>
  title.endsWith('ies') ? title.replace(/ies$/, 'y') : title.replace(/([^s])s$/, '$1');

/** `Path` as in "Enter a path.": abbreviations keep their capitals. */
function withArticle(title: string): string {
  if (/^[A-Z]{2}/.test(title)) return `${/^[AEFHILMNORSX]/.test(title) ? 'an' : 'a'} ${title}`;
  const noun = title.charAt(0).toLowerCase() + title.slice(1);
  return `${/^[aeiou]/.test(noun) && !/^(?:one|uni|use)/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** A word of a choice as its form shows it, up to a colon: `append` is “Append”; a word without a label is itself. */
export function labelOf(root: Schema, path: Path, word: string): string {
  const label = schemasAt(root, path)
    .map(({ labels }) => isObject(labels) && Object.hasOwn(labels, word) && labels[word])
    .find((one) => typeof one === 'string');
  return label === undefined ? word : String(label).replace(/:.*/s, '');
}

/** A word of a choice inside a sentence: as it is written in a document. */
export const titleWords = (word: unknown): string =>
  typeof word === 'string' && !/\p{Cc}/u.test(word) ? word : (JSON.stringify(word) ?? '');

function inside(schema: Schema, step: string | number): unknown {
  const { properties, additionalProperties, items, prefixItems } = schema;
  if (typeof step === 'number') return Array.isArray(prefixItems) ? (prefixItems[step] ?? items) : items;
  return isObject(properties) && Object.hasOwn(properties, step) ? properties[step] : additionalProperties;
}

const wordIn = (schemas: readonly Schema[], name: string): string | undefined =>
  schemas.map((schema) => schema[name]).find((word) => typeof word === 'string');

/** A schema and its alternatives: which of them a value takes does not matter for what a field is called. */
function forms(root: Schema, written: unknown, depth = 0): Schema[] {
  if (!isObject(written) || depth > 4) return [];
  const schema = resolved(root, written);
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => (Array.isArray(schema[name]) ? schema[name] : []));
  // A title beside a reference is what the place is called; the one behind it, what such values are called.
  const outer = schema === written ? [] : [written];
  const named = others.slice(0, 50).flatMap((other) => forms(root, other, depth + 1));
  // "Expression" is what the alternative of a template is called, never the field.
  return [...outer, schema, ...named].filter(({ title }) => title !== 'Expression');
}
