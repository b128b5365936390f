import { createHash } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import * as z from 'zod';
import { Fault } from '../../flow/facts/faults.ts';
import { Turns } from '../text/turns.ts';
import { codecs, pack, unpacked } from './packing.ts';
import type { Codec } from './packing.ts';
import type { Shelf, ShelfBytes } from './shelf.ts';
import type { Spooled } from './spool.ts';

/** Bytes by the hash of their content, a workspace each: the same bytes are kept once, and one workspace never reads another's. */
export interface BlobStore {
  /** The hash (sha-256, base64url) under which the bytes are durable when it resolves. `run` may name them from now on. */
  writeBytes(workspace: string, run: string, bytes: Uint8Array): Promise<string>;
  /** The same of what is on the disk, without reading more than pieces of it. */
  writeSpooled(workspace: string, run: string, spooled: Spooled): Promise<string>;
  /** Undefined when the workspace has nothing of that hash. Throws the fault `value.damaged` when what is kept is not what was written. */
  readBytes(workspace: string, hash: string): Promise<Uint8Array | undefined>;
  /** What was written for a run that did not begin is nobody's any more, soon: it goes with the next round of retention. */
  letGo(run: string): void;
}

const chunkBytes = 1_000_000;
type BlobUse = readonly [workspace: string, hash: string, run: string];

interface Packed {
  readonly codec: Codec;
  /** Of what was packed. */
  readonly size: number;
  readonly bytes: Uint8Array | ShelfBytes;
}

/** Packs something in the way that is asked for, or in the best. */
type Pack = (wanted?: Codec) => Promise<Packed>;

/**
 * The store of large values (E19): which there are and who names them is in Postgres; the bytes, compressed, stand there as well, in rows of 1 MB,
 * or on a shelf. A blob of no chunks is one on a shelf, so what was written before a shelf was set is still read.
 */
export function openBlobs(engine: Sql, shelf?: Shelf): BlobStore {
  const loose = new LooseRefs(engine);
  return {
    async writeBytes(workspace, run, bytes) {
      const hash = await hashOf(bytes);
      const packed: Pack = async (wanted) => ({ ...(await pack(bytes, wanted)), size: bytes.length });
      await keep(engine, shelf, [workspace, hash, run], packed);
      return hash;
    },
    async writeSpooled(workspace, run, spooled) {
      const { hash, size } = spooled;
      const packed: Pack = async (codec = spooled.codec) => ({ codec, size, bytes: spooled.bytes(codec) });
      await keep(engine, shelf, [workspace, hash, run], packed);
      return hash;
    },
    async readBytes(workspace, hash) {
      const found = await read(engine, workspace, hash);
      if (!found) return undefined;
      if (found.bytes === null && !shelf) throw elsewhere();
      const bytes = found.bytes ?? (await shelf?.get({ workspace, hash }));
      return bytes && unpack({ ...found, bytes }, hash);
    },
    letGo: (run) => loose.add(run),
  };
}

/** References of runs that did not begin. They go by one statement at a time, however many repeats of a call come. */
class LooseRefs {
  private readonly engine: Sql;
  private runs: string[] = [];
  private going: Promise<void> | undefined;

  constructor(engine: Sql) {
    this.engine = engine;
  }

  add(run: string): void {
    this.runs.push(run);
    this.going ??= this.drop();
  }

  private async drop(): Promise<void> {
    while (this.runs.length > 0) {
      const runs = this.runs;
      this.runs = [];
      // What stays by a database that is away goes in some days (`forgetLoose`).
      await this.engine`
        delete from blob_refs f where run = any(${runs}::text[]) and not exists (select from runs r where r.id = f.run)
          and not exists (select from pending_events p where p.run = f.run)`.catch(() => undefined);
    }
    this.going = undefined;
  }
}

/** What a run may name is kept from now on, packed only where it is not kept yet. */
async function keep(engine: Sql, shelf: Shelf | undefined, place: BlobUse, packed: Pack): Promise<void> {
  const known = await refer(engine, place);
  if (known && known.chunks > 0) return;
  if (shelf) await putOnShelf(engine, shelf, { place, packed, known });
  else await write(engine, place, await packed(known?.codec));
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

/** Nothing passes that is not, bit by bit, what was written: a disk or a bucket is not ours alone. */
async function unpack({ codec, size, bytes }: Packed & { bytes: Uint8Array }, hash: string): Promise<Uint8Array> {
  const whole = await unpacked(bytes, codec, size);
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
  { place, packed: packedAs, known }: { place: BlobUse; packed: Pack; known: Known | undefined },
): Promise<void> {
  const [workspace, hash, run] = place;
  const at = { workspace, hash };
  if (known && (await shelf.has(at))) return;
  const packed = await packedAs(known?.codec);
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

/**
 * Chunks, their head and the reference in one transaction: a reader sees all of it or nothing. Who was quicker may have packed the same otherwise, and into
 * fewer chunks: then none is added to theirs.
 */
async function write(engine: Sql, [workspace, hash, run]: BlobUse, { codec, size, bytes }: Packed): Promise<void> {
  const count = Math.max(1, Math.ceil((bytes instanceof Uint8Array ? bytes.length : bytes.size) / chunkBytes));
  const head = (tx: TransactionSql) => tx`
      insert into blobs (workspace_id, hash, size, codec, chunks) values (${workspace}, ${hash}, ${size}, ${codec}, ${count})
      on conflict do nothing`;
  const chunk = (tx: TransactionSql, n: number, part: Uint8Array) => tx`
      insert into blob_chunks (workspace_id, hash, n, bytes)
      select ${workspace}, ${hash}, ${n}::int, ${Buffer.from(part.buffer, part.byteOffset, part.byteLength)}::bytea
      from blobs where workspace_id = ${workspace} and hash = ${hash} and (chunks = 0 or chunks > ${n}::int)
      on conflict do nothing`;
  const reference = (tx: TransactionSql) =>
    tx`insert into blob_refs (workspace_id, hash, run) values (${workspace}, ${hash}, ${run}) on conflict do nothing`;
  const chunks = bytes instanceof Uint8Array ? slices(bytes, chunkBytes) : regrouped(bytes.read(), chunkBytes);
  if (count <= sentAtOnce) {
    const parts: Uint8Array[] = [];
    for await (const part of chunks) parts.push(part);
    await engine.begin((tx) => [head(tx), ...parts.map((part, n) => chunk(tx, n, part)), reference(tx)]);
  } else
    await engine.begin(async (tx) => {
      await head(tx);
      let n = 0;
      for await (const part of chunks) await chunk(tx, n++, part);
      await reference(tx);
    });
}

/** At least one, of no bytes where there are none. */
function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from === 0 || from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** The same bytes in chunks of one size; the last is what is left, and there is at least one. */
async function* regrouped(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  let isFirst = true;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    isFirst = false;
    const whole = Buffer.concat(held);
    let from = 0;
    for (; length - from >= size; from += size) yield whole.subarray(from, from + size);
    held = [whole.subarray(from)];
    length -= from;
  }
  if (length > 0 || isFirst) yield Buffer.concat(held);
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
