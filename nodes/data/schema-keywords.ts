import { isObject } from '../../flow/document/json.ts';
import { codePoints } from '../../flow/values/code-points.ts';
import { matchesPattern } from '../../flow/values/pattern.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { shorten } from './convert.ts';
import { notSchema, passes } from './schema-check.ts';
import type { Check, Inside } from './schema-check.ts';
import { formats } from './schema-formats.ts';
import { keyOf } from './value-key.ts';

type Schema = Readonly<Record<string, unknown>>;
type Keyword = (word: unknown, schema: Schema, inside: Inside) => Check | undefined;

/** What each keyword checks. A keyword that is not here says nothing about values, as titles and defaults do. */
export const keywords: Readonly<Record<string, Keyword>> = {
  $ref: (word, _, inside) => {
    const target = resolve(word, inside.root);
    // Compiled when first met: what it points to may contain it.
    let check: Check | undefined;
    return (value, at) => (check ??= inside.compileFor(target, at.budget))(value, at);
  },
  type: (word) => {
    const types = listOf(word, 'type');
    return test(`must be ${types.join(' or ')}`, (value) => types.some((type) => isOfType(value, type)));
  },
  const: (word) => test(`must be ${shorten(word)}`, (value, budget) => keyOf(value, budget) === keyOf(word, budget)),
  enum: (word) => {
    const keys = new Set(asList(word, 'enum').map((one) => keyOf(one)));
    return test(`must be one of ${shorten(word)}`, (value, budget) => keys.has(keyOf(value, budget)));
  },

  minimum: (word) => onNumber(`must be at least ${word}`, (value) => value >= asNumber(word, 'minimum')),
  maximum: (word) => onNumber(`must be at most ${word}`, (value) => value <= asNumber(word, 'maximum')),
  exclusiveMinimum: (word) =>
    onNumber(`must be more than ${word}`, (value) => value > asNumber(word, 'exclusiveMinimum')),
  exclusiveMaximum: (word) =>
    onNumber(`must be less than ${word}`, (value) => value < asNumber(word, 'exclusiveMaximum')),
  multipleOf: (word) =>
    onNumber(`must be a multiple of ${word}`, (value) => isMultiple(value, asNumber(word, 'multipleOf'))),

  minLength: (word) =>
    onText(
      `must have at least ${word} characters`,
      (text, budget) => codePoints(text, budget) >= asNumber(word, 'minLength'),
    ),
  maxLength: (word) =>
    onText(
      `must have at most ${word} characters`,
      (text, budget) => codePoints(text, budget) <= asNumber(word, 'maxLength'),
    ),
  pattern: (word) =>
    onText(`must match ${word}`, (text, budget) => matchesPattern(text, asText(word, 'pattern'), false, budget)),
  format: (word) => {
    const isFormat = formats.get(asText(word, 'format'));
    return isFormat && onText(`must be written as ${word}`, isFormat);
  },

  minItems: (word) => onList(`must have at least ${word} entries`, (list) => list.length >= asNumber(word, 'minItems')),
  maxItems: (word) => onList(`must have at most ${word} entries`, (list) => list.length <= asNumber(word, 'maxItems')),
  uniqueItems: (word) =>
    word === true
      ? onList(
          'must not repeat entries',
          (list, budget) => new Set(list.map((entry) => keyOf(entry, budget))).size === list.length,
        )
      : undefined,
  prefixItems: (word, _, inside) => entries(asList(word, 'prefixItems').map((schema) => inside.compile(schema))),
  items: (word, schema, inside) => {
    // Draft 7 wrote prefixItems so.
    if (Array.isArray(word)) return entries(word.map((one) => inside.compile(one)));
    const before = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].length : 0;
    return entries([], before, inside.compile(word));
  },
  additionalItems: (word, schema, inside) =>
    Array.isArray(schema['items']) ? entries([], schema['items'].length, inside.compile(word)) : undefined,
  contains: (word, schema, inside) => {
    const check = inside.compile(word);
    const least = schema['minContains'] === undefined ? 1 : asNumber(schema['minContains'], 'minContains');
    const most =
      schema['maxContains'] === undefined ? Number.POSITIVE_INFINITY : asNumber(schema['maxContains'], 'maxContains');
    return (value, at) => {
      if (!Array.isArray(value)) return;
      const count = value.filter((entry) => passes(check, entry, at)).length;
      if (count < least || count > most)
        at.problems.push({ path: at.path, message: 'does not contain the right entries' });
    };
  },

  required: (word) => {
    const names = asList(word, 'required').filter((name) => typeof name === 'string');
    return (value, { path, problems, budget }) => {
      if (!isObject(value)) return;
      budget?.spend(names.length);
      for (const name of names)
        if (!Object.hasOwn(value, name)) problems.push({ path: step(path, name), message: 'is missing' });
    };
  },
  properties: (word, _, inside) => {
    const checks = Object.entries(asFields(word, 'properties')).map(([name, schema]) => ({
      name,
      suffix: step('', name),
      check: inside.compile(schema),
    }));
    return (value, at) => {
      if (!isObject(value)) return;
      at.budget?.spend(checks.length);
      for (const { name, suffix, check } of checks) {
        if (Object.hasOwn(value, name)) check(value[name], { ...at, path: at.path + suffix });
      }
    };
  },
  patternProperties: (word, _, inside) => {
    const checks = Object.entries(asFields(word, 'patternProperties')).map(
      ([name, schema]) => [name, inside.compile(schema)] as const,
    );
    return fields((name, budget) =>
      checks.filter(([pattern]) => matchesPattern(name, pattern, false, budget)).map(([, check]) => check),
    );
  },
  additionalProperties: (word, schema, inside) => {
    const named = isObject(schema['properties']) ? schema['properties'] : {};
    const patterns = isObject(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : [];
    const check = [inside.compile(word)];
    const isNamed = (name: string, budget: Budget | undefined): boolean =>
      Object.hasOwn(named, name) || patterns.some((pattern) => matchesPattern(name, pattern, false, budget));
    return fields((name, budget) => (isNamed(name, budget) ? [] : check));
  },
  propertyNames: (word, _, inside) => {
    const check = inside.compile(word);
    return (value, at) => {
      if (!isObject(value)) return;
      for (const name of Object.keys(value)) check(name, { ...at, path: step(at.path, name) });
    };
  },
  minProperties: (word) =>
    onObject(
      `must have at least ${word} fields`,
      (value) => Object.keys(value).length >= asNumber(word, 'minProperties'),
    ),
  maxProperties: (word) =>
    onObject(
      `must have at most ${word} fields`,
      (value) => Object.keys(value).length <= asNumber(word, 'maxProperties'),
    ),
  dependentRequired: (word) => {
    const needs = Object.entries(asFields(word, 'dependentRequired'));
    return (value, { path, problems }) => {
      if (!isObject(value)) return;
      for (const [name, others] of needs) {
        if (!Object.hasOwn(value, name) || !Array.isArray(others)) continue;
        for (const other of others) {
          if (!Object.hasOwn(value, String(other)))
            problems.push({ path: step(path, String(other)), message: `is missing beside ${name}` });
        }
      }
    };
  },
  dependentSchemas: (word, _, inside) => {
    const checks = Object.entries(asFields(word, 'dependentSchemas')).map(
      ([name, schema]) => [name, inside.compile(schema)] as const,
    );
    return (value, at) => {
      if (!isObject(value)) return;
      for (const [name, check] of checks) if (Object.hasOwn(value, name)) check(value, at);
    };
  },

  allOf: (word, _, inside) => {
    const checks = asList(word, 'allOf').map((schema) => inside.compile(schema));
    return (value, at) => checks.forEach((check) => check(value, at));
  },
  anyOf: (word, _, inside) =>
    counted(word, 'anyOf', inside, (count) => count > 0, 'fits none of the forms that it may have'),
  oneOf: (word, _, inside) =>
    counted(word, 'oneOf', inside, (count) => count === 1, 'must fit exactly one of the forms that it may have'),
  not: (word, _, inside) => {
    const check = inside.compile(word);
    return (value, at) => {
      if (passes(check, value, at)) at.problems.push({ path: at.path, message: 'has a form that it must not have' });
    };
  },
  if: (word, schema, inside) => {
    const [condition, then, otherwise] = [word, schema['then'] ?? true, schema['else'] ?? true].map((one) =>
      inside.compile(one),
    );
    return (value, at) => (passes(condition!, value, at) ? then : otherwise)!(value, at);
  },

  unevaluatedProperties: () => unsupported('unevaluatedProperties'),
  unevaluatedItems: () => unsupported('unevaluatedItems'),
  $dynamicRef: () => unsupported('$dynamicRef'),
  $recursiveRef: () => unsupported('$recursiveRef'),
};

