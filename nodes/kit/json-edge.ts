import { Fault } from '../../flow/facts/faults.ts';

/** Deeper than this is a cycle or a mistake; the database's JSON parser has a limit of its own near 6,000. */
const maxDepth = 500;

/**
 * The JSON of what a node returned, by the rules of JSON.stringify, and the same reference when it was JSON already: good
 * data is looked at, never copied. Parts that `known` (the item that came in) has under the same name are not looked at
 * again. Throws `data.invalid` for what has no JSON: functions, symbols, bytes, maps, cycles.
 */
export const toJson = (value: unknown, known?: unknown): unknown =>
  value === known ? value : (clean(value, known, 0) ?? null);

function clean(value: unknown, known: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return value.toString();
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? null : cleanObject(value, known, depth);
    default:
      return refuse(`a ${typeof value}`);
  }
}

function cleanObject(value: object, known: unknown, depth: number): unknown {
  if (depth > maxDepth) return refuse('something nested too deeply, or that contains itself');
  if (Array.isArray(value)) return cleanList(value, known, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return cleanOther(value, depth);
  return cleanFields(value as Record<string, unknown>, known as Record<string, unknown> | undefined, depth);
}

function cleanList(list: readonly unknown[], known: unknown, depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const before = list[index];
    const after = clean(before, undefined, depth + 1) ?? null;
    if (after !== before && copy === undefined) copy = list.slice(0, index);
    copy?.push(after);
  }
  return copy ?? list;
}

function cleanFields(
  fields: Record<string, unknown>,
  known: Record<string, unknown> | undefined,
  depth: number,
): object {
  let changed: Map<string, unknown> | undefined;
  const comparable = typeof known === 'object' && known !== null;
  for (const name in fields) {
    const before = fields[name];
    if (typeof before === 'string' || typeof before === 'boolean') continue;
    if (comparable && typeof before === 'object' && before === known[name]) continue;
    const after = clean(before, undefined, depth + 1);
    if (after === undefined || after !== before) (changed ??= new Map()).set(name, after);
  }
  return changed === undefined ? fields : withChanges(fields, changed);
}

// Object.fromEntries defines own properties, so a key such as `__proto__` stays data.
const withChanges = (fields: Record<string, unknown>, changed: ReadonlyMap<string, unknown>): object =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]): [string, unknown] => [name, changed.has(name) ? changed.get(name) : value])
      .filter(([, value]) => value !== undefined),
  );

/** Dates and whatever else says what its JSON is; other classes have none. */
function cleanOther(value: object, depth: number): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return clean(value.toJSON() as unknown, undefined, depth + 1);
  // Objects of another realm (a test runner, a sandbox) have a prototype of their own whose parent is none.
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlainElsewhere = Object.getPrototypeOf(prototype) === null && 'hasOwnProperty' in value;
  if (isPlainElsewhere && !ArrayBuffer.isView(value)) return cleanFields({ ...value }, undefined, depth);
  return refuse(`a ${value.constructor?.name ?? 'object without JSON'}`);
}

function refuse(what: string): never {
  throw new Fault('data.invalid', `The node returned ${what}, which is not JSON.`, {
    mend: 'Return text, numbers, true or false, null, lists and plain objects; pass bytes on as a file.',
  });
}
