import { Fault } from '../../flow/facts/faults.ts';
import type { Stored } from './append-rows.ts';
import type { BlobStore } from './blobs.ts';
import type { Append } from './flusher.ts';

/** Values whose JSON is longer leave the row (E19). */
export const largeFrom = 65_536;
/** A list so long is looked at before its fact is turned into text, so that a large one is turned into text once. */
const many = 200;

type Swap = (value: unknown) => Promise<unknown> | unknown;
type Fields = Readonly<Record<string, unknown>>;

/**
 * The places of facts where values of any size stand. `list` gets lists of items, `port` what a port delivered, `value` what may be any JSON.
 * A marker `{ $blob, size }` stands for a list or a value that left; what a person's data looks like cannot be taken for one, because lists
 * are never objects and a value that looks like a marker leaves as well.
 */
async function swapPlaces(
  type: string,
  data: unknown,
  swap: { list: Swap; port: Swap; value: Swap },
): Promise<unknown> {
  if (!isFields(data)) return data;
  const field = async (name: string, how: Swap) =>
    data[name] === undefined ? data : { ...data, [name]: await how(data[name]) };
  const fields = async (hows: Readonly<Record<string, Swap>>) => ({
    ...data,
    ...Object.fromEntries(
      await Promise.all(
        Object.entries(hows).flatMap(([name, how]) =>
          data[name] === undefined
            ? []
            : [Promise.resolve(how(data[name])).then((swapped) => [name, swapped] as const)],
        ),
      ),
    ),
  });
  switch (type) {
    case 'run.started':
      return fields({
        input: swap.port,
        pins: (pins) => eachOf(pins, (ports) => eachOf(ports, swap.list)),
        document: swap.value,
      });
    case 'stage.finished':
      return fields({
        nodes: (nodes) => Promise.all(listOf(nodes).map((node) => swapNode(node, swap))),
        kept: swap.list,
      });
    case 'step.failed':
      return fields({ counts: swap.value, kept: swap.list });
    case 'step.answered':
      return field('out', (ports) => eachOf(ports, swap.list));
    case 'call.answered':
      return field('value', swap.value);
    case 'doubt.answered':
      return field('output', swap.value);
    case 'loop.progressed':
      return fields({ back: swap.list, counts: swap.value, kept: swap.list });
    case 'run.replied':
      return field('reply', async (reply) =>
        isFields(reply) && reply['body'] !== undefined ? { ...reply, body: await swap.value(reply['body']) } : reply,
      );
    case 'run.finished':
      return field('output', swap.list);
    default:
      return data;
  }
}

const swapNode = async (node: unknown, { port, list }: { port: Swap; list: Swap }) =>
  isFields(node)
    ? {
        ...node,
        out: await eachOf(node['out'], port),
        ...(node['turns'] === undefined ? {} : { turns: await list(node['turns']) }),
      }
    : node;

async function eachOf(value: unknown, swap: Swap): Promise<unknown> {
  if (!isFields(value)) return value;
  const entries = await Promise.all(Object.entries(value).map(async ([key, one]) => [key, await swap(one)] as const));
  return Object.fromEntries(entries);
}

/** Whether an append holds a list long enough to be worth a look. */
export function holdsMany({ facts, start }: Append): boolean {
  const event = start?.event?.data;
  if (Array.isArray(event) && event.length > many) return true;
  return facts.some(({ type, data }) => {
    if (type === 'stage.finished')
      return (
        data.kept !== undefined ||
        data.nodes.some(({ out }) => Object.values(out).some((port) => 'items' in port && port.items.length > many))
      );
    if (type === 'run.finished') return data.output.length > many;
    return type === 'run.started' && 'items' in data.input && data.input.items.length > many;
  });
}

/** What is stored of an append once its large values are in the store, durable before the facts that name them. */
export async function moveLarge(store: BlobStore, { workspace, run, facts, start }: Append): Promise<Stored> {
  let moved = 0;
  const put = async (text: string, rest: Fields = {}) => {
    const bytes = new TextEncoder().encode(text);
    moved += bytes.length;
    return { $blob: await store.writeBytes(workspace, run, bytes), size: bytes.length, ...rest };
  };
  const list = async (value: unknown) => {
    const text = JSON.stringify(value);
    return text.length > largeFrom ? put(text, { count: listOf(value).length }) : value;
  };
  const value = async (any: unknown) => {
    const text = JSON.stringify(any) ?? 'null';
    return text.length > largeFrom || isMarker(any) ? put(text) : any;
  };
  const port = async (any: unknown) => {
    if (!isFields(any) || !Array.isArray(any['items'])) return any;
    const { items, ...rest } = any;
    const stored = await list(items);
    return stored === items ? any : { ...(isFields(stored) ? stored : {}), ...rest };
  };
  const stored = {
    facts: await Promise.all(
      facts.map(async ({ type, at, data }) => ({
        type,
        at,
        data: await swapPlaces(type, data, { list, port, value }),
      })),
    ),
    event: start?.event?.data === undefined ? undefined : await value(start.event.data),
  };
  return { ...stored, moved };
}

/**
 * The data of a stored fact with what left for blobs back in place. Throws the fault `value.missing` when a blob is not there any more, or
 * `value.damaged`; with `onLost` that is told instead, and a list of as many things that say nothing stands in its place: what was delivered is
 * still known, so that nothing counts as skipped by it.
 */
export async function bringBack(
  store: BlobStore,
  workspace: string,
  { type, data }: { readonly type: string; readonly data: unknown },
  onLost?: (fault: Fault) => void,
): Promise<unknown> {
  const get = async (marker: Marker): Promise<{ value: unknown } | undefined> => {
    try {
      const bytes = await store.readBytes(workspace, marker.$blob);
      if (bytes) return { value: JSON.parse(new TextDecoder().decode(bytes)) };
      throw new Fault('value.missing', `The value ${marker.$blob} of a ${type} is not in the store any more.`, {
        mend: 'Bring it back from a backup of the store, or start the run again.',
      });
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
  return swapPlaces(type, data, { list, port, value });
}

const lostCodes = new Set(['value.missing', 'value.damaged']);

interface Marker extends Fields {
  readonly $blob: string;
}

/** Whether a text of JSON may hold a marker: most facts do not, and are read as they are. */
export const mayHoldMarker = (text: string): boolean => text.includes('"$blob"');

const isMarker = (value: unknown): value is Marker => isFields(value) && typeof value['$blob'] === 'string';

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