function test(message: string, isRight: (value: unknown, budget: Budget | undefined) => boolean): Check {
  return (value, { path, problems, budget }) => {
    if (!isRight(value, budget)) problems.push({ path, message });
  };
}

const onNumber = (message: string, isRight: (value: number) => boolean): Check =>
  test(message, (value) => typeof value !== 'number' || isRight(value));
const onText = (message: string, isRight: (value: string, budget: Budget | undefined) => boolean): Check =>
  test(message, (value, budget) => {
    if (typeof value !== 'string') return true;
    budget?.spend(value.length >>> 4);
    return isRight(value, budget);
  });
const onList = (message: string, isRight: (value: readonly unknown[], budget: Budget | undefined) => boolean): Check =>
  test(message, (value, budget) => !Array.isArray(value) || isRight(value, budget));
const onObject = (message: string, isRight: (value: Schema) => boolean): Check =>
  test(message, (value) => !isObject(value) || isRight(value));

const entries =
  (first: readonly Check[], from = 0, rest?: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return;
    const end = rest ? value.length : Math.min(value.length, first.length);
    for (let index = from; index < end; index += 1)
      (rest ?? first[index]!)(value[index], { ...at, path: `${at.path}/${index}` });
  };

const fields =
  (checksOf: (name: string, budget: Budget | undefined) => readonly Check[]): Check =>
  (value, at) => {
    if (!isObject(value)) return;
    for (const name of Object.keys(value)) {
      at.budget?.spend(4);
      for (const check of checksOf(name, at.budget)) check(value[name], { ...at, path: step(at.path, name) });
    }
  };

