import type { ServerResponse } from 'node:http';
import type { Reply } from '../../flow/facts/fact.ts';
import { sendable, sentType, whyUnsent } from '../../flow/document/answer-headers.ts';
import { isObject } from '../../flow/document/json.ts';
import { readers, sendInPieces } from '../http/readers.ts';
import { isHeavy, jsonBytes } from '../text/known-json.ts';
import { atOnceMost } from '../text/turns.ts';

/** An answer ready to be sent. */
export interface Written {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** Whose part of the room for large answers it takes. */
  readonly workspace?: string;
}

/**
 * What every answer under /hooks and /forms carries: what people's workflows write is shown as a page without scripts and without an origin,
 * and taken for nothing but what it says that it is (SAFETY W8).
 */
const always = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const isName = (name: string) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
const isValue = (value: string) => !/[^\t\x20-\x7e\x80-\xff]/.test(value);

/**
 * The headers of a workflow's answer that may go out, in lower case: those that a list allows, and no type that Heddle's screens could be made to run,
 * unless answers have an address of their own. Said to authors by `checkReply`.
 */
export function safeHeaders(
  headers: Readonly<Record<string, unknown>>,
  { hasOwnAddress = false, isFile = false } = {},
): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = sendable(name, String(value));
    const lower = name.toLowerCase();
    if (whyUnsent(lower, text, hasOwnAddress) !== undefined || !isName(name) || !isValue(text)) continue;
    safe[lower] = lower === 'content-type' ? sentType(text, hasOwnAddress, isFile) : text;
  }
  return safe;
}

const jsonType = 'application/json; charset=utf-8';

/** JSON with a status, and headers of our own. */
export const jsonAnswer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Written => ({
  status,
  headers: { 'content-type': jsonType, ...headers },
  body: JSON.stringify(body) ?? 'null',
});

/** JSON of what a run gave, which may be large. */
export const longAnswer = async (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Written> => ({
  status,
  headers: { 'content-type': jsonType, ...headers },
  body: isHeavy(body) ? await jsonBytes(body) : (JSON.stringify(body) ?? 'null'),
});

/** The answer of a respond node. A file's bytes are `readFile`'s to find. */
export async function replyAnswer(
  reply: Reply,
  readFile: (hash: string) => Promise<Uint8Array | undefined>,
  hasOwnAddress = false,
): Promise<Written> {
  const { status, as, body } = reply;
  const headers = safeHeaders(reply.headers, { hasOwnAddress, isFile: as === 'file' });
  if (as === 'none' || status === 204 || status === 304) return { status, headers, body: undefined };
  if (as === 'json') return longAnswer(status, body, headers);
  if (as === 'text')
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: String(body ?? '') };
  const bytes = isObject(body) && typeof body['$file'] === 'string' ? await readFile(body['$file']) : undefined;
  if (!bytes) return jsonAnswer(500, { error: { code: 'file-gone', message: 'The file is not there any more.' } });
  const name = isObject(body) && typeof body['name'] === 'string' ? body['name'] : 'file';
  const plain = name.replaceAll(/["\\\p{Cc}]/gu, '_');
  const disposition = sendable('content-disposition', `attachment; filename="${plain}"`);
  return { status, headers: { 'content-disposition': disposition, ...headers }, body: bytes };
}

/** Sends it: what is small in one write, what is large as it is taken. Without room for what is large its sender is told to ask again. */
export function writeAnswer(
  response: ServerResponse,
  { status, headers, body, workspace }: Written,
  isHead = false,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = body === undefined ? undefined : typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const large = isHead || body === undefined || length === undefined || length <= atOnceMost ? undefined : body;
  if (large !== undefined && !readers.enter(response, length ?? 0, { workspace }))
    return writeAnswer(response, noRoom());
  response.writeHead(status, {
    ...always,
    ...headers,
    ...(length === undefined
      ? status === 204 || status === 304
        ? {}
        : { 'content-length': 0 }
      : { 'content-length': length }),
  });
  if (large === undefined) response.end(isHead ? undefined : body);
  else void sendInPieces(response, typeof large === 'string' ? Buffer.from(large) : large);
}

/** What was asked for is done; only its answer finds no room. */
const noRoom = (): Written =>
  jsonAnswer(
    503,
    {
      error: { code: 'answers-full', message: 'It is done, and its answer finds no room: too many readers are slow.' },
    },
    { 'retry-after': '10' },
  );
