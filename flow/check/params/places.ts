import { isObject } from '../../document/json.ts';
import type { Budget } from '../../facts/budget.ts';
import { resolved } from './resolved.ts';
import type { Path } from './schema.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A value inside params with the control that its schema asks for: `credential`, `workflow`, `text` and so on. */
export interface ParamPlace {
  readonly path: Path;
  readonly value: unknown;
  readonly ui: string | undefined;
  readonly format: string | undefined;
  /** Fields beside it with the values for which its text is read as JSON. */
  readonly jsonWhile?: Schema;
  /** Of a duration: work is cut off after it, so that none is left when it is 0. */
  readonly isTimeout?: true;
}

const mostPlaces = 20_000;
/** What a place costs. */
const stepsAPlace = 20;

/** Every value of params that a schema describes, outermost first; at most 20,000, in no more time than that takes. */
export function placesOf(schema: Schema, params: unknown, budget?: Budget): ParamPlace[] {
  const places: ParamPlace[] = [];
  const open: { schema: unknown; value: unknown; path: Path }[] = [{ schema, value: params, path: [] }];
  for (let next = open.pop(); next && places.length < mostPlaces; next = open.pop()) {
    budget?.spend(stepsAPlace);
    const { value, path } = next;
    const described = resolved(schema, next.schema);
    const word = (name: string) => (typeof described[name] === 'string' ? described[name] : undefined);
    const { jsonWhile } = described;
    places.push({
      path,
      value,
      ui: word('ui'),
      format: word('format'),
      ...(isObject(jsonWhile) ? { jsonWhile } : {}),
      ...(described['isTimeout'] === true ? { isTimeout: true as const } : {}),
    });
    if (path.length > 100) continue;
    for (const name of ['anyOf', 'oneOf', 'allOf']) {
      const list = described[name];
      if (Array.isArray(list))
        for (const inner of list) if (mayHold(schema, inner, value)) open.push({ schema: inner, value, path });
    }
    if (Array.isArray(value) && described['items'] !== undefined) {
      value
        .slice(0, mostPlaces)
        .forEach((entry, index) => open.push({ schema: described['items'], value: entry, path: [...path, index] }));
    }
    if (!isObject(value)) continue;
    const { properties, additionalProperties } = described;
    for (const [name, member] of Object.entries(value)) {
      const inner = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      if (isObject(inner)) open.push({ schema: inner, value: member, path: [...path, name] });
    }
  }
  return places;
}

/** Which controls a schema asks for anywhere in it; params of a schema without them need not be walked for them. */
export function controlsIn(schema: Schema): ReadonlySet<string> {
  const known = controls.get(schema);
  if (known) return known;
  const found = new Set<string>();
  const open: unknown[] = [schema];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if ('ui' in next && typeof next.ui === 'string') found.add(next.ui);
    if ('jsonWhile' in next) found.add('json');
    open.push(...Object.values(next));
  }
  controls.set(schema, found);
  return found;
}

/** Cards are made once and never changed. */
const controls = new WeakMap<Schema, ReadonlySet<string>>();

/** Whether an alternative may be the one that a value takes: its kind, and its fixed words, as in `{ kind: 'basic' }`. */
export function mayHold(root: Schema, written: unknown, value: unknown): boolean {
  const schema = resolved(root, written);
  const { type, properties } = schema;
  if (type === 'object' && !isObject(value)) return false;
  if (type === 'array' && !Array.isArray(value)) return false;
  if (!isObject(value) || !isObject(properties)) return true;
  return Object.entries(properties).every(([name, inner]) => {
    const fixed = resolved(root, inner);
    return !('const' in fixed) || (Object.hasOwn(value, name) && value[name] === fixed['const']);
  });
}

/** Whether what stands in a field of params is used as it is written: it is text, whatever it looks like. */
export function isLiteral(
  { properties }: Readonly<Record<string, unknown>>,
  name: string | number | undefined,
): boolean {
  const schema = isObject(properties) && typeof name === 'string' ? properties[name] : undefined;
  return isObject(schema) && schema['literal'] === true;
}

/** A place as people write it: `fields[0].value`. */
export const pathText = (path: Path): string =>
  path
    .slice(0, 20)
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step.slice(0, 80)}`))
    .join('')
    .replace(/^\./, '');

/** A text inside a value, with its place. */
export interface Text {
  readonly path: Path;
  readonly text: string;
}

/** Every text inside a value, without recursion. */
export function* textsOf(value: unknown, path: Path = []): Generator<Text> {
  const open: { value: unknown; path: Path }[] = [{ value, path }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: inner, path: at } = next;
    if (typeof inner === 'string') yield { path: at, text: inner };
    else if (typeof inner === 'object' && inner !== null) {
      const members = Array.isArray(inner) ? [...inner.entries()] : Object.entries(inner);
      for (const [name, member] of members.toReversed())
        if (holdsText(member)) open.push({ value: member, path: [...at, name] });
    }
  }
}

const holdsText = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'object' && value !== null);
