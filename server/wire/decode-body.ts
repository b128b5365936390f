import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { RawReply } from './exchange.ts';
import { doneByStatus, HttpFault } from './http-fault.ts';

/** What we say that we can read. */
export const acceptEncoding = 'gzip, deflate, br, zstd';

type Decode = (data: Uint8Array, limits: { maxOutputLength: number }) => Promise<Uint8Array>;

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
  // RFC 9110 8.4.1.2 says zlib; some servers send raw deflate. A zlib header has 8 in the low half of its first byte.
  [
    'deflate',
    (data, limits) =>
      ((data[0] ?? 0) & 15) === 8 ? promisify(inflate)(data, limits) : promisify(inflateRaw)(data, limits),
  ],
]);

/** A body may be encoded twice at most: each layer multiplies what a bomb can cost. */
const layersAtMost = 2;

/**
 * The body without its content encoding, of at most `maxBytes`: 48 kB of gzip can unfold to 50 MB, so the cap holds inside the decoder.
 * An encoding that we do not know is left as it is, for it may be meant for whoever reads the bytes.
 */
export async function decodeBody(reply: RawReply, host: string, maxBytes: number): Promise<Uint8Array> {
  const layers = String(reply.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (reply.body.byteLength === 0 || layers.length === 0 || !layers.every((name) => decoders.has(name)))
    return reply.body;
  if (layers.length > layersAtMost)
    throw undecodable(reply, host, new Error(`${layers.length} layers of content encoding`));
  let body = reply.body;
  for (const name of layers.toReversed()) body = await decodeLayer(name, body, reply, host, maxBytes);
  return body;
}

async function decodeLayer(
  name: string,
  body: Uint8Array,
  reply: RawReply,
  host: string,
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    return own((await decoders.get(name)?.(body, { maxOutputLength: maxBytes })) ?? body);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new HttpFault(
        'http.too-large',
        `${host} answers with more than the ${maxBytes} bytes that are accepted.`,
        doneByStatus(reply.status),
        { cause: error },
      );
    }
    if (code === 'Z_BUF_ERROR') {
      throw new HttpFault('http.truncated', `${host} broke off in the middle of its answer.`, 'unknown', {
        cause: error,
      });
    }
    throw undecodable(reply, host, error);
  }
}

/** Bytes that share no pool with others, as a plain Uint8Array. */
const own = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes);

function undecodable(reply: RawReply, host: string, cause: unknown): HttpFault {
  return new HttpFault(
    'http.undecodable',
    `${host} sent a body that does not fit its content encoding.`,
    doneByStatus(reply.status),
    { cause },
  );
}
