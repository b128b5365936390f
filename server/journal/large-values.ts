import { Fault } from '../../flow/facts/faults.ts';
import { swapPlaces } from '../../flow/facts/places.ts';
import { parseText } from '../text/json-pieces.ts';
import { isHeavy, jsonParts, rememberJson } from '../text/known-json.ts';
import { bytesOf } from '../text/text-pieces.ts';
import { atOnceMost, Turns } from '../text/turns.ts';
import type { PlaceKind } from '../../flow/facts/place-rows.ts';
import type { Stored } from './append-rows.ts';
import type { BlobStore } from './blobs.ts';
import type { Append } from './flusher.ts';

/** Values whose JSON is longer leave the row (E19). */
export const largeFrom = 65_536;
/** A list so long is looked at before its fact is turned into text, so that a large one is turned into text once. */
const many = 200;

type Fields = Readonly<Record<string, unknown>>;
/** What is put in place of what stands at a place, once that is known. */
type Later = (kind: PlaceKind, value: unknown) => Promise<unknown> | unknown;

/**
 * The data of a fact with what stands at its places (`flow/facts/places.ts`) swapped, all of it side by side. A marker `{ $blob, size }` stands
 * for a list or a value that left; what a person's data looks like cannot be taken for one, because lists are never objects and a value that
 * looks like a marker leaves as well.
 */
async function swapLater(type: string, data: unknown, swap: Later): Promise<unknown> {
  const asked: (readonly [at: string, swapped: Promise<unknown> | unknown])[] = [];
  swapPlaces(type, data, (kind, value, at) => {
    asked.push([at, swap(kind, value)]);
    return value;
  });
  if (asked.length === 0) return data;
  const done = new Map(await Promise.all(asked.map(async ([at, swapped]) => [at, await swapped] as const)));
  return swapPlaces(type, data, (_, value, at) => (done.has(at) ? done.get(at) : value));
}

/** Whether an append holds a list long enough to be worth a look, or a value that is large. */
export const holdsMany = ({ facts, start }: Append): boolean =>
  isLong(start?.event?.data) || facts.some(({ type, data }) => holdsLong(type, data));

/** Whether what stands at one of the places of a fact is long: whichever kind of fact it is, none is turned into text to see. */
function holdsLong(type: string, data: unknown): boolean {
  let found = false;
  swapPlaces(type, data, (kind, value) => {
    found ||= kind === 'records' || isLong(kind === 'port' ? itemsAt(value) : value);
    return value;
  });
  return found;
}

const itemsAt = (port: unknown): unknown => (isFields(port) ? port['items'] : undefined);

const isLong = (value: unknown): boolean => (Array.isArray(value) && value.length > many) || isHeavy(value);

/** What is stored of an append once its large values are in the store, durable before the facts that name them. */
export async function moveLarge(store: BlobStore, { workspace, run, facts, start }: Append): Promise<Stored> {
  let moved = 0;
  const turns = new Turns();
  const put = async (parts: readonly string[]) => {
    const marker = await putAway(store, { workspace, run }, parts, turns);
    moved += marker.size;
    return marker;
  };
  const list = async (value: unknown) => {
    const parts = await jsonParts(value, turns);
    return leaves(parts) ? { ...(await put(parts)), count: listOf(value).length } : value;
  };
  const value = async (any: unknown) => {
    const parts = await jsonParts(any, turns);
    return leaves(parts) || isMarker(any) ? put(parts) : any;
  };
  const port = async (any: unknown) => {
    if (!isFields(any) || !Array.isArray(any['items'])) return any;
    const { items, ...rest } = any;
    const stored = await list(items);
    return stored === items ? any : { ...(isFields(stored) ? stored : {}), ...rest };
  };
  const swap: Later = (kind, any) => (kind === 'port' ? port(any) : isOfLists(kind) ? list(any) : value(any));
  const stored = {
    facts: await Promise.all(
      facts.map(async ({ type, at, data }) => ({
        type,
        at,
        data: await swapLater(type, data, swap),
      })),
    ),
    event: start?.event?.data === undefined ? undefined : await value(start.event.data),
  };
  return { ...stored, moved };
}

