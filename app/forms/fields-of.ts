import { resolved } from '../../flow/check/params/resolved.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Control, Field, Option, Show, Variant } from './field.ts';
import { singular } from '../../flow/check/params/titles.ts';

type Schema = Readonly<Record<string, unknown>>;

const mostDeep = 8;

/** The fields of a node's form, from its card alone: the same for shipped, custom and installed nodes. */
export const fieldsOf = (card: NodeCard): Field[] => fieldsIn(card.params, card.params, 0);

function fieldsIn(root: Schema, schema: Schema, depth: number, within: Schema = {}): Field[] {
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).map(([name, inner]) =>
    fieldOf(root, name, literalAs(within, inner), required.has(name), depth),
  );
}

/** What is inside of something that is used as it is written, is so too. */
const literalAs = (outer: Schema, inner: unknown): unknown =>
  outer['literal'] === true && isObject(inner) ? { ...inner, literal: true } : inner;

/** A field from its schema. An `anyOf` of a value and a template is the value's control, open to expressions. */
function fieldOf(root: Schema, name: string, written: unknown, required: boolean, depth: number): Field {
  const outer = resolved(root, written);
  const { value, isOpen } = withoutTemplate(root, outer);
  const schema: Schema = {
    ...value,
    ...outer,
    ...(outer === value ? {} : { anyOf: value['anyOf'], oneOf: value['oneOf'] }),
  };
  const isLiteral = schema['literal'] === true;
  const control = depth > mostDeep ? { kind: 'json' as const } : controlOf(root, schema, value, depth + 1);
  const { title, description, placeholder } = schema;
  return {
    name,
    title: typeof title === 'string' ? title : wordsOf(name),
    ...(typeof description === 'string' ? { help: description } : {}),
    ...(typeof placeholder === 'string' ? { placeholder } : {}),
    control,
    required,
    isOpen: !isLiteral && (isOpen || takesTemplateAsText(control)),
    ...(isLiteral ? { isLiteral } : {}),
    default: schema['default'],
    ...unfolding(schema),
  };
}

/** When it is shown, from the kit's marks (nodes/kit/unfolding.ts). */
function unfolding({ show, option, either }: Schema): Pick<Field, 'show' | 'isOption' | 'either'> {
  const listed = isObject(show)
    ? Object.entries(show).map(([name, words]): [string, readonly unknown[]] => [
        name,
        Array.isArray(words) ? words : [words],
      ])
    : [];
  return {
    ...(listed.length > 0 ? { show: Object.fromEntries(listed) satisfies Show } : {}),
    ...(option === true ? { isOption: true } : {}),
    ...(typeof either === 'string' ? { either } : {}),
  };
}

const takesTemplateAsText = (control: Control): boolean =>
  control.kind === 'text' || control.kind === 'json' || control.kind === 'value';

function withoutTemplate(root: Schema, schema: Schema): { value: Schema; isOpen: boolean } {
  const list = schema['anyOf'];
  if (!Array.isArray(list) || list.length < 2) return { value: schema, isOpen: false };
  const rest = list.filter((one) => !isTemplate(one));
  if (rest.length === list.length) return { value: schema, isOpen: false };
  return { value: rest.length === 1 ? resolved(root, rest[0]) : { anyOf: rest }, isOpen: true };
}

const isTemplate = (schema: unknown): boolean => isObject(schema) && schema['$ref'] === '#/$defs/template';

/** `ui` says which control; without it the type does. */
function controlOf(root: Schema, schema: Schema, value: Schema, depth: number): Control {
  const ui = typeof schema['ui'] === 'string' ? schema['ui'] : '';
  return namedControl(ui, schema, value) ?? builtControl(root, schema, value, depth);
}

function namedControl(ui: string, schema: Schema, value: Schema): Control | undefined {
  switch (ui) {
    case 'text':
    case 'path':
      return { kind: 'text', lines: 'one', isMono: ui === 'path' };
    case 'long-text':
      return { kind: 'text', lines: 'many', isMono: false };
    case 'toggle':
      return { kind: 'switch' };
    case 'key-values':
      return { kind: 'pairs' };
    case 'weekdays':
      return {
        kind: 'several',
        options: optionsOf({ ...(isObject(value['items']) ? value['items'] : {}), labels: schema['labels'] }),
      };
    case 'code':
      return { kind: 'code', language: typeof schema['language'] === 'string' ? schema['language'] : 'javascript' };
    case 'conditions':
    case 'cron':
    case 'duration':
    case 'timezone':
    case 'date-time':
    case 'credential':
    case 'workflow':
    case 'json':
    case 'value':
      return { kind: ui };
    default:
      return undefined;
  }
}

