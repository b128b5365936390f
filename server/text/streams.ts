import { pipeline, Readable } from 'node:stream';
import type { Duplex } from 'node:stream';
import { Gathered } from './gathered.ts';

/** Chunks on their way through something that packs or unpacks them. What breaks before it comes out as it is; who stops reading ends all of it. */
export const through = (chunks: AsyncIterable<Uint8Array>, way: Duplex): AsyncIterable<Uint8Array> =>
  // What breaks is told to the last one, and so to who reads it.
  pipeline(chunks instanceof Readable ? chunks : Readable.from(chunks, { objectMode: false }), way, () => {});

/** The first bytes of what comes, so many where there are, and all of it with them. */
export async function peek(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): Promise<{ readonly head: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const gathered = new Gathered(size);
  while (gathered.size < size) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    gathered.add(value);
  }
  const head = gathered.bytes;
  return { head, all: again(head, iterator) };
}

async function* again(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
