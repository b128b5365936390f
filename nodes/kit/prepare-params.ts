import type * as z from 'zod';
import { codeLength, stepsACharacter } from '../../flow/expression/code-length.ts';
import { compileTemplate, compileValue } from '../../flow/expression/compile.ts';
import type { Scope } from '../../flow/expression/scope.ts';
import { isObject } from '../../flow/document/json.ts';
import { isOverBudget } from '../../flow/facts/budget.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { AnyNode } from './define-node.ts';
import { compileJson, isJsonField, jsonValue } from './json-field.ts';
import { fieldWords, paramsFault, pathText } from './params-fault.ts';

export type Params = Readonly<Record<string, unknown>>;

/** The stored params of one node, made ready: expressions compiled, everything that no item can change checked once. */
export interface PreparedParams {
  /** The params for the item that the scope stands at. Throws `expression.failed` or `params.invalid`. */
  resolve(scope: Scope): Params;
  /** Of these only what expressions make: all that must travel when somebody else works them out. Throws the same. */
  fill(scope: Scope): Params;
  /** The params with what `fill` gave. */
  with(filled: Params): Params;
  /** True when every item gets the same params, so that one object serves all. */
  readonly fixed: boolean;
}

type FieldSchema = z.core.$ZodType;
type Field = (scope: Scope) => unknown;

/** Compiles stored params. Never throws: what is wrong with them is thrown by `resolve`, where the node can be named. */
export function prepareParams(definition: AnyNode, params: Params, engine: number): PreparedParams {
  const literal = new Set(definition.literal ?? []);
  const isJson = (name: string, schema: FieldSchema) => engine >= 2 && !literal.has(name) && isJsonField(schema);
  const fixed: Record<string, unknown> = {};
  const moving: [string, Field][] = [];
  const wrong: Fault[] = [];
  for (const [name, schema] of Object.entries(definition.params.shape)) {
    try {
      const raw = params[name];
      if (!literal.has(name) && holdsTemplate(raw)) moving.push([name, movingField({ name, schema, raw, engine })]);
      else
        keep(fixed, name, parseField(name, schema, isJson(name, schema) ? jsonValue(named(name, schema), raw) : raw));
    } catch (error) {
      wrong.push(error instanceof Fault ? error : expressionFault(error, { name, schema, raw: params[name] }));
    }
  }
  return prepared(fixed, moving, wrong[0]);
}

function prepared(fixed: Params, moving: readonly [string, Field][], wrong: Fault | undefined): PreparedParams {
  const fillInto = (params: Record<string, unknown>, scope: Scope): Params => {
    if (wrong) throw wrong;
    for (const [name, field] of moving) keep(params, name, field(scope));
    return params;
  };
  return {
    fixed: moving.length === 0,
    resolve: (scope) => (moving.length === 0 && !wrong ? fixed : fillInto({ ...fixed }, scope)),
    fill: (scope) => fillInto({}, scope),
    with: (filled) => ({ ...fixed, ...filled }),
  };
}

function keep(params: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) params[name] = value;
}

interface Moving {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly raw: unknown;
  readonly engine: number;
}

/** What a template is worked out in. */
interface World {
  readonly scope: Scope;
  readonly engine: number;
}

/**
 * A field with templates. Where they stand only in places that take any value (as in data.set), the field is checked once as
 * it is written and then only filled in: 10,000 items spare 10,000 checks.
 */
function movingField({ name, schema, raw, engine }: Moving): Field {
  const open = takesAnything(schema, raw);
  const written = open ? parseField(name, schema, raw) : raw;
  const fill = filling(name, schema, written, engine);
  const filled: Field = (scope) => {
    try {
      return fill(scope);
    } catch (error) {
      if (error instanceof Fault || isOverBudget(error)) throw error;
      throw expressionFault(error, { name, schema, raw: written }, { scope, engine });
    }
  };
  if (open) return filled;
  return (scope) => {
    const value = filled(scope);
    scope.budget?.about(placesIn(value, scope.budget) * stepsAPlace);
    return parseField(name, schema, value);
  };
}

/** How many values there are in a value, each of which is looked at when it is checked. */
function placesIn(value: unknown, budget: Budget, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > deepest) return 1;
  let places = 1;
  for (const name in value) {
    budget.spend(1);
    places += placesIn(value[name as keyof typeof value], budget, depth + 1);
  }
  return places;
}

/** What checking one value takes, in steps of expressions. */
const stepsAPlace = 40;
/** What is deeper is refused by its check. */
const deepest = 500;

/** Expressions that are longer together are compiled when they are first worked out, under a budget: 300 kB of them take a third of a second. */
const compiledAtOnce = 16 * 1024;

function filling(name: string, schema: FieldSchema, written: unknown, engine: number): Field {
  const compiled = () => compiledField(name, schema, written, engine);
  const length = codeLength(written);
  if (length <= compiledAtOnce) return compiled();
  let known: Field | undefined;
  return (scope) => {
    if (!known) {
      scope.budget?.about(length * stepsACharacter);
      known = orThrowing(compiled, (error) => expressionFault(error, { name, schema, raw: written }));
    }
    return known(scope);
  };
}