function counted(
  word: unknown,
  name: string,
  inside: Inside,
  isRight: (count: number) => boolean,
  message: string,
): Check {
  const checks = asList(word, name).map((schema) => inside.compile(schema));
  return (value, at) => {
    const count = checks.filter((check) => passes(check, value, at)).length;
    if (!isRight(count)) at.problems.push({ path: at.path, message });
  };
}

/** A JSON pointer's next part. Source: RFC 6901. */
const step = (path: string, name: string): string => `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** What a `$ref` within the schema points to. */
function resolve(reference: unknown, root: unknown): unknown {
  const text = asText(reference, '$ref');
  if (text !== '#' && !text.startsWith('#/'))
    throw notSchema(`$ref “${text}” leads out of the schema; only #/… can be followed.`);
  let at: unknown = root;
  for (const part of text.split('/').slice(1)) {
    const name = unescape(part);
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Schema)[name] : undefined;
  }
  if (at === undefined) throw notSchema(`$ref “${text}” leads nowhere.`);
  return at;
}

function unescape(part: string): string {
  const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  // 0.3 is a multiple of 0.1 although their doubles are not.
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}

const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

function listOf(word: unknown, name: string): string[] {
  const list = (Array.isArray(word) ? word : [word]).filter((one) => typeof one === 'string' && types.includes(one));
  if (list.length === 0) throw notSchema(`“${name}” must be one of ${types.join(', ')}.`);
  return list;
}

function asList(word: unknown, name: string): readonly unknown[] {
  if (Array.isArray(word)) return word;
  throw notSchema(`“${name}” must be a list.`);
}

function asFields(word: unknown, name: string): Schema {
  if (isObject(word)) return word;
  throw notSchema(`“${name}” must be an object.`);
}

function asNumber(word: unknown, name: string): number {
  if (typeof word === 'number') return word;
  throw notSchema(`“${name}” must be a number.`);
}

function asText(word: unknown, name: string): string {
  if (typeof word === 'string') return word;
  throw notSchema(`“${name}” must be text.`);
}

function unsupported(name: string): never {
  throw notSchema(`“${name}” is not understood here.`);
}
