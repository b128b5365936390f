import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Sql, TransactionSql } from 'postgres';
import * as z from 'zod';
import { Fault } from '../../flow/facts/faults.ts';
import { Turns } from '../text/turns.ts';
import type { Shelf } from './shelf.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Bytes by the hash of their content, a workspace each: the same bytes are kept once, and one workspace never reads another's. */
export interface BlobStore {
  /** The hash (sha-256, base64url) under which the bytes are durable when it resolves. `run` may name them from now on. */
  writeBytes(workspace: string, run: string, bytes: Uint8Array): Promise<string>;
  /** Undefined when the workspace has nothing of that hash. Throws the fault `value.damaged` when what is kept is not what was written. */
  readBytes(workspace: string, hash: string): Promise<Uint8Array | undefined>;
}

const chunkBytes = 1_000_000;
/** Shorter than this, or hardly compressible, is kept as it is. */
const worthIt = 0.9;
/**
 * Level 1: 0.7 MB of records goes to 17 % in 3.1 ms, level 3 to 18 % in 4.6 ms, gzip 1 to 21 % in 4.6 ms; back takes 3 ms (bench/blobs.ts).
 */
const level = 1;

const codecs = z.enum(['zstd', 'none']);
type Codec = z.infer<typeof codecs>;
type BlobUse = readonly [workspace: string, hash: string, run: string];

