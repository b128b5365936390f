import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { canonical } from '../../document/canonical.ts';
import { isObject } from '../../document/json.ts';
import { nearest, quote } from '../../document/quote.ts';

/** A place inside params: names and indexes. */
export type Path = readonly (string | number)[];

/** Where a value does not fit its schema. `missing` names a field that must be there. */
export interface Misfit {
  readonly path: Path;
  readonly says: string;
  readonly mend: string;
  readonly missing?: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

interface Looking {
  readonly root: Schema;
  /** Places left to look at: a schema may come from a custom node, and may be as nasty as a document. */
  left: number;
  /** How many schemas are inside one another right now: one may hold itself without ever coming to an end. */
  depth: number;
  readonly openToTemplates: boolean;
}

const mostPlaces = 200_000;
const mostDepth = 200;

/**
 * Checks a value against the part of JSON Schema (draft 2020-12) that zod writes; other words are passed over, as the draft
 * asks. At most 20 misfits. Patterns run on re2, and one that re2 cannot run is passed over. In a schema that does not say
 * by itself where templates may stand, a text with `{{` fits anywhere.
 */
export function misfits(schema: Schema, value: unknown): Misfit[] {
  const isKitMade = isObject(schema['$defs']) && 'template' in schema['$defs'];
  const looking: Looking = { root: schema, left: mostPlaces, depth: 0, openToTemplates: !isKitMade };
  return misfitsAt(looking, schema, value, []).slice(0, 20);
}

/** The schema that a reference stands for; a reference that leads nowhere allows everything. */
export function resolved(root: Schema, schema: unknown, depth = 0): Schema {
  if (!isObject(schema)) return schema === false ? { not: {} } : {};
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || depth > 20) return schema;
  if (reference === '#') return root;
  const name = reference.startsWith('#/$defs/') ? reference.slice('#/$defs/'.length) : '';
  const defs = root['$defs'];
  return isObject(defs) && Object.hasOwn(defs, name) ? resolved(root, defs[name], depth + 1) : {};
}

function misfitsAt(looking: Looking, written: unknown, value: unknown, path: Path): Misfit[] {
  if (--looking.left < 0 || looking.depth > mostDepth) return [];
  looking.depth++;
  const found = misfitsHere(looking, written, value, path);
  looking.depth--;
  return found;
}

function misfitsHere(looking: Looking, written: unknown, value: unknown, path: Path): Misfit[] {
  const schema = resolved(looking.root, written);
  if (looking.openToTemplates && typeof value === 'string' && value.includes('{{') && !('const' in schema)) return [];
  const one = (says: string, mend: string): Misfit[] => [{ path, says, mend }];
  if ('not' in schema && isObject(schema['not']) && Object.keys(schema['not']).length === 0)
    return one('may not be given', 'Remove it.');
  if ('const' in schema && canonical(schema['const']) !== canonical(value))
    return one(`is ${show(value)}`, `Write ${show(schema['const'])}.`);
  if (Array.isArray(schema['enum']) && !schema['enum'].some((word) => canonical(word) === canonical(value)))
    return wrongWord(path, schema['enum'], value);
  if (!isOfType(schema['type'], value)) return one(`is ${kindOf(value)}`, `Give ${typeWords(schema['type'])}.`);
  return [
    ...(typeof value === 'string' ? textMisfits(schema, value, path) : []),
    ...(typeof value === 'number' ? numberMisfits(schema, value, path) : []),
    ...(Array.isArray(value) ? listMisfits(looking, schema, value, path) : []),
    ...(isObject(value) ? objectMisfits(looking, schema, value, path) : []),
    ...alternatives(looking, schema, value, path),
    ...listOf(schema['allOf']).flatMap((inner) => misfitsAt(looking, inner, value, path)),
  ];
}

function wrongWord(path: Path, words: readonly unknown[], value: unknown): Misfit[] {
  const meant =
    typeof value === 'string'
      ? nearest(
          value,
          words.filter((word) => typeof word === 'string'),
        )
      : undefined;
  const list = words.slice(0, 12).map(show).join(', ');
  return [{ path, says: `is ${show(value)}`, mend: meant ? `Write ${show(meant)}.` : `Choose one of ${list}.` }];
}

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};

function isOfType(type: unknown, value: unknown): boolean {
  const names = Array.isArray(type) ? type : [type];
  return names.some((name) => typeof name !== 'string' || !Object.hasOwn(typeTests, name) || typeTests[name]!(value));
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing (null)',
  array: 'a list',
  object: 'an object',
};

const typeWords = (type: unknown): string =>
  listOf(Array.isArray(type) ? type : [type])
    .map((name) => (typeof name === 'string' ? (typeNames[name] ?? name) : 'a value'))
    .join(' or ');

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : isObject(value)
        ? 'an object'
        : `${typeof value === 'number' ? 'the number' : typeof value === 'string' ? 'the text' : 'the value'} ${show(value)}`;

function textMisfits(schema: Schema, value: string, path: Path): Misfit[] {
  const { minLength, maxLength, pattern } = schema;
  if (typeof minLength === 'number' && value.length < minLength) {
    const mend = minLength === 1 ? 'Write something, or leave it out.' : `Write at least ${minLength} characters.`;
    return [{ path, says: minLength === 1 ? 'is empty' : `has ${value.length} characters`, mend }];
  }
  if (typeof maxLength === 'number' && value.length > maxLength) {
    return [{ path, says: `has ${value.length} characters`, mend: `Write at most ${maxLength}.` }];
  }
  if (typeof pattern !== 'string' || matches(pattern, value)) return [];
  const { placeholder, description } = schema;
  const help =
    typeof description === 'string'
      ? description
      : typeof placeholder === 'string'
        ? `Write it as in ${placeholder}.`
        : 'Write it in the form that the field asks for.';
  return [{ path, says: `is ${show(value)}, which has not the right form`, mend: help }];
}

