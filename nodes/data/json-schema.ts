import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { notSchema } from './schema-check.ts';
import type { Check, Inside, CheckContext, Problem } from './schema-check.ts';
import { keywords } from './schema-keywords.ts';

const maxDepth = 200;
const maxProblems = 20;

/** Lists what is wrong with a value, at most 20 things. */
export type Validator = (value: unknown, budget?: Budget) => Problem[];

/**
 * Compiles a JSON Schema (draft 2020-12, also what draft 7 writes alike) to a function that lists what is wrong with a value,
 * at most 20 things. Patterns run in linear time; `$ref` stays inside the schema; keywords that need what others have seen
 * (`unevaluated…`, `$dynamicRef`) are a fault rather than quietly passed. Source: json-schema.org, draft 2020-12.
 */
export function compileSchema(schema: unknown, compiling?: Budget): Validator {
  const check = compiler(schema)(schema, compiling);
  return (value, budget) => {
    const problems: Problem[] = [];
    check(value, { path: '', depth: 0, problems, budget });
    return problems.slice(0, maxProblems);
  };
}

function compiler(root: unknown): Inside['compileFor'] {
  // A schema may refer to itself, so what is being compiled is known before it is done.
  const known = new Map<object, Check>();
  const compileFor: Inside['compileFor'] = (schema, budget) => {
    budget?.spend(stepsASchema);
    if (schema === true) return () => undefined;
    if (schema === false) return (_, { path, problems }) => void problems.push({ path, message: 'must not be there' });
    if (!isObject(schema)) throw notSchema('A schema is an object, true or false.');
    const before = known.get(schema);
    if (before) return before;
    let checks: readonly Check[] = [];
    const check: Check = (value, at) => runAll(checks, value, at);
    known.set(schema, check);
    const inside: Inside = { root, compileFor, compile: (inner) => compileFor(inner, budget) };
    try {
      checks = Object.keys(schema).flatMap((keyword) => checkOf(keyword, schema, inside));
    } catch (thrown) {
      // What was left half made is no check.
      known.delete(schema);
      throw thrown;
    }
    return check;
  };
  return compileFor;
}

/** What compiling a schema, and looking at one value with one, take beside what is in them, in steps of expressions. */
const stepsASchema = 16;
const stepsALook = 4;

function runAll(checks: readonly Check[], value: unknown, at: CheckContext): void {
  if (at.depth >= maxDepth) {
    throw new Fault('data.invalid', `Schema and value are nested deeper than ${maxDepth} levels.`, {
      mend: 'Look for a $ref that leads back to itself.',
    });
  }
  at.budget?.spend(stepsALook + checks.length);
  const inner = { ...at, depth: at.depth + 1 };
  for (const check of checks) {
    if (at.problems.length >= maxProblems) return;
    check(value, inner);
  }
}

function checkOf(keyword: string, schema: Readonly<Record<string, unknown>>, inside: Inside): Check[] {
  const make = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
  const check = make?.(schema[keyword], schema, inside);
  return check === undefined ? [] : [check];
}
