import { Fault } from '../../flow/facts/faults.ts';
import { parseExactJson, parseJsonSaying } from '../../flow/values/exact-json.ts';
import type { FilePower, HttpReply, HttpRequest } from '../kit/powers.ts';
import { withoutQuery } from './reply-fault.ts';

/** As what an answer is taken; left out, as what it is. */
export type AnswerAs = 'json' | 'text' | 'file' | 'full' | undefined;

/** What reading an answer needs beside it. Powers are asked for only where they are used. */
export interface AnswerReading {
  readonly as: AnswerAs;
  /** The name of an encoding, or `auto`. */
  readonly encoding: string;
  readonly file: () => FilePower;
  readonly warn: (sentence: string) => void;
}

/** What becomes of an answer that is taken so: a file may be larger than what is read. */
export const becomesOf = (as: AnswerAs): HttpRequest['becomes'] =>
  as === 'file' ? 'file' : as === 'json' || as === 'text' ? undefined : 'file-unless-text';

/** The items of an answer: JSON, text, or a file where it is neither (a picture, an archive). */
export async function answerOf(reply: HttpReply, reading: AnswerReading): Promise<unknown> {
  const { as, encoding, file, warn } = reading;
  if (as === 'text') return reply.text(encoding);
  if (as === 'file') return fileOf(reply, file());
  if (as === 'full')
    return { status: reply.status, headers: reply.headers, body: await contentOf(reply, reading), url: reply.url };
  return as === 'json' ? jsonOf(reply, reply.text(encoding), warn) : contentOf(reply, reading);
}

/** JSON when it is, or when nothing says that it is something else; a file when it is no text. Nothing at all is an empty object. */
async function contentOf(reply: HttpReply, { encoding, file, warn }: AnswerReading): Promise<unknown> {
  if (reply.bytes.length === 0) return {};
  if (!reply.isText()) return fileOf(reply, file());
  const text = reply.text(encoding);
  if (text.trim() === '') return {};
  const value = mayBeJson(reply, text) ? whenJson(() => parseJsonSaying(text, warn)) : undefined;
  return value === undefined ? text : value;
}

/** What version 1 made of an answer: everything that is not JSON is text, whatever its bytes. */
export function looseAnswerOf(as: AnswerAs, reply: HttpReply, file: () => FilePower): unknown {
  if (as === 'text') return reply.looseText();
  if (as === 'file') return fileOf(reply, file());
  if (as === 'full')
    return { status: reply.status, headers: reply.headers, body: looseContentOf(reply), url: reply.url };
  return as === 'json' ? jsonOf(reply, reply.looseText(), () => {}) : looseContentOf(reply);
}

function looseContentOf(reply: HttpReply): unknown {
  const text = reply.looseText();
  if (text.trim() === '') return {};
  const value = mayBeJson(reply, text) ? whenJson(() => parseExactJson(text)) : undefined;
  return value === undefined ? text : value;
}

function mayBeJson({ headers }: HttpReply, text: string): boolean {
  const type = headers['content-type'] ?? '';
  return (
    /[/+]json\b/i.test(type) ||
    (/^($|text\/plain|application\/octet-stream)/i.test(type) && /^\uFEFF?\s*[[{]/.test(text))
  );
}

/** Undefined when it is no JSON after all. */
function whenJson(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** An answer without a body (204, HEAD) counts as an empty object, so that the flow goes on. */
function jsonOf(reply: HttpReply, text: string, warn: (sentence: string) => void): unknown {
  if (text.trim() === '') return {};
  try {
    return parseJsonSaying(text, warn);
  } catch (error) {
    throw new Fault(
      'http.bad-json',
      `${withoutQuery(reply.url)} answered ${reply.status} with something that is not JSON.`,
      {
        mend: 'Set Response format to Text, or ask for JSON with the header Accept: application/json.',
        done: 'yes',
        details: { status: reply.status, body: text.slice(0, 2_000) },
        cause: error,
      },
    );
  }
}

async function fileOf(reply: HttpReply, file: FilePower): Promise<unknown> {
  const type = reply.headers['content-type']?.split(';')[0]?.trim();
  const written = {
    name: nameOf(reply),
    type: type === undefined || type === '' ? 'application/octet-stream' : type,
    bytes: reply.bytes,
  };
  return { file: await file.write(written) };
}

/** The name that the server gives (RFC 6266: `filename*` wins), else the last part of the address; never a path. */
function nameOf(reply: HttpReply): string {
  const disposition = reply.headers['content-disposition'] ?? '';
  const wide = /filename\*\s*=\s*utf-8'[^']*'([^\s;]+)/i.exec(disposition)?.[1];
  const named = (wide && decoded(wide)) ?? /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(disposition);
  const name = typeof named === 'string' ? named : (named?.[1]?.replaceAll(/\\(.)/g, '$1') ?? named?.[2]);
  const last = (name ?? decoded(withoutQuery(reply.url)) ?? '').split(/[/\\]/).at(-1) ?? '';
  return last.trim() === '' || /^\.+$/.test(last) ? 'download' : last.slice(0, 200);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
