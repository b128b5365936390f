import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { through } from '../text/streams.ts';
import { inFolder } from './folder-fault.ts';
import { packing } from './packing.ts';
import type { Codec } from './packing.ts';
import type { ShelfBytes } from './shelf.ts';

/** Bytes that came from outside and wait on this machine's disk to be stored. Dispose of it when they are, or when nobody wants them. */
export interface Spooled extends AsyncDisposable {
  /** The sha-256 of the bytes, in base64url. */
  readonly hash: string;
  readonly size: number;
  /** How they are best kept. */
  readonly codec: Codec;
  /** They themselves, or packed, as often as they are wanted. */
  bytes(codec: Codec): ShelfBytes;
}

const chunkSize = 64 * 1024;

/**
 * Writes down what comes, packed, without ever holding more than some pieces of it. The file has no name from the moment on that it is there: whatever
 * becomes of this process, nothing is left of it. Throws the fault `store.away` when the disk does not take it, and what the chunks throw.
 */
export async function spool(folder: string, chunks: AsyncIterable<Uint8Array>): Promise<Spooled> {
  const guarded = <Value>(work: () => Promise<Value>) => inFolder(folder, 'where files are while they come', work);
  const handle = await guarded(() => openNameless(folder));
  try {
    const whole = createHash('sha256');
    const packed = createHash('sha256');
    const sizes = { whole: 0, packed: 0 };
    const counted = async function* () {
      for await (const chunk of chunks) {
        whole.update(chunk);
        sizes.whole += chunk.length;
        yield chunk;
      }
    };
    for await (const part of through(counted(), createZstdCompress({ ...packing, chunkSize }))) {
      packed.update(part);
      await guarded(() => handle.writeFile(part));
      sizes.packed += part.length;
    }
    return spooled(handle, sizes, { whole: whole.digest(), packed: packed.digest() });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Names do not tell: another process may have the same folder. */
async function openNameless(folder: string): Promise<FileHandle> {
  const file = path.join(folder, randomUUID());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(file, 'wx+', 0o600);
  try {
    await rm(file);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

type Pair<Value> = Readonly<Record<'whole' | 'packed', Value>>;

function spooled(handle: FileHandle, sizes: Pair<number>, hashes: Pair<Buffer>): Spooled {
  const packed = () => readFrom(handle, sizes.packed);
  return {
    hash: hashes.whole.toString('base64url'),
    size: sizes.whole,
    codec: packing.isWorthIt(sizes.packed, sizes.whole) ? 'zstd' : 'none',
    bytes: (codec) =>
      codec === 'zstd'
        ? { size: sizes.packed, sha256: hashes.packed.toString('hex'), read: packed }
        : {
            size: sizes.whole,
            sha256: hashes.whole.toString('hex'),
            read: () => through(packed(), createZstdDecompress({ chunkSize })),
          },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function* readFrom(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size;) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, at);
    if (bytesRead === 0) throw new Error('a file without a name was cut off');
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