const patterns = new LRUCache<string, RE2JS | false>({ max: 500 });

function matches(pattern: string, value: string): boolean {
  const known = patterns.get(pattern) ?? compiled(pattern);
  patterns.set(pattern, known);
  // Longer text than this is no path, date or address; a pattern is not worth seconds.
  return value.length > 100_000 || known === false || known.matcher(value).find();
}

/** A pattern that no engine of ours can read is not held against anybody. */
function compiled(pattern: string): RE2JS | false {
  try {
    return pattern.length <= 2_000 && RE2JS.compile(pattern);
  } catch {
    return false;
  }
}

function numberMisfits(schema: Schema, value: number, path: Path): Misfit[] {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf: step } = schema;
  const one = (mend: string): Misfit[] => [{ path, says: `is ${value}`, mend }];
  if (typeof minimum === 'number' && value < minimum) return one(`Give ${minimum} or more.`);
  if (typeof maximum === 'number' && value > maximum) return one(`Give ${maximum} or less.`);
  if (typeof above === 'number' && value <= above) return one(`Give more than ${above}.`);
  if (typeof below === 'number' && value >= below) return one(`Give less than ${below}.`);
  if (typeof step === 'number' && !Number.isInteger(value / step)) return one(`Give a multiple of ${step}.`);
  return [];
}

function listMisfits(looking: Looking, schema: Schema, value: readonly unknown[], path: Path): Misfit[] {
  const { minItems, maxItems, prefixItems, items } = schema;
  if (typeof minItems === 'number' && value.length < minItems)
    return [{ path, says: `has ${value.length} entries`, mend: `Give at least ${minItems}.` }];
  if (typeof maxItems === 'number' && value.length > maxItems)
    return [{ path, says: `has ${value.length} entries`, mend: `Give at most ${maxItems}.` }];
  const first = listOf(prefixItems);
  return value.flatMap((entry, index) => {
    const inner = index < first.length ? first[index] : items;
    return inner === undefined ? [] : misfitsAt(looking, inner, entry, [...path, index]);
  });
}

function objectMisfits(looking: Looking, schema: Schema, value: Schema, path: Path): Misfit[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const missing = listOf(schema['required'])
    .filter((name) => typeof name === 'string' && (!Object.hasOwn(value, name) || value[name] === undefined))
    .map((name): Misfit => ({
      path: [...path, String(name)],
      says: 'is missing',
      mend: 'Give it a value.',
      missing: true,
    }));
  const inner = Object.entries(value).flatMap(([name, member]): Misfit[] => {
    if (member === undefined) return [];
    if (Object.hasOwn(properties, name)) return misfitsAt(looking, properties[name], member, [...path, name]);
    const rest = schema['additionalProperties'];
    if (rest === false) return [unknownField(path, name, Object.keys(properties))];
    return rest === undefined || rest === true ? [] : misfitsAt(looking, rest, member, [...path, name]);
  });
  return [...missing, ...inner];
}

function unknownField(path: Path, name: string, known: readonly string[]): Misfit {
  const meant = nearest(name, known);
  return { path, says: `has no field ${quote(name)}`, mend: meant ? `Write ${meant}.` : 'Remove it.' };
}

/** A value must fit one alternative. Of those that it does not fit, the one it comes nearest to says what is wrong. */
function alternatives(looking: Looking, schema: Schema, value: unknown, path: Path): Misfit[] {
  const list = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (list.length === 0) return [];
  const tried: { inner: Schema; found: Misfit[] }[] = [];
  for (const alternative of list) {
    const found = misfitsAt(looking, alternative, value, path);
    if (found.length === 0) return [];
    tried.push({ inner: resolved(looking.root, alternative), found });
  }
  const near = tried.filter(
    ({ inner, found }) => isNear(looking.root, inner, value) && (isObject(value) || depthOf(found) > path.length),
  );
  if (near.length === 1) return near[0]!.found;
  const deepest = tried.toSorted((a, b) => depthOf(b.found) - depthOf(a.found))[0]!.found;
  if (near.length > 1) return deepest;
  const forms = [...new Set(tried.map(({ inner }) => formWords(inner)))].slice(0, 8);
  return [{ path, says: `is ${kindOf(value)}`, mend: `Give ${forms.join(', or ')}.` }];
}

const depthOf = (found: readonly Misfit[]): number => Math.max(...found.slice(0, 100).map(({ path }) => path.length));

/** Whether a value has an alternative's kind, and its fixed words, as in `{ kind: 'basic' }`. */
function isNear(root: Schema, schema: Schema, value: unknown): boolean {
  if (!('type' in schema) || !isOfType(schema['type'], value)) return false;
  if (!isObject(value) || !isObject(schema['properties'])) return true;
  return Object.entries(schema['properties']).every(([name, written]) => {
    const inner = resolved(root, written);
    return !('const' in inner) || (Object.hasOwn(value, name) && value[name] === inner['const']);
  });
}

function formWords(schema: Schema): string {
  if (schema['title'] === 'Expression') return 'an expression';
  if ('const' in schema) return show(schema['const']);
  if (Array.isArray(schema['enum'])) return `one of ${schema['enum'].slice(0, 8).map(show).join(', ')}`;
  return 'type' in schema ? typeWords(schema['type']) : 'another form';
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const show = (value: unknown): string =>
  typeof value === 'string' ? quote(value) : quote(JSON.stringify(value) ?? 'nothing').slice(1, -1);
