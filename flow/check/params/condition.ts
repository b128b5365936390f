import { isObject } from '../../document/json.ts';
import { compileValue } from '../../expression/compile.ts';
import { scopeOver } from '../../expression/scope.ts';
import { Fault } from '../../facts/faults.ts';
import { condition } from '../../values/condition.ts';
import { holds } from '../../values/conditions.ts';
import type { Comparing } from '../../values/conditions.ts';

type Params = Readonly<Record<string, unknown>>;

/**
 * Tells whether a card's condition holds over stored params, which its expressions see as `$json`, by the evaluator that runs use.
 * A condition that hangs on a value only known while running, or compares what cannot be compared, does not hold: no Issue on a guess.
 */
export function holdsOver(where: unknown, params: Params, how: Comparing = {}): boolean {
  return verdict(where, params, how) === true;
}

/** Undefined where it cannot be known. */
type Verdict = boolean | undefined;

function verdict(where: unknown, params: Params, how: Comparing, depth = 0): Verdict {
  if (!isObject(where) || depth > 50) return undefined;
  if (Array.isArray(where['all'])) {
    const parts = where['all'].map((part) => verdict(part, params, how, depth + 1));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  }
  if (Array.isArray(where['any'])) {
    const parts = where['any'].map((part) => verdict(part, params, how, depth + 1));
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  }
  const sides = { left: worked(where['left'], params), right: worked(where['right'], params) };
  const one = condition.safeParse({ op: where['op'], ...sides });
  if (!one.success || sides.left === unknown || sides.right === unknown) return undefined;
  try {
    return holds(one.data, how);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

const unknown = Symbol('only known while running');

function worked(side: unknown, params: Params): unknown {
  try {
    const value = compileValue(side)(scopeOver(params));
    return holdsTemplate(value) ? unknown : value;
  } catch {
    return unknown;
  }
}

/** What is looked at may itself be a template, or hold one. */
function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
}
