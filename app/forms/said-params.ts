import { isObject } from '../../flow/document/json.ts';
import { conditionWords, needsRight } from './condition-words.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * A value with each choice in it by the words its form shows, up to a colon: `append` is “Append”. Templates and all that
 * is no choice stay as they are. Conditions are said by their operations' words, with nothing on the right where nothing is compared.
 */
export function said(value: unknown, schema: Schema): unknown {
  if (schema['ui'] === 'conditions') return saidCondition(value);
  if (Array.isArray(value)) {
    const items = within(schema, 'items');
    return value.map((one) => said(one, items));
  }
  if (isObject(value)) {
    const fields = within(schema, 'properties');
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, said(inner, asSchema(fields[name]))]),
    );
  }
  const label = typeof value === 'string' ? asSchema(schema['labels'])[value] : undefined;
  return typeof label === 'string' ? label.replace(/:.*/s, '') : value;
}

/** The operations that are shorter as signs. */
const signs: Readonly<Record<string, string>> = {
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  equals: '=',
  'not-equals': '≠',
};

function saidCondition(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(saidCondition);
  if (!isObject(value)) return value;
  const { op } = value;
  if (typeof op !== 'string')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, saidCondition(inner)]));
  const words = signs[op] ?? conditionWords.find((one) => one.value === op)?.title ?? op;
  return { ...value, op: words, right: needsRight(op) ? value['right'] : undefined };
}

/** What a schema says of its parts, itself or beside the template that may stand in its place. */
function within(schema: Schema, word: 'items' | 'properties'): Schema {
  const choices = [schema, ...(Array.isArray(schema['anyOf']) ? schema['anyOf'] : [])];
  return asSchema(choices.map((one) => asSchema(one)[word]).find(isObject));
}

const asSchema = (value: unknown): Schema => (isObject(value) ? value : {});