interface Packed {
  readonly codec: Codec;
  /** Of what was packed. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

/**
 * The store of large values (E19): which there are and who names them is in Postgres; the bytes, compressed, stand there as well, in rows of 1 MB,
 * or on a shelf. A blob of no chunks is one on a shelf, so what was written before a shelf was set is still read.
 */
export function openBlobs(engine: Sql, shelf?: Shelf): BlobStore {
  return {
    async writeBytes(workspace, run, bytes) {
      const hash = await hashOf(bytes);
      const place = [workspace, hash, run] as const;
      const known = await refer(engine, place);
      if (known && known.chunks > 0) return hash;
      if (shelf) await putOnShelf(engine, shelf, { place, bytes, known });
      else await write(engine, place, await pack(bytes, known?.codec));
      return hash;
    },
    async readBytes(workspace, hash) {
      const found = await read(engine, workspace, hash);
      if (!found) return undefined;
      if (found.bytes === null && !shelf) throw elsewhere();
      const bytes = found.bytes ?? (await shelf?.get({ workspace, hash }));
      return bytes && unpack({ ...found, bytes }, hash);
    },
  };
}

/** A megabyte takes a millisecond. */
const hashedAtOnce = 1024 * 1024;

/** The name of a large value: the hash of its bytes, in turns. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  const turns = new Turns();
  for (let from = 0; from < bytes.length; from += hashedAtOnce) {
    hash.update(bytes.subarray(from, from + hashedAtOnce));
    await turns.taken();
  }
  return hash.digest('base64url');
}

async function pack(bytes: Uint8Array, wanted?: Codec): Promise<Packed> {
  const size = bytes.length;
  if (wanted === 'none') return { codec: 'none', size, bytes };
  const packed = await compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } });
  return wanted === 'zstd' || packed.length < size * worthIt
    ? { codec: 'zstd', size, bytes: packed }
    : { codec: 'none', size, bytes };
}

/** Nothing passes that is not, bit by bit, what was written: a disk or a bucket is not ours alone. */
async function unpack({ codec, size, bytes }: Packed, hash: string): Promise<Uint8Array> {
  const whole =
    codec === 'none'
      ? bytes
      : await decompress(bytes, { maxOutputLength: Math.max(1, size) }).catch(() => new Uint8Array());
  if ((await hashOf(whole)) === hash) return whole;
  throw new Fault('value.damaged', `What is kept as the value ${hash} is not what was written.`, {
    mend: 'Bring it back from a backup of the store, or retry the run from a step before it.',
  });
}

const elsewhere = () =>
  new Fault('store.away', 'A large value is kept outside Postgres, and this process was not told where.', {
    mend: 'Set HEDDLE_BLOBS as it was when the value was written.',
  });

/**
 * The row and its reference come first, so that nothing is ever on the shelf of which no row tells and which nobody would take away; that a row
 * is there is therefore no promise that the bytes are, and they are looked for each time. What was lost is whole again once it is written again.
 */
async function putOnShelf(
  engine: Sql,
  shelf: Shelf,
  { place, bytes, known }: { place: BlobUse; bytes: Uint8Array; known: Known | undefined },
): Promise<void> {
  const [workspace, hash, run] = place;
  const at = { workspace, hash };
  if (known && (await shelf.has(at))) return;
  const packed = await pack(bytes, known?.codec);
  if (!known)
    await engine.begin((tx) => [
      tx`
        insert into blobs (workspace_id, hash, size, codec, chunks)
        values (${workspace}, ${hash}, ${packed.size}, ${packed.codec}, 0) on conflict do nothing`,
      tx`insert into blob_refs (workspace_id, hash, run) values (${workspace}, ${hash}, ${run}) on conflict do nothing`,
    ]);
  await shelf.put(at, packed.bytes);
}

const Known = z.object({ codec: codecs, chunks: z.number() });
type Known = z.infer<typeof Known>;

/** Notes that a run may name a blob; undefined when the workspace has no such blob. */
async function refer(engine: Sql, [workspace, hash, run]: BlobUse): Promise<Known | undefined> {
  const [row] = await engine`
    with known as (
      select codec, chunks from blobs where workspace_id = ${workspace} and hash = ${hash} for key share),
    referred as (
      insert into blob_refs (workspace_id, hash, run) select ${workspace}, ${hash}, ${run} from known on conflict do nothing)
    select codec, chunks from known`;
  return row && Known.parse(row);
}

/** So many chunks are sent without waiting for each other; what is longer would hold the event loop while it is written down. */
const sentAtOnce = 4;

/** Chunks, their head and the reference in one transaction: a reader sees all of it or nothing. */
async function write(engine: Sql, [workspace, hash, run]: BlobUse, { codec, size, bytes }: Packed): Promise<void> {
  const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  const head = (tx: TransactionSql) => tx`
      insert into blobs (workspace_id, hash, size, codec, chunks) values (${workspace}, ${hash}, ${size}, ${codec}, ${chunks})
      on conflict do nothing`;
  const chunk = (tx: TransactionSql, n: number) => {
    const from = bytes.byteOffset + n * chunkBytes;
    const part = Buffer.from(bytes.buffer, from, Math.min(chunkBytes, bytes.length - n * chunkBytes));
    return tx`
        insert into blob_chunks (workspace_id, hash, n, bytes) values (${workspace}, ${hash}, ${n}, ${part})
        on conflict do nothing`;
  };
  const reference = (tx: TransactionSql) =>
    tx`insert into blob_refs (workspace_id, hash, run) values (${workspace}, ${hash}, ${run}) on conflict do nothing`;
  if (chunks <= sentAtOnce) {
    const numbers = Array.from({ length: chunks }, (_, n) => n);
    await engine.begin((tx) => [head(tx), ...numbers.map((n) => chunk(tx, n)), reference(tx)]);
  } else
    await engine.begin(async (tx) => {
      await head(tx);
      for (let n = 0; n < chunks; n++) await chunk(tx, n);
      await reference(tx);
    });
}

const Found = z.object({
  codec: codecs,
  size: z.number(),
  /** None of what stands on a shelf. */
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable(),
});

async function read(engine: Sql, workspace: string, hash: string): Promise<z.infer<typeof Found> | undefined> {
  const [row] = await engine`
    select codec, size, (
      select string_agg(bytes, ''::bytea order by n) from blob_chunks c where c.workspace_id = b.workspace_id and c.hash = b.hash) as bytes
    from blobs b where workspace_id = ${workspace} and hash = ${hash}`;
  return row && Found.parse(row);
}
