import { Fault } from '../../flow/facts/faults.ts';
import { isMark } from '../../flow/facts/away.ts';
import type { AwayMark } from '../../flow/facts/away.ts';
import { swapPlaces } from '../../flow/facts/places.ts';
import { swapRecord, within } from '../../flow/facts/place-rows.ts';
import type { PlaceKind } from '../../flow/facts/place-rows.ts';
import type { WireFact } from '../../flow/contract/run-facts.ts';
import { isObject } from '../../flow/document/json.ts';
import type { JournalRow } from '../journal/journal.ts';
import { isMarker, markerWord, mayHoldMarker } from '../journal/large-values.ts';
import { Turns } from '../text/turns.ts';

/** What a blob holds, parsed. */
export type ReadBlob = (hash: string) => Promise<unknown>;

/** About so many bytes of values go with the facts of a run; of each as much as leaves room for the others, within these bounds. */
const valuesInAll = 4_000_000;
const most = 4_096;
const least = 96;

/** What is sent unasked: values of up to so many bytes, and facts as they are stored of up to so many characters. */
export interface Unasked {
  readonly value: number;
  readonly fact: number;
}

/** What a fact has beside its values: where and when it happened. */
const frame = 256;

/** How much of a run of so many facts is sent unasked. */
export function unaskedOf(facts: number): Unasked {
  const value = Math.max(least, Math.min(most, Math.floor(valuesInAll / Math.max(1, facts))));
  return { value, fact: value + frame };
}

/** What a fact has in it that does not go as it is stored: a value that left for the store, or one that looks like what is put for it. */
export const wordsInside: readonly string[] = ['"$away"', markerWord];

/**
 * Facts as they go to who folds them, in turns, each as JSON text of its own: larger values are left where they are kept, and only marked
 * (`flow/contract/run-facts.ts`).
 */
export async function slim(rows: readonly JournalRow[], { value }: Unasked, readBlob: ReadBlob): Promise<string[]> {
  const texts: string[] = [];
  const turns = new Turns();
  for (const row of rows) {
    texts.push(await slimRow(row, value, readBlob));
    await turns.taken();
  }
  return texts;
}

const textOf = ({ seq, at, type, data }: JournalRow): string => `[${seq},${at},${JSON.stringify(type)},${data}]`;

async function slimRow(row: JournalRow, inline: number, readBlob: ReadBlob): Promise<string> {
  const { seq, at, type, data: text } = row;
  const data: unknown = JSON.parse(text);
  const whole = mayHoldMarker(text) ? await withRecords(type, data, readBlob) : data;
  const left = slimData(type, whole, inline);
  return left === data ? textOf(row) : JSON.stringify([seq, at, type, left, 1] satisfies WireFact);
}

/** The data of a fact with values over `inline` bytes left where they are kept. */
export const slimData = (type: string, data: unknown, inline: number): unknown =>
  swapPlaces(type, data, (kind, value, place) => slimPlace(kind, value, place, inline));

/** Records of turns and counts tell how it went: they are brought back from where they are kept, what the turns gave is not. */
async function withRecords(type: string, data: unknown, readBlob: ReadBlob): Promise<unknown> {
  const blobs = new Map<string, Promise<unknown>>();
  swapPlaces(type, data, (kind, value) => {
    if (tellsOfValues(kind) && isMarker(value)) blobs.set(value.$blob, readBlob(value.$blob).catch(asLost));
    return value;
  });
  if (blobs.size === 0) return data;
  const known = new Map(await Promise.all([...blobs].map(async ([hash, read]) => [hash, await read] as const)));
  return swapPlaces(type, data, (kind, value) =>
    tellsOfValues(kind) && isMarker(value) ? known.get(value.$blob) : value,
  );
}

const tellsOfValues = (kind: PlaceKind): boolean => kind === 'records' || kind === 'turns' || kind === 'counts';

/** A run of which a value is lost can be looked at all the same: what was recorded of its turns is then not known. */
function asLost(error: unknown): undefined {
  if (error instanceof Fault && (error.code === 'value.missing' || error.code === 'value.damaged')) return undefined;
  throw error;
}

function slimPlace(kind: PlaceKind, value: unknown, at: string, inline: number): unknown {
  if (kind === 'records' && Array.isArray(value))
    return value.map((record, index) =>
      swapRecord(record, within(at, index), (inner, one, place) => slimPlace(inner, one, place, inline)),
    );
  if (tellsOfValues(kind)) return value;
  if (isMarker(value)) {
    const { $blob: _hash, size, count, ...rest } = value;
    return { ...rest, ...mark(Number(size), typeof count === 'number' ? count : undefined) };
  }
  if (kind !== 'port') return isMark(value) || sizeOf(value, inline) > inline ? markOf(value) : value;
  if (!isObject(value) || !Array.isArray(value['items']) || sizeOf(value['items'], inline) <= inline) return value;
  const { items, ...rest } = value;
  return { ...rest, ...markOf(items) };
}

const mark = ($away: number, count?: number): AwayMark => ({ $away, ...(count === undefined ? {} : { count }) });
const markOf = (value: unknown): AwayMark => mark(sizeOf(value, 0), Array.isArray(value) ? value.length : undefined);

/** Bytes of its JSON; of what is surely small enough the characters. */
function sizeOf(value: unknown, enough: number): number {
  const text = JSON.stringify(value) ?? 'null';
  return text.length * 3 <= enough ? text.length : Buffer.byteLength(text);
}

/**
 * The value at a place of a stored fact (`flow/facts/places.ts`), by its JSON pointer, whatever of it left for blobs; of what a port delivered its
 * items. Undefined where there is no such place.
 */
export async function valueAt(
  { type, data }: { readonly type: string; readonly data: unknown },
  at: string,
  readBlob: ReadBlob,
): Promise<{ readonly value: unknown } | undefined> {
  let found: { readonly kind: PlaceKind; readonly value: unknown; readonly place: string } | undefined;
  const look = (kind: PlaceKind, value: unknown, place: string) => {
    if (place === at || (kind === 'records' && at.startsWith(`${place}/`))) found = { kind, value, place };
    return value;
  };
  swapPlaces(type, data, look);
  if (found?.kind === 'records') {
    const { value, place } = found;
    const records = isMarker(value) ? await readBlob(value.$blob) : value;
    found = undefined;
    for (const [index, record] of (Array.isArray(records) ? records : []).entries())
      if (at.startsWith(`${within(place, index)}/`)) swapRecord(record, within(place, index), look);
  }
  if (!found) return undefined;
  const value = isMarker(found.value) ? await readBlob(found.value.$blob) : found.value;
  return { value: found.kind === 'port' && isObject(value) ? value['items'] : value };
}
