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
type Row = Readonly<Record<string, PlaceKind | ((value: unknown, at: string, swap: Swap) => unknown)>>;

const eachOf =
  (how: PlaceKind | ((value: unknown, at: string, swap: Swap) => unknown)) =>
  (value: unknown, at: string, swap: Swap): unknown =>
    isObject(value)
      ? changed(value, Object.keys(value), (key, one) => {
          const place = within(at, key);
          return typeof how === 'string' ? swap(how, one, place) : how(one, place, swap);
        })
      : value;

const records = (value: unknown, at: string, swap: Swap): unknown =>
  Array.isArray(value) ? value.map((record, index) => swapRecord(record, within(at, index), swap)) : value;

/** The places of each kind of fact; kinds that are not here hold nothing large. */
const places: Readonly<Record<string, Row>> = {
  'run.started': { input: 'port', pins: eachOf(eachOf('list')), document: 'value' },
  'stage.finished': { nodes: records, kept: 'records' },
  'step.failed': { counts: 'counts', kept: 'records' },
  'step.answered': { out: eachOf('list') },
  'call.answered': { value: 'value' },
  'doubt.answered': { output: 'value' },
  'loop.progressed': { back: 'list', counts: 'counts', kept: 'records' },
  'run.replied': {
    reply: (reply, at, swap) =>
      isObject(reply) && reply['body'] !== undefined
        ? { ...reply, body: swap('value', reply['body'], within(at, 'body')) }
        : reply,
  },
  'run.finished': { output: 'list' },
};

/** The data of a fact with what stands at its places swapped; the same object where nothing was. */
export function swapPlaces(type: string, data: unknown, swap: Swap): unknown {
  const row = Object.hasOwn(places, type) ? places[type] : undefined;
  if (!row || !isObject(data)) return data;
  return changed(data, Object.keys(row), (name, value) => {
    const how = row[name]!;
    return typeof how === 'string' ? swap(how, value, within('', name)) : how(value, within('', name), swap);
  });
}

/** A record of what a node did, with what stands at its places swapped. */
export function swapRecord(record: unknown, at: string, swap: Swap): unknown {
  if (!isObject(record)) return record;
  return changed(record, ['out', 'turns'], (name, value) =>
    name === 'turns' ? swap('turns', value, within(at, name)) : eachOf('port')(value, within(at, name), swap),
  );
}

function changed(fields: Fields, names: readonly string[], how: (name: string, value: unknown) => unknown): Fields {
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