function builtControl(root: Schema, schema: Schema, value: Schema, depth: number): Control {
  const { type } = value;
  if (Array.isArray(value['enum']))
    return { kind: 'choice', options: optionsOf({ ...value, labels: schema['labels'] }) };
  if (type === 'boolean') return { kind: 'switch' };
  if (type === 'number' || type === 'integer') return numberControl(value);
  if (type === 'string') return { kind: 'text', lines: 'one', isMono: false };
  if (type === 'array') return listControl(root, schema, value, depth);
  if (Array.isArray(value['oneOf']) || Array.isArray(value['anyOf']))
    return variantsControl(root, schema, value, depth);
  if (type === 'object' && isObject(value['properties']))
    return { kind: 'object', fields: fieldsIn(root, value, depth, schema) };
  return type === 'object' ? { kind: 'pairs' } : { kind: 'json' };
}

function numberControl({ type, minimum, maximum }: Schema): Control {
  return {
    kind: 'number',
    whole: type === 'integer',
    ...(typeof minimum === 'number' ? { min: minimum } : {}),
    ...(typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? { max: maximum } : {}),
  };
}

function listControl(root: Schema, schema: Schema, value: Schema, depth: number): Control {
  const entry = fieldOf(root, '', literalAs(schema, value['items'] ?? {}), true, depth);
  if (entry.control.kind === 'choice') return { kind: 'several', options: entry.control.options };
  if (isTable(entry)) return { kind: 'table' };
  const addLabel = typeof schema['addLabel'] === 'string' ? schema['addLabel'] : 'Add';
  const { entryTitle, title } = schema;
  const called = typeof entryTitle === 'string' ? entryTitle : singular(typeof title === 'string' ? title : 'Entry');
  return { kind: 'list', entry, entryTitle: called, addLabel, isTimes: schema['ui'] === 'times' };
}

/** Rows of a decision table: what must hold by column, and what then results. */
const isTable = ({ control }: Field): boolean =>
  control.kind === 'object' && ['when', 'then'].every((name) => control.fields.some((field) => field.name === name));

function optionsOf(schema: Schema): Option[] {
  const labels = isObject(schema['labels']) ? schema['labels'] : {};
  const words = Array.isArray(schema['enum']) ? schema['enum'] : [];
  return words.map((word) => {
    const text = String(word);
    const label = labels[text];
    return { value: text, label: typeof label === 'string' ? label : text };
  });
}

function variantsControl(root: Schema, schema: Schema, value: Schema, depth: number): Control {
  const list = [value['oneOf'], value['anyOf']].flatMap((one): unknown[] => (Array.isArray(one) ? one : []));
  const variants = list
    .map((inner) => resolved(root, inner))
    .flatMap((inner): Schema[] =>
      Array.isArray(inner['oneOf']) ? inner['oneOf'].map((one) => resolved(root, one)) : [inner],
    )
    .flatMap((inner) =>
      variantsOf(root, { ...inner, ...(schema['literal'] === true ? { literal: true } : {}) }, depth),
    );
  return variants.length > 1 ? { kind: 'variants', variants } : { kind: 'json' };
}

function variantsOf(root: Schema, schema: Schema, depth: number): Variant[] {
  if (Array.isArray(schema['enum']))
    return optionsOf(schema).map(({ value, label }) => ({
      label: wordsOf(label),
      fixed: { '': value },
      control: { kind: 'object', fields: [] },
    }));
  if ('const' in schema)
    return [
      {
        label: typeof schema['title'] === 'string' ? schema['title'] : wordsOf(String(schema['const'])),
        fixed: { '': schema['const'] },
        control: { kind: 'object', fields: [] },
      },
    ];
  if (!isObject(schema['properties'])) {
    const control = controlOf(root, schema, schema, depth);
    return [{ label: typeof schema['title'] === 'string' ? schema['title'] : kindWords(schema), fixed: {}, control }];
  }
  const properties = Object.entries(schema['properties']).map(([name, inner]) => ({
    name,
    schema: resolved(root, inner),
  }));
  const fixed = properties.filter((one) => 'const' in one.schema);
  const fields = fieldsIn(root, schema, depth, schema).filter(({ name }) => fixed.every((one) => one.name !== name));
  const own = typeof schema['title'] === 'string' ? schema['title'] : undefined;
  const label = fixed.length > 0 ? String(fixed[0]!.schema['const']) : (fields[0]?.title ?? 'Other');
  return [
    {
      label: own ?? wordsOf(label),
      fixed: Object.fromEntries(fixed.map((one) => [one.name, one.schema['const']])),
      control: { kind: 'object', fields },
    },
  ];
}

const kindWords = ({ type }: Schema): string =>
  type === 'string' ? 'Text' : type === 'number' || type === 'integer' ? 'Number' : type === 'array' ? 'List' : 'Other';

/** `allowedOrigins` and `hmac` as a person reads them. */
export function wordsOf(name: string): string {
  const spaced = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
