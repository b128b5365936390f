import * as z from 'zod';
import type { Family, NodeCard } from '../../flow/document/card.ts';
import { isObject } from '../../flow/document/json.ts';
import { listingParams } from '../../flow/document/ports.ts';
import type { AnyNode } from './define-node.ts';

const families: Readonly<Record<string, Family>> = {
  start: 'trigger',
  connect: 'connector',
  data: 'etl',
  rules: 'rule',
  control: 'flow',
  code: 'code',
  ai: 'ai',
  channels: 'channel',
  entity: 'data',
};

const cards = new WeakMap<AnyNode, NodeCard>();

/** The card of a node: what the app, the compiler and the checks know of it, as plain data. Made once for each definition. */
export function cardOf(definition: AnyNode): NodeCard {
  const made = cards.get(definition) ?? makeCard(definition);
  cards.set(definition, made);
  return made;
}

function makeCard(definition: AnyNode): NodeCard {
  const { type, version, title, icon, summary, line, inputs, outputs, effect, role } = definition;
  return {
    type,
    version,
    title,
    icon,
    summary,
    inputs,
    outputs,
    effect,
    ...(line === undefined ? {} : { line }),
    ...(role === undefined ? {} : { role }),
    ...(definition.branches ? { branches: true } : {}),
    ...(definition.reconcile ? { reconciles: true as const } : {}),
    ...(definition.callable === undefined ? {} : { callable: definition.callable }),
    ...(definition.leads === undefined ? {} : { leads: definition.leads }),
    ...(definition.idle === undefined ? {} : { idle: definition.idle }),
    family: families[type.split('.')[0] ?? ''] ?? 'connector',
    needs: [...(definition.needs ?? [])],
    mode: definition.each ? 'each' : definition.turn ? 'turn' : 'all',
    params: storedSchema(definition),
    defaults: defaultsOf(definition),
    checks: (definition.checks ?? []).map((check) => ({ ...check })),
    runOnEmpty: definition.runOnEmpty ?? false,
    asTool: definition.asTool ?? false,
    examples: definition.examples.map(({ name, params, given, gives }) => ({ name, params, given, gives })),
  };
}

type Schema = Readonly<Record<string, unknown>>;

const template = { $ref: '#/$defs/template' };
const templateSchema = { type: 'string', pattern: '\\{\\{', title: 'Expression' };

/** JSON Schema of the params as they are stored: at every place of a field that is not literal, a template may stand for the value. */
function storedSchema(definition: AnyNode): Record<string, unknown> {
  const written = z.toJSONSchema(definition.params, { io: 'input', unrepresentable: 'any' });
  const literal = new Set(definition.literal ?? []);
  const ports = new Set([definition.inputs, definition.outputs].flatMap(listingParams));
  const { $defs, properties, ...rest } = written;
  const open = mapValues($defs ?? {}, (schema) => openInside(asSchema(schema)));
  const fields = mapValues(properties ?? {}, (schema, name) =>
    literal.has(name)
      ? asWritten(asSchema(schema))
      : ports.has(name)
        ? openInside(asSchema(schema))
        : openAt(asSchema(schema)),
  );
  return { ...rest, properties: fields, $defs: { ...open, template: templateSchema } };
}

/** A form offers no expression where none is worked out; one that the node itself reads as a template (`asTemplate`) is one all the same. */
const asWritten = (schema: Schema): Schema => (schema['template'] === true ? schema : { ...schema, literal: true });

/** The words of JSON Schema that say which values fit; all others are for the form. */
const validating = new Set(
  [
    '$ref',
    'type',
    'enum',
    'const',
    'anyOf',
    'oneOf',
    'allOf',
    'not',
    'properties',
    'required',
    'additionalProperties',
  ].concat(
    [
      'propertyNames',
      'items',
      'prefixItems',
      'minItems',
      'maxItems',
      'uniqueItems',
      'minLength',
      'maxLength',
      'pattern',
    ],
    ['format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ),
);

/** The schema, or a template in its place; what describes it (title, default, ui) stays on the outside. */
function openAt(schema: Schema): Schema {
  const inside = openInside(schema);
  if ('const' in inside || takesText(inside)) return inside;
  const entries = Object.entries(inside);
  const value = Object.fromEntries(entries.filter(([word]) => validating.has(word)));
  const shown = Object.fromEntries(entries.filter(([word]) => !validating.has(word)));
  return { ...shown, anyOf: [value, template] };
}

function openInside(schema: Schema): Schema {
  return {
    ...schema,
    ...(isObject(schema['properties'])
      ? { properties: mapValues(schema['properties'], (inner) => openAt(asSchema(inner))) }
      : {}),
    ...(isObject(schema['items']) ? { items: openAt(schema['items']) } : {}),
    ...(isObject(schema['additionalProperties'])
      ? { additionalProperties: openAt(schema['additionalProperties']) }
      : {}),
    ...alternatives(schema, 'anyOf'),
    ...alternatives(schema, 'oneOf'),
  };
}

const alternatives = (schema: Schema, word: 'anyOf' | 'oneOf'): Schema => {
  const list = schema[word];
  return Array.isArray(list) ? { [word]: list.map((inner) => openInside(asSchema(inner))) } : {};
};

/** Text without a form of its own, or any value: a template fits as it is. */
const takesText = (schema: Schema): boolean =>
  schema['type'] === 'string'
    ? !['enum', 'pattern', 'format', 'maxLength'].some((word) => word in schema)
    : !['type', 'anyOf', 'oneOf', '$ref', 'enum'].some((word) => word in schema);

const asSchema = (value: unknown): Schema => (isObject(value) ? value : {});

const mapValues = <Value, Next>(
  record: Readonly<Record<string, Value>>,
  next: (value: Value, name: string) => Next,
): Record<string, Next> => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, next(value, name)]));

/** What each param is when it is left out. */
function defaultsOf(definition: AnyNode): Record<string, unknown> {
  const found = Object.entries(definition.params.shape).flatMap(([name, schema]): [string, unknown][] => {
    const result = z.safeParse(schema, undefined);
    return result.success && result.data !== undefined ? [[name, result.data]] : [];
  });
  return Object.fromEntries(found);
}
