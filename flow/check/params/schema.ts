import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { canonical } from '../../document/canonical.ts';
import { isObject } from '../../document/json.ts';
import { limits } from '../../expression/limits.ts';
import { writtenOut } from '../../expression/regex/size.ts';
import type { Budget } from '../../facts/budget.ts';
import { resolved } from './resolved.ts';

/** A place inside params: names and indexes. */
export type Path = readonly (string | number)[];

type Schema = Readonly<Record<string, unknown>>;

/** In which way a value does not fit its schema; `sentences.ts` has the words for each. */
export type Misfitting =
  | { readonly kind: 'missing' | 'empty' | 'forbidden' | 'pattern' }
  | { readonly kind: 'type'; readonly types: readonly string[] }
  | { readonly kind: 'word'; readonly words: readonly unknown[] }
  | { readonly kind: 'forms'; readonly forms: readonly Schema[] }
  | { readonly kind: 'short' | 'long' | 'few' | 'many'; readonly limit: number }
  | { readonly kind: 'least' | 'most' | 'above' | 'below' | 'step'; readonly limit: number }
  | { readonly kind: 'unknown'; readonly name: string; readonly known: readonly string[] };

/** Where a value does not fit its schema, and how. `isOptional` when the field may also be left out. */
export interface Misfit {
  readonly path: Path;
  readonly value: unknown;
  readonly how: Misfitting;
  readonly isOptional?: boolean;
}

interface Looking {
  readonly root: Schema;
  /** Places left to look at: a schema may come from a custom node, and may be as nasty as a document. */
  left: number;
  /** How many schemas are inside one another right now: one may hold itself without ever coming to an end. */
  depth: number;
  readonly openToTemplates: boolean;
  readonly budget: Budget | undefined;
}

const mostPlaces = 200_000;
const mostDepth = 200;
/** Of one list or object, more than are told and than alternatives are compared by. */
const mostFound = 100;
/** What a place costs. */
const stepsAPlace = 20;

/**
 * Checks a value against the part of JSON Schema (draft 2020-12) that zod writes; other words are passed over, as the draft
 * asks. At most 20 misfits. Patterns run on re2, and one that re2 cannot run is passed over. In a schema that does not say
 * by itself where templates may stand, a text with `{{` fits anywhere.
 */
export function misfits(schema: Schema, value: unknown, budget?: Budget): Misfit[] {
  const isKitMade = isObject(schema['$defs']) && 'template' in schema['$defs'];
  const looking: Looking = { root: schema, left: mostPlaces, depth: 0, openToTemplates: !isKitMade, budget };
  return misfitsAt(looking, schema, value, []).slice(0, 20);
}

function misfitsAt(looking: Looking, written: unknown, value: unknown, path: Path): Misfit[] {
  if (--looking.left < 0 || looking.depth > mostDepth) return [];
  looking.budget?.spend(stepsAPlace);
  looking.depth++;
  const found = misfitsHere(looking, written, value, path);
  looking.depth--;
  return found;
}

function misfitsHere(looking: Looking, written: unknown, value: unknown, path: Path): Misfit[] {
  const schema = resolved(looking.root, written);
  if (looking.openToTemplates && typeof value === 'string' && value.includes('{{') && !('const' in schema)) return [];
  const one = (how: Misfitting): Misfit[] => [{ path, value, how }];
  if ('not' in schema && isObject(schema['not']) && Object.keys(schema['not']).length === 0)
    return one({ kind: 'forbidden' });
  if ('const' in schema && !isSame(schema['const'], value)) return one({ kind: 'word', words: [schema['const']] });
  if (Array.isArray(schema['enum']) && !schema['enum'].some((word) => isSame(word, value)))
    return one({ kind: 'word', words: schema['enum'] });
  if (!isOfType(schema['type'], value)) return one({ kind: 'type', types: typeNames(schema['type']) });
  return [
    ...(typeof value === 'string' ? textMisfits(looking, schema, value) : []).flatMap(one),
    ...(typeof value === 'number' ? numberMisfits(schema, value) : []).flatMap(one),
    ...(Array.isArray(value) ? listMisfits(looking, schema, value, path) : []),
    ...(isObject(value) ? objectMisfits(looking, schema, value, path) : []),
    ...alternatives(looking, schema, value, path),
    ...listOf(schema['allOf']).flatMap((inner) => misfitsAt(looking, inner, value, path)),
  ];
}

