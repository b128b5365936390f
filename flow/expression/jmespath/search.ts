import { isIn } from '../../values/text-search.ts';
import { stepsACharacter } from '../code-length.ts';
import { Halt } from '../faults.ts';
import type { Run } from '../run.ts';
import { toText } from '../values/convert.ts';
import { isRecord } from '../values/kinds.ts';
import { isForbidden } from '../values/forbidden.ts';
import { stringify } from '../methods/json.ts';
import { includes } from '../methods/list.ts';
import { parseQuery } from './parse.ts';
import type { Query } from './tree.ts';

/** `$jmespath(data, query)`; null where nothing is found. */
export function search(run: Run, data: unknown, query: string): unknown {
  run.budget?.about(query.length * stepsACharacter);
  return find(run, parseQuery(run.text(query)), data);
}

function find(run: Run, query: Query, data: unknown): unknown {
  run.charge(1);
  switch (query.kind) {
    case 'current':
      return data ?? null;
    case 'literal':
      return query.value;
    case 'field':
      return field(run, data, query.name);
    case 'index':
      return Array.isArray(data) ? (run.view(data).at(query.index) ?? null) : null;
    case 'slice':
      return Array.isArray(data) ? slice(walked(run, data), query.parts) : null;
    case 'then':
      return find(run, query.next, find(run, query.first, data));
    case 'project':
      return project(run, query, find(run, query.from, data));
    case 'filter':
      return filter(run, query, find(run, query.from, data));
    case 'compare':
      return compare(run, query.op, find(run, query.left, data), find(run, query.right, data));
    case 'and': {
      const left = find(run, query.left, data);
      return isTrue(run, left) ? find(run, query.right, data) : left;
    }
    case 'or': {
      const left = find(run, query.left, data);
      return isTrue(run, left) ? left : find(run, query.right, data);
    }
    case 'not':
      return !isTrue(run, find(run, query.of, data));
    case 'list':
      return data === null || data === undefined ? null : query.of.map((part) => find(run, part, data));
    case 'record':
      return record(run, query.of, data);
    case 'call':
      return call(run, query.name, query.args, data);
    case 'reference':
      return null;
  }
}

function field(run: Run, data: unknown, name: string): unknown {
  if (!isRecord(data) || isForbidden(name)) return null;
  const view = run.view(data);
  return Object.hasOwn(view, name) ? (view[name] ?? null) : null;
}

/** A list that is walked through, which the limits of single expressions do not count. */
function walked(run: Run, list: unknown[]): unknown[] {
  run.budget?.spend(list.length);
  return run.view(list);
}

function slice(list: readonly unknown[], [from, to, step = 1]: readonly (number | undefined)[]): unknown[] {
  if (step === 0) return [];
  if (step > 0) return list.slice(from, to).filter((_, i) => i % step === 0);
  const at = (index: number) => (index < 0 ? list.length + index : index);
  const start = from === undefined ? list.length - 1 : Math.min(at(from), list.length - 1);
  const end = to === undefined ? -1 : at(to);
  const found: unknown[] = [];
  for (let i = start; i > end && i >= 0; i += step) found.push(list[i]);
  return found;
}

function project(run: Run, query: Extract<Query, { kind: 'project' }>, data: unknown): unknown {
  const list =
    query.as === 'values'
      ? isRecord(data)
        ? Object.values(run.view(data))
        : null
      : Array.isArray(data)
        ? run.view(data)
        : null;
  if (list === null) return null;
  run.length(list.length);
  const parts = query.as === 'flat' ? list.flat() : list;
  run.budget?.spend(parts.length);
  return parts.map((part) => find(run, query.next, part)).filter((part) => part !== null);
}

function filter(run: Run, query: Extract<Query, { kind: 'filter' }>, data: unknown): unknown {
  if (!Array.isArray(data)) return null;
  const list = walked(run, data).filter((part) => isTrue(run, find(run, query.where, part)));
  return list.map((part) => find(run, query.next, part)).filter((part) => part !== null);
}

function compare(run: Run, op: string, left: unknown, right: unknown): boolean | null {
  if (op === '==' || op === '!=') return (stringify(run, left) === stringify(run, right)) === (op === '==');
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  if (op === '<') return left < right;
  if (op === '<=') return left <= right;
  return op === '>' ? left > right : left >= right;
}

/** False are null, false, and what is empty; zero is true. */
function isTrue(run: Run, value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (Array.isArray(value)) return run.view(value).length > 0;
  return !isRecord(value) || Object.keys(run.view(value)).length > 0;
}

