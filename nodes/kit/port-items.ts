import type { PortOutput } from '../../flow/facts/fact.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Budget } from '../../flow/facts/budget.ts';

/**
 * What left by one port. `pick`: every item is an item of the input port `of` (the first, when that is not named), by index, so
 * that nothing needs copying. `from`: parent indexes, left out when 1:1; `[]` means that no input item is the parent. Indexes
 * count through all input ports in their order: the first port's items from 0, the next port's after those.
 */
export interface PortItems {
  readonly items: readonly unknown[];
  readonly from?: readonly (number | number[])[];
  readonly pick?: 'all' | readonly number[];
  readonly of?: string;
}

/** The form in which facts record it. */
export function toPortOutput(port: PortItems, firstPort: string): PortOutput {
  if (port.pick !== undefined && port.items.length > 0) {
    return { pick: port.pick === 'all' ? 'all' : [...port.pick], of: port.of ?? firstPort };
  }
  return port.from === undefined ? { items: [...port.items] } : { items: [...port.items], from: [...port.from] };
}

/** Gathers what an `each` node delivers on one port, item after item. */
export class EachPort {
  readonly items: unknown[] = [];
  readonly from: number[] = [];
  #picked = true;
  #straight = true;

  add(value: unknown, index: number, item: unknown): void {
    if (value !== item) this.#picked = false;
    if (this.from.length !== index) this.#straight = false;
    this.items.push(value);
    this.from.push(index);
  }

  done(count: number): PortItems {
    const straight = this.#straight && this.items.length === count;
    if (this.#picked) return { items: this.items, pick: straight ? 'all' : this.from };
    return straight ? { items: this.items } : { items: this.items, from: this.from };
  }
}

/** The lists that an `all` node read, port by port in order. */
export type InputLists = readonly (readonly [port: string, items: readonly unknown[]])[];

/** Tells for each returned item which input item it is, or was made from (E25). */
export function traceItems(returned: readonly unknown[], inputs: InputLists, budget?: Budget): PortItems {
  const filled = inputs.filter(([, items]) => items.length > 0);
  budget?.spend(filled.reduce((sum, [, items]) => sum + items.length, 0) * stepsAnItem);
  const find = finder(filled.flatMap(([, items]) => items));
  const items: unknown[] = [];
  const from: (number | number[])[] = [];
  let picked = true;
  let known = false;
  for (const value of returned) {
    budget?.spend(stepsAnItem);
    const derived = derivation(value);
    if (derived && typeof derived.from === 'object') {
      budget?.spend(derived.from.length);
      budget?.makes(derived.from.length * bytesAParent);
    }
    const index = derived ? undefined : find(value);
    picked &&= index !== undefined;
    known ||= derived !== undefined || index !== undefined;
    items.push(derived ? derived.value : value);
    from.push(derived ? derived.from : (index ?? []));
  }
  return shape(items, from, { picked, known, filled, single: inputs.length === 1 });
}

/** What finding one item by its identity takes, in steps of expressions. */
const stepsAnItem = 4;
/** Each item's parents are on record by themselves, whether or not they were given as one list. */
const bytesAParent = 8;

type Traced = { picked: boolean; known: boolean; filled: InputLists; single: boolean };

function shape(items: unknown[], from: (number | number[])[], { picked, known, filled, single }: Traced): PortItems {
  const selection = picked ? pickOf(items, from as number[], filled) : undefined;
  if (selection) return selection;
  // Only a node of one input may leave 1:1 unsaid: with several, which port an item came from must be on record.
  const total = filled.reduce((sum, [, list]) => sum + list.length, 0);
  const straight = single && items.length === total && (!known || from.every((parent, index) => parent === index));
  return straight ? { items } : { items, from };
}

/** A selection of one port's items; undefined when the items come from several ports. */
function pickOf(items: unknown[], indexes: number[], filled: InputLists): PortItems | undefined {
  if (items.length === 0) return { items, pick: [] };
  let start = 0;
  for (const [port, list] of filled) {
    const end = start + list.length;
    if (indexes.every((index) => index >= start && index < end)) {
      const pick = indexes.map((index) => index - start);
      const all = pick.length === list.length && pick.every((index, position) => index === position);
      return { items, pick: all ? 'all' : pick, of: port };
    }
    start = end;
  }
  return undefined;
}

/** Finds items by identity; the same value at several places is found at one after the other. */
function finder(all: readonly unknown[]): (value: unknown) => number | undefined {
  const next = new Map<unknown, number>();
  const later: (number | undefined)[] = Array.from({ length: all.length });
  for (let index = all.length - 1; index >= 0; index -= 1) {
    later[index] = next.get(all[index]);
    next.set(all[index], index);
  }
  return (value) => {
    const index = next.get(value);
    const after = index === undefined ? undefined : later[index];
    if (after !== undefined) next.set(value, after);
    return index;
  };
}

/** What `{value, $from}` and `{…, $from}` stand for; undefined for any other value. */
function derivation(value: unknown): { value: unknown; from: number | number[] } | undefined {
  if (!isObject(value) || !Object.hasOwn(value, '$from')) return undefined;
  const { $from, ...rest } = value;
  const from = parents($from);
  if (from === undefined) return undefined;
  const names = Object.keys(rest);
  return { value: names.length === 1 && names[0] === 'value' ? rest['value'] : rest, from };
}

function parents($from: unknown): number | number[] | undefined {
  if (Number.isInteger($from)) return $from as number;
  return Array.isArray($from) && $from.every((index) => Number.isInteger(index)) ? ($from as number[]) : undefined;
}