/** Whether a value with this JSON leaves its row. */
export const leaves = (parts: readonly string[]): boolean =>
  parts.reduce((sum, { length }) => sum + length, 0) > largeFrom;

/** Writes JSON into the store, where the run may name it from now on, and gives what stands for it. */
export async function putAway(
  store: BlobStore,
  { workspace, run }: { readonly workspace: string; readonly run: string },
  parts: readonly string[],
  turns: Turns,
): Promise<{ $blob: string; size: number }> {
  const bytes = await bytesOf(parts, turns);
  return { $blob: await store.writeBytes(workspace, run, bytes), size: bytes.length };
}

/**
 * The data of a stored fact with what left for blobs back in place. Throws the fault `value.missing` when a blob is not there any more, or
 * `value.damaged`; with `onLost` that is told instead, and a list of as many things that say nothing stands in its place: what was delivered is
 * still known, so that nothing counts as skipped by it.
 */
export async function bringBack(
  readBlob: (hash: string) => Promise<unknown>,
  { type, data }: { readonly type: string; readonly data: unknown },
  onLost?: (fault: Fault) => void,
): Promise<unknown> {
  const get = async (marker: Marker): Promise<{ value: unknown } | undefined> => {
    try {
      return { value: await readBlob(marker.$blob) };
    } catch (error) {
      if (!onLost || !(error instanceof Fault) || !lostCodes.has(error.code)) throw error;
      onLost(error);
      return undefined;
    }
  };
  const listOf = async (marker: Marker) => {
    const found = await get(marker);
    const count = typeof marker['count'] === 'number' ? marker['count'] : 1;
    return found ? found.value : Array.from({ length: count }, () => []);
  };
  const list = async (any: unknown) => (isMarker(any) ? listOf(any) : any);
  const value = async (any: unknown) => (isMarker(any) ? ((await get(any))?.value ?? null) : any);
  const port = async (any: unknown) => {
    if (!isMarker(any)) return any;
    const { from } = any;
    return { items: await listOf(any), ...(from !== undefined && { from }) };
  };
  return swapLater(type, data, (kind, any) => (kind === 'port' ? port(any) : isOfLists(kind) ? list(any) : value(any)));
}

/** What is kept as a list: records and turns are known by how many there are, too. */
const isOfLists = (kind: PlaceKind): boolean => kind === 'list' || kind === 'records' || kind === 'turns';

/** The value that left for a blob. Throws the fault `value.missing` when it is not there any more, or `value.damaged`. */
export const readJson = async (store: BlobStore, workspace: string, hash: string): Promise<unknown> =>
  parseLong(await readText(store, workspace, hash));

/** The JSON of a value that left for a blob; throws as `readJson` does. */
export async function readText(store: BlobStore, workspace: string, hash: string): Promise<string> {
  const bytes = await store.readBytes(workspace, hash);
  if (bytes) return new TextDecoder().decode(bytes);
  throw new Fault('value.missing', `The value ${hash} is not in the store any more.`, {
    mend: 'Bring it back from a backup of the store, or start the run again.',
  });
}

/** What we wrote, read in turns when it is long; its text is kept, for it is written again wherever the value goes on. */
export async function parseLong(text: string): Promise<unknown> {
  const value = await parseText(text, new Turns());
  if (text.length > atOnceMost) rememberJson(value, text);
  return value;
}

/** Faults that say that a value is proven lost. */
export const lostCodes: ReadonlySet<string> = new Set(['value.missing', 'value.damaged']);

/** What stands in a row for what left it. */
export interface Marker extends Fields {
  readonly $blob: string;
}

/** What the JSON of a fact has in it that holds a marker. */
export const markerWord = '"$blob"';

/** Whether a text of JSON may hold a marker: most facts do not, and are read as they are. */
export const mayHoldMarker = (text: string): boolean => text.includes(markerWord);

export const isMarker = (value: unknown): value is Marker => isFields(value) && typeof value['$blob'] === 'string';

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