function record(run: Run, of: readonly (readonly [string, Query])[], data: unknown): unknown {
  if (data === null || data === undefined) return null;
  const pairs = of.map(([name, part]): [string, unknown] => [name, find(run, part, data)]);
  return Object.fromEntries(pairs.filter(([name]) => !isForbidden(name)));
}

function call(run: Run, name: string, args: readonly Query[], data: unknown): unknown {
  const [first, second] = args;
  if (name === 'map')
    return list(run, find(run, second ?? first ?? current, data)).map((part) => find(run, inner(first), part));
  const value = first ? find(run, first, data) : null;
  if (/^(?:sort|max|min)_by$/.test(name)) return by(run, name, list(run, value), inner(second));
  if (name === 'not_null') return args.map((arg) => find(run, arg, data)).find((part) => part !== null) ?? null;
  if (name === 'merge') return Object.assign({}, ...args.map((arg) => find(run, arg, data)).filter(isRecord));
  const simple = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!simple)
    throw new Halt(
      'expression.value',
      `JMESPath has no function ${name}() here.`,
      'Use the functions of expressions instead.',
    );
  return simple(run, value, second && find(run, second, data));
}

const current: Query = { kind: 'current' };

const inner = (query: Query | undefined): Query => (query?.kind === 'reference' ? query.of : (query ?? current));

function list(run: Run, value: unknown): unknown[] {
  if (!Array.isArray(value)) return [];
  run.length(value.length);
  return run.view(value);
}

function by(run: Run, name: string, values: unknown[], key: Query): unknown {
  const sorted = values
    .map((value) => ({ value, key: find(run, key, value) }))
    .toSorted((a, b) => order(run, a.key, b.key));
  if (name === 'sort_by') return sorted.map(({ value }) => value);
  return (name === 'max_by' ? sorted.at(-1) : sorted[0])?.value ?? null;
}

function order(run: Run, a: unknown, b: unknown): number {
  run.charge(1);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [toText(run, a), toText(run, b)];
  run.reads(left.length < right.length ? left : right);
  return left < right ? -1 : left > right ? 1 : 0;
}

const numbers = (run: Run, value: unknown): number[] => list(run, value).filter((part) => typeof part === 'number');

type Simple = (run: Run, value: unknown, other: unknown) => unknown;

const functions: Readonly<Record<string, Simple>> = {
  length: (run, value) =>
    typeof value === 'string'
      ? value.length
      : isRecord(value)
        ? Object.keys(run.view(value)).length
        : list(run, value).length,
  keys: (run, value) => (isRecord(value) ? Object.keys(run.view(value)) : null),
  values: (run, value) => (isRecord(value) ? Object.values(run.view(value)) : null),
  join: (run, glue, parts) => run.made(list(run, parts).join(toText(run, glue))),
  contains: (run, whole, part) =>
    typeof whole === 'string'
      ? isIn(run.text(whole), toText(run, part), 0, run.budget)
      : includes(run, list(run, whole), part),
  starts_with: (run, whole, part) => run.text(toText(run, whole)).startsWith(toText(run, part)),
  ends_with: (run, whole, part) => run.text(toText(run, whole)).endsWith(toText(run, part)),
  sort: (run, value) => list(run, value).toSorted((a, b) => order(run, a, b)),
  reverse: (run, value) =>
    typeof value === 'string' ? [...run.heavy(value)].toReversed().join('') : list(run, value).toReversed(),
  sum: (run, value) => numbers(run, value).reduce((sum, n) => sum + n, 0),
  avg: (run, value) => numbers(run, value).reduce((sum, n) => sum + n, 0) / numbers(run, value).length,
  max: (run, value) =>
    list(run, value)
      .toSorted((a, b) => order(run, a, b))
      .at(-1) ?? null,
  min: (run, value) => list(run, value).toSorted((a, b) => order(run, a, b))[0] ?? null,
  abs: (_run, value) => Math.abs(Number(value)),
  ceil: (_run, value) => Math.ceil(Number(value)),
  floor: (_run, value) => Math.floor(Number(value)),
  to_string: (run, value) => (typeof value === 'string' ? value : stringify(run, value)),
  to_number: (_run, value) => (Number.isNaN(Number(value)) ? null : Number(value)),
  to_array: (_run, value) => (Array.isArray(value) ? value : [value]),
  type: (_run, value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value),
};
