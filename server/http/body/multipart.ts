import { Dicer } from '@fastify/busboy';
import { Refusal } from '../refusal.ts';
import { pieceSize } from '../../text/turns.ts';
import type { Turns } from '../../text/turns.ts';

/** One part of a form. Names are bytes yet, written as latin-1: in which encoding they are is the reader's to say. */
export interface Part {
  readonly name: string;
  readonly isFile: boolean;
  readonly fileName: string;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** Files of one body. Each is stored by itself, in 2 ms at best; fields are bounded by the bytes that they take. */
export const filesMost = 200;

/** A part's head is a hundred bytes or two; a name may be long. */
const headCaps = { maxHeaderPairs: 20, maxHeaderSize: 8 * 1024 };

/**
 * The parts of a `multipart/form-data` body, in order (RFC 7578), read in turns. 400 `form-invalid` for what is none or breaks off, 413 for more
 * files than are taken.
 */
export async function partsOf(bytes: Buffer, contentType: string, turns: Turns): Promise<Part[]> {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw invalid();
  const parts: Part[] = [];
  let files = 0;
  const dicer = new Dicer({ boundary: mark, ...headCaps });
  const done = new Promise<void>((resolve, reject) => {
    dicer.on('part', (stream) => {
      let head: Head | undefined;
      const chunks: Buffer[] = [];
      stream.on('header', (headers) => {
        head = headOf(headers as Readonly<Record<string, string[]>>);
        if (head?.isFile && ++files > filesMost) reject(tooManyFiles());
      });
      stream.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
      stream.on('error', reject);
      stream.on('end', () => {
        if (head && files <= filesMost) parts.push({ ...head, bytes: Buffer.concat(chunks) });
      });
    });
    dicer.on('error', reject);
    dicer.on('finish', resolve);
  });
  const failed = done.then(
    () => undefined,
    (error: unknown) => error,
  );
  for (let from = 0; from < bytes.length && files <= filesMost; from += pieceSize) {
    dicer.write(bytes.subarray(from, from + pieceSize));
    await turns.taken();
  }
  dicer.end();
  const error = await failed;
  if (error !== undefined) throw error instanceof Refusal ? error : invalid();
  return parts;
}

const invalid = () => new Refusal(400, 'form-invalid', 'The form cannot be read.');

const tooManyFiles = () =>
  new Refusal(413, 'too-large', `The form has more than ${filesMost} files.`, {
    mend: `Send ${filesMost} files at most.`,
  });

type Head = Omit<Part, 'bytes'>;

function headOf(headers: Readonly<Record<string, string[]>>): Head | undefined {
  const given = parametersOf(headers['content-disposition']?.[0] ?? '');
  const name = given?.get('name');
  if (name === undefined) return undefined;
  const wide = /^utf-8'[^']*'(\S+)$/i.exec(given?.get('filename*') ?? '')?.[1];
  const called = wide === undefined ? given?.get('filename') : unescaped(wide);
  const type = headers['content-type']?.[0];
  const isFile = called !== undefined || /^application\/octet-stream\b/i.test(type ?? '');
  return { name, isFile, fileName: called ?? '', type };
}

/**
 * The parameters of a disposition, the first of each name; undefined when it is not `form-data`. What browsers escape in a value is undone: %22,
 * %0D and %0A (WHATWG HTML 4.10.21.8), and \" of older senders. Read from left to right, once.
 */
function parametersOf(disposition: string): Map<string, string> | undefined {
  if (!/^form-data\b/i.test(disposition)) return undefined;
  const found = new Map<string, string>();
  // A quote that is never closed reaches to the end: looked for again from each semicolon, it would cost the square of the length.
  const parameters = disposition.matchAll(/;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.?)*)(?:"|$)|([^\s;"]*))/gs);
  for (const [, named, quoted, bare] of parameters) {
    const name = named!.toLowerCase();
    const value = quoted ?? bare ?? '';
    const plain = name.endsWith('*')
      ? value
      : value.replaceAll(/\\(["\\])/g, '$1').replaceAll(/%(22|0d|0a)/gi, (_, byte: string) => unescaped(`%${byte}`));
    if (!found.has(name)) found.set(name, plain);
  }
  return found;
}

const unescaped = (text: string): string =>
  text.replaceAll(/%([\da-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