/** Equal as JSON. What is compared is a word nearly always, and no long value is written out for each word that it may be. */
const isSame = (one: unknown, other: unknown): boolean =>
  typeof one === 'object' && typeof other === 'object' ? canonical(one) === canonical(other) : one === other;

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

const typeNames = (type: unknown): string[] =>
  (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');

function textMisfits({ budget }: Looking, { minLength, maxLength, pattern }: Schema, value: string): Misfitting[] {
  // A text that must have a form is simply not there yet when it is empty.
  const isAsked = typeof minLength === 'number' || (typeof pattern === 'string' && !matches(pattern, ''));
  if (value === '' && isAsked) return [{ kind: 'empty' }];
  if (typeof minLength === 'number' && value.length < minLength) return [{ kind: 'short', limit: minLength }];
  if (typeof maxLength === 'number' && value.length > maxLength) return [{ kind: 'long', limit: maxLength }];
  if (typeof pattern !== 'string') return [];
  budget?.about(Math.min(value.length, longestMatched) * stepsACharacter);
  return matches(pattern, value) ? [] : [{ kind: 'pattern' }];
}

/** Longer text than this is no path, date or address; a pattern is not worth seconds. */
const longestMatched = 100_000;
/** What looking for a pattern costs. */
const stepsACharacter = 2;

const patterns = new LRUCache<string, RE2JS | false>({ max: 500 });

function matches(pattern: string, value: string): boolean {
  const known = patterns.get(pattern) ?? compiled(pattern);
  patterns.set(pattern, known);
  return value.length > longestMatched || known === false || known.matcher(value).find();
}

/** A pattern that no engine of ours can read is not held against anybody. */
function compiled(pattern: string): RE2JS | false {
  try {
    return pattern.length <= limits.regex && writtenOut(pattern) <= limits.regexWritten && RE2JS.compile(pattern);
  } catch {
    return false;
  }
}

function numberMisfits(schema: Schema, value: number): Misfitting[] {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf: step } = schema;
  if (typeof minimum === 'number' && value < minimum) return [{ kind: 'least', limit: minimum }];
  if (typeof maximum === 'number' && value > maximum) return [{ kind: 'most', limit: maximum }];
  if (typeof above === 'number' && value <= above) return [{ kind: 'above', limit: above }];
  if (typeof below === 'number' && value >= below) return [{ kind: 'below', limit: below }];
  return typeof step === 'number' && !Number.isInteger(value / step) ? [{ kind: 'step', limit: step }] : [];
}

function listMisfits(looking: Looking, schema: Schema, value: readonly unknown[], path: Path): Misfit[] {
  const { minItems, maxItems, prefixItems, items } = schema;
  if (typeof minItems === 'number' && value.length < minItems)
    return [{ path, value, how: { kind: 'few', limit: minItems } }];
  if (typeof maxItems === 'number' && value.length > maxItems)
    return [{ path, value, how: { kind: 'many', limit: maxItems } }];
  const first = listOf(prefixItems);
  const found: Misfit[] = [];
  for (const [index, entry] of value.entries()) {
    const inner = index < first.length ? first[index] : items;
    if (inner !== undefined) found.push(...misfitsAt(looking, inner, entry, [...path, index]));
    if (found.length >= mostFound) break;
  }
  return found;
}

