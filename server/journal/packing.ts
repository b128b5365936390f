import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import * as z from 'zod';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** How bytes are kept: packed, or as they are. */
export const codecs = z.enum(['zstd', 'none']);
export type Codec = z.infer<typeof codecs>;

/** Hardly compressible is kept as it is. */
const worthIt = 0.9;
/**
 * Level 1: 0.7 MB of records goes to 17 % in 3.1 ms, level 3 to 18 % in 4.6 ms, gzip 1 to 21 % in 4.6 ms; back takes 3 ms (bench/blobs.ts).
 */
const level = 1;

/** How all that is large is packed, in one go or as it comes. */
export const packing = {
  params: { [constants.ZSTD_c_compressionLevel]: level },
  isWorthIt: (packed: number, whole: number): boolean => packed < whole * worthIt,
};

/** The bytes as they are best kept, or as something else says that they are. */
export async function pack(bytes: Uint8Array, wanted?: Codec): Promise<{ codec: Codec; bytes: Uint8Array }> {
  if (wanted === 'none') return { codec: 'none', bytes };
  const packed = await compress(bytes, { params: packing.params });
  return wanted === 'zstd' || packing.isWorthIt(packed.length, bytes.length)
    ? { codec: 'zstd', bytes: packed }
    : { codec: 'none', bytes };
}

/** What was packed; nothing when it cannot be read. */
export const unpacked = (bytes: Uint8Array, codec: Codec, size: number): Promise<Uint8Array> | Uint8Array =>
  codec === 'none' ? bytes : decompress(bytes, { maxOutputLength: Math.max(1, size) }).catch(() => new Uint8Array());
