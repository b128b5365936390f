import type { Readable } from 'node:stream';
import { beginsBinary, mayBeText } from '../text/decode-text.ts';
import { peek } from '../text/streams.ts';
import { kindOf, limitOfFile } from './answer-size.ts';
import type { AnswerFile, AnswerSizes } from './answer-size.ts';
import { decodeStream } from './decode-body.ts';
import type { AnswerRoom, Entered, StreamedReply } from './exchange.ts';
import { tooLarge } from './http-fault.ts';

/** What an answer that is read as it comes has in memory: what was taken ahead, decoders, what is on its way to the disk. */
const inMemory = 1024 * 1024;

/** Where an answer comes from, how large it may be, and where it is meanwhile. */
interface Surroundings {
  readonly host: string;
  readonly sizes: AnswerSizes;
  readonly room: AnswerRoom;
}

/**
 * Gives an answer on as a file while it comes, or its bytes when it is small, or turns out to be text, as far as that shows:
 *
 *     few bytes ─────────────────────────────────────────> bytes
 *     said to be a file, or begins like one ─────────────> file
 *     neither ── held to the end, or to the most of text ─> bytes, or a file when it began like one, or `http.too-large`
 */
export async function fileOrBytes(
  reply: StreamedReply,
  file: AnswerFile | undefined,
  { host, sizes, room }: Surroundings,
): Promise<Uint8Array> {
  let letGo = () => {};
  /** What it had is given back first, so that nobody waits in a circle. */
  const enter = async (bytes: number) => {
    letGo();
    ({ letGo } = await entered(room, bytes, reply.stream));
  };
  using end = new DisposableStack();
  end.defer(() => letGo());
  end.defer(() => void reply.stream.destroy());
  const few = Math.min(room.free, sizes.maxBytes);
  const { head, all } = await peek(decodeStream(reply, host, limitOfFile(sizes)), few + 1);
  if (head.length <= few) return new Uint8Array(head);
  await enter(inMemory);
  if (file?.becomes === 'file' || kindOf(reply.headers) === 'binary' || !mayBeText(head)) return await kept(file, all);
  await enter(sizes.maxBytes);
  const long = await peek(all, sizes.maxBytes + 1);
  if (long.head.length <= sizes.maxBytes) return new Uint8Array(long.head);
  if (beginsBinary(long.head)) return await kept(file, long.all);
  throw tooLarge(host, { bytes: sizes.maxBytes }, reply.status);
}

async function kept(file: AnswerFile | undefined, all: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  await file?.into(all);
  return new Uint8Array();
}

/** Who waits for room is told at once when the exchange ends, and leaves nothing behind. */
async function entered(room: AnswerRoom, bytes: number, stream: Readable): Promise<Entered> {
  const entering = room.enter({ bytes, isAll: true, most: bytes });
  const { promise: ended, reject } = Promise.withResolvers<never>();
  stream.once('error', reject);
  if (stream.errored) reject(stream.errored);
  try {
    return await Promise.race([entering, ended]);
  } catch (error) {
    void entering.then(({ letGo }) => letGo());
    throw error;
  } finally {
    stream.off('error', reject);
  }
}