function objectMisfits(looking: Looking, schema: Schema, value: Schema, path: Path): Misfit[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(listOf(schema['required']));
  const missing = [...required]
    .filter((name) => typeof name === 'string' && (!Object.hasOwn(value, name) || value[name] === undefined))
    .map((name): Misfit => ({ path: [...path, String(name)], value: undefined, how: { kind: 'missing' } }));
  const found: Misfit[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (found.length >= mostFound) break;
    if (member === undefined) continue;
    const at = [...path, name];
    const rest = schema['additionalProperties'];
    if (Object.hasOwn(properties, name)) {
      const inner = misfitsAt(looking, properties[name], member, at);
      const isOptional = (one: Misfit) => !required.has(name) && one.path.length === at.length;
      found.push(...inner.map((one) => (isOptional(one) ? { ...one, isOptional: true } : one)));
    } else if (rest === false)
      found.push({ path, value, how: { kind: 'unknown', name, known: Object.keys(properties) } });
    else if (rest !== undefined && rest !== true) found.push(...misfitsAt(looking, rest, member, at));
  }
  return [...missing, ...found];
}

interface Tried {
  readonly inner: Schema;
  readonly found: readonly Misfit[];
}

/** A value must fit one alternative. Of those that it does not fit, the one it comes nearest to says what is wrong. */
function alternatives(looking: Looking, schema: Schema, value: unknown, path: Path): readonly Misfit[] {
  const list = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (list.length === 0) return [];
  const tried: Tried[] = [];
  for (const alternative of list) {
    const found = misfitsAt(looking, alternative, value, path);
    if (found.length === 0) return [];
    tried.push({ inner: resolved(looking.root, alternative), found });
  }
  const near = tried.filter(
    ({ inner, found }) =>
      isNear(looking.root, inner, value) && (typeof value === 'object' || depthOf(found) > path.length),
  );
  const nearest = near.toSorted(
    (a, b) =>
      strangeness(a.inner, value) - strangeness(b.inner, value) ||
      depthOf(b.found) - depthOf(a.found) ||
      a.found.length - b.found.length,
  )[0];
  if (nearest) return nearest.found;
  const words = wordsThatTell(tried, value);
  if (words) return [{ path: [...path, words.name], value: words.value, how: { kind: 'word', words: words.words } }];
  const [only] = tried.filter(({ inner }) => !isTemplate(inner));
  // One form and an expression: what the form itself says is the plainer sentence.
  if (only && tried.length === 2 && tried.some(({ inner }) => isTemplate(inner))) return only.found;
  return [{ path, value, how: { kind: 'forms', forms: tried.map(({ inner }) => inner) } }];
}

/** The field that tells the alternatives apart, as `kind` does, with the words it may have; undefined when there is none in the value. */
function wordsThatTell(tried: readonly Tried[], value: unknown) {
  if (!isObject(value)) return undefined;
  const objects = tried.map(({ inner }) => inner['properties']).filter(isObject);
  for (const [name, given] of Object.entries(value)) {
    const words = objects.map((properties) => properties[name]).map((inner) => isObject(inner) && inner['const']);
    if (words.length > 1 && words.every((word) => typeof word === 'string')) return { name, value: given, words };
  }
  return undefined;
}

const isTemplate = (schema: Schema): boolean => schema['title'] === 'Expression';

const depthOf = (found: readonly Misfit[]): number => Math.max(...found.slice(0, 100).map(({ path }) => path.length));

/** How far an object's fields are from those of an alternative: what it must have and has not, and what it does not know. */
function strangeness({ properties, required }: Schema, value: unknown): number {
  if (!isObject(value) || !isObject(properties)) return 0;
  const lacking = listOf(required).filter((name) => typeof name === 'string' && !Object.hasOwn(value, name));
  const strange = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  return lacking.length + strange.length;
}

/** Whether a value has an alternative's kind, and its fixed words, as in `{ kind: 'basic' }`. */
function isNear(root: Schema, schema: Schema, value: unknown, depth = 0): boolean {
  const inside = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (!('type' in schema))
    return depth < 5 && inside.slice(0, 50).some((one) => isNear(root, resolved(root, one), value, depth + 1));
  if (!isOfType(schema['type'], value)) return false;
  if (!isObject(value) || !isObject(schema['properties'])) return true;
  return Object.entries(schema['properties']).every(([name, written]) => {
    const inner = resolved(root, written);
    return !('const' in inner) || (Object.hasOwn(value, name) && value[name] === inner['const']);
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
