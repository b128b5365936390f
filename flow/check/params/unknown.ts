import { isObject } from '../../document/json.ts';
import type { Budget } from '../../facts/budget.ts';
import { mayHold } from './places.ts';
import { resolved } from './resolved.ts';
import type { Path } from './schema.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A field that stands in params and that nothing reads, with the names that its place has. */
export interface Unknown {
  readonly path: Path;
  readonly known: ReadonlySet<string>;
}

const mostPlaces = 20_000;
const mostFound = 20;
/** What a place costs. */
const stepsAPlace = 20;

/** Fields that their schema does not name, at any depth: what reads the params leaves them out without a word. At most 20. */
export function unknownFields(root: Schema, params: unknown, budget?: Budget): Unknown[] {
  const found: Unknown[] = [];
  const open: { schemas: readonly unknown[]; value: unknown; path: Path }[] = [
    { schemas: [root], value: params, path: [] },
  ];
  let left = mostPlaces;
  // Walked by an index: taking the first off a list moves all that follow.
  for (let at = 0; at < open.length && left > 0; at++) {
    const next = open[at]!;
    const { value, path } = next;
    left--;
    budget?.spend(stepsAPlace);
    if (typeof value !== 'object' || value === null || path.length > 100) continue;
    const forms = next.schemas.flatMap((schema) => formsOf(root, schema, value));
    if (Array.isArray(value)) {
      const schemas = forms.flatMap(({ items }) => (items === undefined ? [] : [items]));
      if (schemas.length > 0)
        value.slice(0, left).forEach((entry, index) => open.push({ schemas, value: entry, path: [...path, index] }));
      continue;
    }
    const known = new Set(forms.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : [])));
    const isClosed = forms.length > 0 && forms.every(isListed);
    for (const [name, member] of Object.entries(value).slice(0, left)) {
      const place = [...path, name];
      if (member === undefined) continue;
      if (known.has(name))
        open.push({ schemas: forms.flatMap((form) => memberOf(form, name)), value: member, path: place });
      else if (isClosed && found.push({ path: place, known }) >= mostFound) return found;
    }
  }
  return found;
}

/** Whether a schema names all that an object may have. One that forbids the rest by itself is told as a misfit. */
const isListed = ({ properties, additionalProperties }: Schema): boolean =>
  isObject(properties) && additionalProperties === undefined;

const memberOf = ({ properties }: Schema, name: string): unknown[] =>
  isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];

/** The forms that a value may have: of alternatives, those that can hold it, and where there are such, those whose fields it has. */
function formsOf(root: Schema, written: unknown, value: object, depth = 0): Schema[] {
  const schema = resolved(root, written);
  if (depth > 20 || !isOfKind(schema, value) || !mayHold(root, schema, value)) return [];
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => (Array.isArray(schema[name]) ? schema[name] : []));
  const inner = others.slice(0, 50).flatMap((other) => formsOf(root, other, value, depth + 1));
  const whole = inner.filter((form) => hasAll(form, value));
  const narrowed = whole.length > 0 ? whole : inner;
  return others.length > 0 && schema['type'] === undefined ? narrowed : [schema, ...narrowed];
}

/** A template is a text: an object beside it is never one. */
const isOfKind = ({ type }: Schema, value: object): boolean =>
  typeof type !== 'string' || type === (Array.isArray(value) ? 'array' : 'object');

const hasAll = ({ required }: Schema, value: object): boolean =>
  !Array.isArray(required) || required.every((name) => typeof name === 'string' && Object.hasOwn(value, name));
