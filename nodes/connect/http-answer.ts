import { Fault } from '../../flow/facts/faults.ts';
import { parseJsonSaying } from '../../flow/values/exact-json.ts';
import type { Compute, Computation } from '../kit/computation.ts';
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
  readonly compute: Compute;
}

/** A text read as JSON: one value, or why it is none. Version 1 of the node says nothing of digits that only text keeps. */
export const jsonOfAnswer: Computation<
  { text: string },
  { items: readonly unknown[]; broken?: string; said: readonly string[] }
> = {
  name: 'json',
  work: ({ text }) => {
    const said: string[] = [];
    try {
      return { items: [parseJsonSaying(text, (sentence) => void said.push(sentence))], said };
    } catch (error) {
      return { items: [], broken: error instanceof Error ? error.message : 'not JSON', said };
    }
  },
};

/** What becomes of an answer that is taken so: a file may be larger than what is read. */
export const becomesOf = (as: AnswerAs): HttpRequest['becomes'] =>
  as === 'file' ? 'file' : as === 'json' || as === 'text' ? undefined : 'file-unless-text';

/** The items of an answer: JSON, text, or a file where it is neither (a picture, an archive). */
export async function answerOf(reply: HttpReply, reading: AnswerReading): Promise<unknown> {
  const { as, encoding, file } = reading;
  if (as === 'text') return reply.text(encoding);
  if (as === 'file') return fileOf(reply, file);
  if (as === 'full')
    return { status: reply.status, headers: reply.headers, body: await contentOf(reply, reading), url: reply.url };
  return as === 'json' ? jsonOf(reply, await reply.text(encoding), reading) : contentOf(reply, reading);
}

/** JSON when it is, or when nothing says that it is something else; a file when it is no text. Nothing at all is an empty object. */
async function contentOf(reply: HttpReply, reading: AnswerReading): Promise<unknown> {
  const { encoding, file, warn, compute } = reading;
  if (reply.stored) return fileOf(reply, file);
  if (reply.bytes.length === 0) return {};
  if (!reply.isText()) return fileOf(reply, file);
  const text = await reply.text(encoding);
  if (text.trim() === '') return {};
  if (!mayBeJson(reply, text)) return text;
  const { items, said } = await compute(jsonOfAnswer, { text });
  said.forEach(warn);
  return items.length === 0 ? text : items[0];
}

type LooseReading = Pick<AnswerReading, 'file' | 'compute'>;

/** What version 1 made of an answer: everything that is not JSON is text, whatever its bytes. */
export async function looseAnswerOf(as: AnswerAs, reply: HttpReply, reading: LooseReading): Promise<unknown> {
  if (as === 'text') return reply.looseText();
  const { compute } = reading;
  if (as === 'file') return fileOf(reply, reading.file);
  if (as === 'full')
    return { status: reply.status, headers: reply.headers, body: await looseContentOf(reply, compute), url: reply.url };
  return as === 'json'
    ? jsonOf(reply, await reply.looseText(), { warn: () => {}, compute })
    : looseContentOf(reply, compute);
}

async function looseContentOf(reply: HttpReply, compute: Compute): Promise<unknown> {
  const text = await reply.looseText();
  if (text.trim() === '') return {};
  if (!mayBeJson(reply, text)) return text;
  const { items } = await compute(jsonOfAnswer, { text });
  return items.length === 0 ? text : items[0];
}

function mayBeJson({ headers }: HttpReply, text: string): boolean {
  const type = headers['content-type'] ?? '';
  return (
    /[/+]json\b/i.test(type) ||
    (/^($|text\/plain|application\/octet-stream)/i.test(type) && /^\uFEFF?\s*[[{]/.test(text))
  );
}

/** An answer without a body (204, HEAD) counts as an empty object, so that the flow goes on. */
async function jsonOf(
  reply: HttpReply,
  text: string,
  { warn, compute }: Pick<AnswerReading, 'warn' | 'compute'>,
): Promise<unknown> {
  if (text.trim() === '') return {};
  const { items, said, broken } = await compute(jsonOfAnswer, { text });
  said.forEach(warn);
  if (broken === undefined) return items[0];
  throw new Fault(
    'http.bad-json',
    `${withoutQuery(reply.url)} answered ${reply.status} with something that is not JSON.`,
    {
      mend: 'Set Response format to Text, or ask for JSON with the header Accept: application/json.',
      done: 'yes',
      details: { status: reply.status, body: text.slice(0, 2_000) },
      cause: new SyntaxError(broken),
    },
  );
}

async function fileOf(reply: HttpReply, file: () => FilePower): Promise<unknown> {
  const said = reply.headers['content-type']?.split(';')[0]?.trim();
  const name = nameOf(reply);
  const type = said === undefined || said === '' ? 'application/octet-stream' : said;
  if (reply.stored) {
    const { $file, size } = reply.stored;
    return { file: { $file, name, type, size } };
  }
  return { file: await file().write({ name, type, bytes: reply.bytes }) };
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