/** What was made, or what throws each time that it could not be. */
function orThrowing(make: () => Field, faultOf: (error: unknown) => Fault): Field {
  try {
    return make();
  } catch (error) {
    const fault = faultOf(error);
    return () => {
      throw fault;
    };
  }
}

function compiledField(name: string, schema: FieldSchema, written: unknown, engine: number): Field {
  if (engine < 2) return compileValue(written, engine);
  if (isJsonField(schema)) return compileJson(named(name, schema), written, engine);
  return isText(schema) ? compileText(written, engine) : compileValue(written, engine);
}

const named = (name: string, schema: FieldSchema) => ({ name, title: fieldWords(schema, name) });

/** In a field of text white space is meant, and a number that an expression gives is written out. */
function compileText(written: unknown, engine: number): Field {
  if (typeof written !== 'string') return compileValue(written, engine);
  const fill = compileTemplate(written, { engine, asText: true });
  return (scope) => {
    const value = fill(scope);
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  };
}

/** Whether a field takes text and nothing else. */
function isText(schema: FieldSchema): boolean {
  const { def } = parser(schema) as z.ZodType & { def: SchemaDef };
  return def.type === 'string' || (def.innerType !== undefined && isText(def.innerType));
}

function parseField(name: string, schema: FieldSchema, value: unknown): unknown {
  const parsing = parser(schema);
  const result = parsing.safeParse(value);
  if (result.success) return result.data;
  throw paramsFault(result.error.issues, name, parsing, value);
}

// Every schema of zod's classic API, which is what nodes are written in, has safeParse; its core type does not say so.
const parser = (schema: FieldSchema): z.ZodType => schema as z.ZodType;

/** Tells whether a stored value holds an expression anywhere. */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (Array.isArray(value)) return value.some(holdsTemplate);
  return isObject(value) && Object.values(value).some(holdsTemplate);
}

/** True when each template in the value stands where the schema takes any value at all. */
function takesAnything(schema: FieldSchema, value: unknown): boolean {
  if (!holdsTemplate(value)) return true;
  const { def } = parser(schema) as z.ZodType & { def: SchemaDef };
  if (def.type === 'unknown' || def.type === 'any') return true;
  if (def.innerType) return takesAnything(def.innerType, value);
  if (def.getter) return takesAnything(def.getter(), value);
  if (def.options) return takesOption(def.options, value);
  if (def.element && Array.isArray(value)) return value.every((entry) => takesAnything(def.element!, entry));
  if (def.shape && isObject(value)) return takesFields(def.shape, value);
  return false;
}

/** The parts of a zod definition that say what is inside it. Source: zod 4, core/schemas. */
interface SchemaDef {
  readonly type: string;
  readonly innerType?: FieldSchema;
  readonly getter?: () => FieldSchema;
  readonly options?: readonly FieldSchema[];
  readonly element?: FieldSchema;
  readonly shape?: Readonly<Record<string, FieldSchema>>;
}

const takesOption = (options: readonly FieldSchema[], value: unknown): boolean => {
  const option = options.find((candidate) => parser(candidate).safeParse(value).success);
  return option !== undefined && takesAnything(option, value);
};

const takesFields = (shape: Readonly<Record<string, FieldSchema>>, value: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(value).every(([name, entry]) => {
    const schema = shape[name];
    return schema === undefined ? !holdsTemplate(entry) : takesAnything(schema, entry);
  });

/** Names the param that failed; looked for only now, by working out each template alone. */
function expressionFault(error: unknown, { name, schema, raw }: Omit<Moving, 'engine'>, world?: World): Fault {
  const path = failingPath(raw, world) ?? [];
  const param = pathText([name, ...path]);
  const field = fieldWords(schema, name, path);
  const known = isNamed(error) ? error : undefined;
  const code = known?.code === 'expression.no-ancestor' ? 'items.no-ancestor' : 'expression.failed';
  return new Fault(code, `${field}: ${error instanceof Error ? error.message : 'the expression failed'}`, {
    mend: known?.mend ?? `Correct the expression in ${field}.`,
    done: 'no',
    details: { param, ...(known ? { reason: known.code, at: known.at } : {}) },
    cause: error,
  });
}

const isNamed = (error: unknown): error is Error & { code: string; mend: string; at?: unknown } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  'mend' in error &&
  typeof error.mend === 'string';

function failingPath(value: unknown, world: World | undefined): (string | number)[] | undefined {
  if (typeof value === 'string') return works(value, world) ? undefined : [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((entry: unknown, index): [number, unknown] => [index, entry])
    : isObject(value)
      ? Object.entries(value)
      : [];
  for (const [key, entry] of entries) {
    const inner = failingPath(entry, world);
    if (inner) return [key, ...inner];
  }
  return undefined;
}

function works(template: string, world: World | undefined): boolean {
  try {
    const run = compileValue(template, world?.engine, world?.scope.budget);
    if (world) run(world.scope);
    return true;
  } catch {
    return false;
  }
}
