import type { FileHandle } from '../../../flow/contract/file.ts';
import { contentTypeOf, kindOfType, longestName } from '../../text/content-type.ts';
import type { ContentType } from '../../text/content-type.ts';
import { decodeInTurns, decodeText, looksLikeText, Undecodable } from '../../text/decode-text.ts';
import { Refusal } from '../refusal.ts';
import { fileHandle, Fields } from './fields.ts';
import { formFields } from './form-fields.ts';
import { readJson } from './json-body.ts';
import type { JsonWarning } from '../../text/json-scan.ts';
import { partsOf } from './multipart.ts';
import { atOnceMost, Turns } from '../../text/turns.ts';
import { withoutNul } from '../../text/without-nul.ts';

/** Stores a file that was sent; its handle is made here and nowhere else. */
export type StoreFile = (file: { name: string; type: string; bytes: Uint8Array }) => Promise<FileHandle>;

/** What a request says of its body. */
export interface BodyHead {
  readonly type: string | undefined;
  readonly disposition?: string | undefined;
}

export interface ParsedBody {
  readonly value: unknown;
  readonly warnings: readonly JsonWarning[];
}

/**
 * The body by its content type: JSON, form fields, the parts of a form with files, text; what is no text (a picture, an archive) is a file.
 * Handles of files are only ever made from files that were sent: JSON that holds one is refused. 400 `body-encoding` for text that is not in
 * the encoding that it should be in.
 */
export async function parseBody(
  bytes: Buffer,
  head: BodyHead,
  store: StoreFile,
  turns = new Turns(),
): Promise<ParsedBody> {
  if (bytes.length === 0) return { value: null, warnings: [] };
  const content = contentTypeOf(head.type);
  const { type, charset } = content;
  if (type === 'application/json' || type.endsWith('+json')) return parseJson(bytes, charset, turns);
  if (type === 'application/x-www-form-urlencoded') return ofFields(await formFields(bytes, charset, decoded, turns));
  if (type === 'multipart/form-data') return parseParts(bytes, head.type ?? '', store, turns);
  const kind = kindOfType(content);
  const isText = kind === 'text' || (type === '' && looksLikeText(bytes));
  return isText
    ? await clean(await decoded(bytes, charset, 'The body', turns), turns)
    : { value: await fileOf(bytes, content, head, store), warnings: [] };
}

/** The body as the text that came; what is no text is a file, whole. */
export async function rawBody(
  bytes: Buffer,
  head: BodyHead,
  store: StoreFile,
  turns = new Turns(),
): Promise<ParsedBody> {
  if (bytes.length === 0) return { value: null, warnings: [] };
  const content = contentTypeOf(head.type);
  if (kindOfType(content) === 'text' || looksLikeText(bytes)) {
    try {
      return await clean((await decodeInTurns(bytes, { charset: content.charset }, turns)).text, turns);
    } catch (error) {
      if (!(error instanceof Undecodable)) throw error;
    }
  }
  return { value: await fileOf(bytes, content, head, store), warnings: [] };
}

/** The text of bytes in the encoding that their sender named; that of large ones is there later. */
export function decoded(
  bytes: Uint8Array,
  charset: string | undefined,
  what = 'The body',
  turns = new Turns(),
): string | Promise<string> {
  const refuse = (error: unknown): never => {
    if (!(error instanceof Undecodable)) throw error;
    throw new Refusal(400, 'body-encoding', `${what} cannot be read as ${error.encoding}. ${error.message}`, {
      mend: 'Send UTF-8, or name the encoding that it is in: Content-Type: text/plain; charset=windows-1252.',
    });
  };
  if (bytes.length > atOnceMost) return decodeInTurns(bytes, { charset }, turns).then(({ text }) => text, refuse);
  try {
    return decodeText(bytes, { charset }).text;
  } catch (error) {
    return refuse(error);
  }
}

/** NUL is the one character that no database stores; it is put right in turns, a megabyte at a time. */
async function clean(text: string, turns: Turns): Promise<ParsedBody> {
  if (!text.includes('\0')) return { value: text, warnings: [] };
  const parts: string[] = [];
  for (let from = 0; from < text.length; from += cleanedAtOnce) {
    parts.push(withoutNul(text.slice(from, from + cleanedAtOnce)));
    await turns.taken();
  }
  return { value: parts.join(''), warnings: [{ code: 'character-replaced', at: '/body' }] };
}

const cleanedAtOnce = 1024 * 1024;

const ofFields = ({ all, warnings }: Fields): ParsedBody => ({ value: all, warnings });

function fileOf(bytes: Buffer, { type }: ContentType, { disposition }: BodyHead, store: StoreFile) {
  const wide = /filename\*\s*=\s*utf-8'[^']*'([^\s;]+)/i.exec(disposition ?? '')?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(disposition ?? '');
  const named =
    wide === undefined
      ? (plain?.[1] ?? plain?.[2])
      : new URLSearchParams(`name=${wide.replaceAll('+', '%2B')}`).get('name');
  const ending = /^[\w-]+\/(?:x-)?([a-z\d]{1,8})$/.exec(type)?.[1] ?? 'bin';
  const name = named ?? `body.${ending === 'plain' ? 'txt' : ending}`;
  return store({
    name: nameOf(name),
    type: type || 'application/octet-stream',
    bytes: new Uint8Array(bytes),
  });
}

async function parseJson(bytes: Buffer, charset: string | undefined, turns: Turns): Promise<ParsedBody> {
  // The fast way for what nearly all is: UTF-8, read straight from its bytes.
  const isPlain =
    (charset === undefined || /^utf-?8$/i.test(charset)) && bytes[0] !== 0 && bytes[1] !== 0 && bytes[0]! < 0xfe;
  const { value, warnings, namesFile } = await readJson(
    isPlain ? bytes : await decoded(bytes, charset, 'The body', turns),
    turns,
  );
  if (namesFile) throw fileHandle();
  return { value, warnings };
}

async function parseParts(bytes: Buffer, type: string, store: StoreFile, turns: Turns): Promise<ParsedBody> {
  const fields = new Fields('/body');
  const parts = await partsOf(bytes, type, turns);
  const said = parts
    .find(({ name, isFile }) => name === '_charset_' && !isFile)
    ?.bytes.toString('latin1', 0, longestName);
  for (const part of parts) {
    await turns.taken();
    const name = await decoded(Buffer.from(part.name, 'latin1'), said, 'The name of a field');
    if (!part.isFile) {
      const charset = contentTypeOf(part.type).charset ?? said;
      fields.add(name, await decoded(part.bytes, charset, `The field “${name.slice(0, 80)}”`, turns));
      continue;
    }
    const called = await decoded(Buffer.from(part.fileName, 'latin1'), said, 'The name of a file');
    // What a browser sends for a field of files where none was chosen.
    if (called === '' && part.bytes.length === 0) continue;
    const fileType = contentTypeOf(part.type).type || 'application/octet-stream';
    fields.add(name, await store({ name: nameOf(called), type: fileType, bytes: new Uint8Array(part.bytes) }));
  }
  if (bytes.length > atOnceMost) await fields.remember(turns);
  return ofFields(fields);
}

/** The last part of what the sender called it: never a path. */
const nameOf = (name: string) =>
  name
    .split(/[/\\]/)
    .at(-1)
    ?.replaceAll(/\p{Cc}/gu, '')
    .slice(0, 200) || 'file';
