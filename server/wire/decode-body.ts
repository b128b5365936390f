import { promisify } from 'node:util';
import type { Duplex } from 'node:stream';
import {
  brotliDecompress,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzip,
  inflate,
  inflateRaw,
  zstdDecompress,
} from 'node:zlib';
import { peek, through } from '../text/streams.ts';
import type { AnswerLimit, RawReply, ReplyHead, StreamedReply } from './exchange.ts';
import { doneByStatus, HttpFault, tooLarge } from './http-fault.ts';

/** What we say that we can read. */
export const acceptEncoding = 'gzip, deflate, br, zstd';

/** How an encoding is taken off: of bytes that are there, and of those that come, of which the first is known. */
interface Encoding {
  readonly whole: (data: Uint8Array, limits: { maxOutputLength: number }) => Promise<Uint8Array>;
  readonly inPieces: (head: Uint8Array) => Duplex;
}

const pieces = { chunkSize: 64 * 1024 };
/** A window of 8 MB, which is the most that the content encoding may ask for (RFC 9659): the format itself allows gigabytes. */
const zstd = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };
const unzstd = promisify(zstdDecompress);
const [unzip, unzlib, unraw] = [promisify(gunzip), promisify(inflate), promisify(inflateRaw)];
/** RFC 9110 8.4.1.2 says zlib; some servers send raw deflate. A zlib header has 8 in the low half of its first byte. */
const isZlib = ([first = 0]: Uint8Array): boolean => (first & 15) === 8;

const gzip: Encoding = { whole: unzip, inPieces: () => createGunzip(pieces) };
const encodings: ReadonlyMap<string, Encoding> = new Map<string, Encoding>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['br', { whole: promisify(brotliDecompress), inPieces: () => createBrotliDecompress(pieces) }],
  [
    'zstd',
    {
      whole: (data, limits) => unzstd(data, { ...zstd, ...limits }),
      inPieces: () => createZstdDecompress({ ...pieces, ...zstd }),
    },
  ],
  [
    'deflate',
    {
      whole: (data, limits) => (isZlib(data) ? unzlib : unraw)(data, limits),
      inPieces: (head) => (isZlib(head) ? createInflate(pieces) : createInflateRaw(pieces)),
    },
  ],
]);

/** A body may be encoded twice at most: each layer multiplies what a bomb can cost. */
const layersAtMost = 2;

/**
 * The body without its content encoding, of at most `maxBytes`: 48 kB of gzip can unfold to 50 MB, so the cap holds inside the decoder.
 * An encoding that we do not know is left as it is, for it may be meant for whoever reads the bytes.
 */
export async function decodeBody(reply: RawReply, host: string, most: AnswerLimit): Promise<Uint8Array> {
  let { body } = reply;
  if (body.byteLength === 0) return body;
  for (const { whole } of layersOf(reply, host)) body = await decodeLayer(whole, body, { reply, host, most });
  return body;
}

/**
 * The same of a body that is read as it comes, in pieces: never more of it is there than who reads it takes, so that a bomb is cut off where
 * it becomes too large.
 */
export async function* decodeStream(reply: StreamedReply, host: string, most: AnswerLimit): AsyncGenerator<Uint8Array> {
  let { head, all } = await peek(reply.stream, 1);
  if (head.length > 0)
    for (const { inPieces } of layersOf(reply, host))
      ({ head, all } = await peek(counted(through(all, inPieces(head)), { reply, host, most }), 1));
  yield* all;
}

/** Encodings that are to be taken off, the last first. */
function layersOf(reply: ReplyHead, host: string): Encoding[] {
  const names = String(reply.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const layers = names.flatMap((name) => encodings.get(name) ?? []);
  if (layers.length < names.length) return [];
  if (layers.length > layersAtMost)
    throw undecodable(reply, host, new Error(`${layers.length} layers of content encoding`));
  return layers.toReversed();
}

/** An answer that is decoded. */
interface Decoding {
  readonly reply: ReplyHead;
  readonly host: string;
  readonly most: AnswerLimit;
}

/** Pieces that came out of a decoder, counted. */
async function* counted(pieces: AsyncIterable<Uint8Array>, decoding: Decoding): AsyncGenerator<Uint8Array> {
  const { reply, host, most } = decoding;
  let size = 0;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > most.bytes) throw tooLarge(host, most, reply.status);
      yield piece;
    }
  } catch (error) {
    throw error instanceof HttpFault ? error : misfit(error, decoding);
  }
}

async function decodeLayer(decode: Encoding['whole'], body: Uint8Array, decoding: Decoding): Promise<Uint8Array> {
  try {
    return own(await decode(body, { maxOutputLength: decoding.most.bytes }));
  } catch (error) {
    throw misfit(error, decoding);
  }
}

/** The fault that an error of a decoder stands for. */
function misfit(error: unknown, { reply, host, most }: Decoding): HttpFault {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(host, most, reply.status, error);
  if (code !== 'Z_BUF_ERROR') return undecodable(reply, host, error);
  return new HttpFault('http.truncated', `${host} broke off in the middle of its answer.`, 'unknown', { cause: error });
}

/** Bytes that share no pool with others, as a plain Uint8Array. */
const own = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes);

function undecodable(reply: ReplyHead, host: string, cause: unknown): HttpFault {
  return new HttpFault(
    'http.undecodable',
    `${host} sent a body that does not fit its content encoding.`,
    doneByStatus(reply.status),
    { cause },
  );
}
