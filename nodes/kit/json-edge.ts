import type { Budget } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';

/** Deeper than this is a cycle or a mistake; the database's JSON parser has a limit of its own near 6,000. */
const maxDepth = 500;

/**
 * The JSON of what a node returned, by the rules of JSON.stringify, and the same reference when it was JSON already: good
 * data is looked at, never copied. Parts that `known` (the item that came in) has under the same name are not looked at
 * again. Throws `data.invalid` for what has no JSON: functions, symbols, bytes, maps, cycles. What is
 * looked at is told to the budget.
 */
export const toJson = (value: unknown, known?: unknown, budget?: Budget): unknown =>
  value === known ? value : (new Cleaning(budget).clean(value, known, 0) ?? null);

class Cleaning {
  private readonly budget: Budget | undefined;

  constructor(budget: Budget | undefined) {
    this.budget = budget;
  }

  clean(value: unknown, known: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        this.budget?.makes(value.length);
        return value;
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : null;
      case 'bigint':
        return value.toString();
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? null : this.object(value, known, depth);
      default:
        return refuse(`a ${typeof value}`);
    }
  }

  private object(value: object, known: unknown, depth: number): unknown {
    if (depth > maxDepth) return refuse('something nested too deeply, or that contains itself');
    if (Array.isArray(value)) return this.list(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return this.other(value, depth);
    return this.fields(value as Record<string, unknown>, known as Record<string, unknown> | undefined, depth);
  }

  private list(list: readonly unknown[], depth: number): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let index = 0; index < list.length; index += 1) {
      this.counted();
      const before = list[index];
      const after = this.clean(before, undefined, depth + 1) ?? null;
      if (after !== before && copy === undefined) copy = list.slice(0, index);
      copy?.push(after);
    }
    return copy ?? list;
  }

  private fields(fields: Record<string, unknown>, known: Record<string, unknown> | undefined, depth: number): object {
    let changed: Map<string, unknown> | undefined;
    const comparable = typeof known === 'object' && known !== null;
    for (const name in fields) {
      const before = fields[name];
      this.counted();
      if (typeof before === 'boolean') continue;
      if (typeof before === 'string') {
        this.budget?.makes(before.length);
        continue;
      }
      if (comparable && typeof before === 'object' && before === known[name]) continue;
      const after = this.clean(before, undefined, depth + 1);
      if (after === undefined || after !== before) (changed ??= new Map()).set(name, after);
    }
    return changed === undefined ? fields : withChanges(fields, changed);
  }

  /** Dates and whatever else says what its JSON is; other classes have none. */
  private other(value: object, depth: number): unknown {
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return this.clean(value.toJSON() as unknown, undefined, depth + 1);
    // Objects of another realm (a test runner, a sandbox) have a prototype of their own whose parent is none.
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlainElsewhere = Object.getPrototypeOf(prototype) === null && 'hasOwnProperty' in value;
    if (isPlainElsewhere && !ArrayBuffer.isView(value)) return this.fields({ ...value }, undefined, depth);
    return refuse(`a ${value.constructor?.name ?? 'object without JSON'}`);
  }

  /** One more place of the value was looked at; in memory it takes more than what is in it. */
  private counted(): void {
    this.budget?.spend(1);
    this.budget?.makes(bytesAPlace);
  }
}

/** What a field or element takes beside the text in it. */
const bytesAPlace = 8;

// Object.fromEntries defines own properties, so a key such as `__proto__` stays data.
const withChanges = (fields: Record<string, unknown>, changed: ReadonlyMap<string, unknown>): object =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]): [string, unknown] => [name, changed.has(name) ? changed.get(name) : value])
      .filter(([, value]) => value !== undefined),
  );

function refuse(what: string): never {
  throw new Fault('data.invalid', `The node returned ${what}, which is not JSON.`, {
    mend: 'Return text, numbers, true or false, null, lists and plain objects; pass bytes on as a file.',
  });
}
