import { isObject } from '../document/json.ts';

/**
 * What stands at a place where values of any size may be: a list of items, what a port delivered, any JSON; and what is no value but tells of
 * values: the records of single turns, a list of counts by turn, counts by node.
 */
export type PlaceKind = 'list' | 'port' | 'value' | 'records' | 'turns' | 'counts';

/** What is put in place of a value; `at` is its JSON pointer within the data of the fact. */
export type Swap = (kind: PlaceKind, value: unknown, at: string) => unknown;

type Fields = Readonly<Record<string, unknown>>;
/** By field: what stands there, or how what stands there is gone through. */
export type PlaceRow = Readonly<Record<string, PlaceKind | ((value: unknown, at: string, swap: Swap) => unknown)>>;

export const eachOf =
  (how: PlaceKind | ((value: unknown, at: string, swap: Swap) => unknown)) =>
  (value: unknown, at: string, swap: Swap): unknown =>
    isObject(value)
      ? changed(value, Object.keys(value), (key, one) => {
          const place = within(at, key);
          return typeof how === 'string' ? swap(how, one, place) : how(one, place, swap);
        })
      : value;

export const records = (value: unknown, at: string, swap: Swap): unknown =>
  Array.isArray(value) ? value.map((record, index) => swapRecord(record, within(at, index), swap)) : value;

/** A record of what a node did, with what stands at its places swapped. */
export function swapRecord(record: unknown, at: string, swap: Swap): unknown {
  if (!isObject(record)) return record;
  return changed(record, ['out', 'turns'], (name, value) =>
    name === 'turns' ? swap('turns', value, within(at, name)) : eachOf('port')(value, within(at, name), swap),
  );
}

export function changed(
  fields: Fields,
  names: readonly string[],
  how: (name: string, value: unknown) => unknown,
): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const name of names) {
    const value = fields[name];
    if (value === undefined) continue;
    const next = how(name, value);
    if (next !== value) (copy ??= { ...fields })[name] = next;
  }
  return copy ?? fields;
}

/** A JSON pointer (RFC 6901) one step further. */
export const within = (at: string, step: string | number): string =>
  `${at}/${typeof step === 'number' ? step : step.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The body of a reply. */
export const bodyOf = (reply: unknown, at: string, swap: Swap): unknown =>
  isObject(reply) && reply['body'] !== undefined
    ? { ...reply, body: swap('value', reply['body'], within(at, 'body')) }
    : reply;
