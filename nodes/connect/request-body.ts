import { isObject } from '../../flow/document/json.ts';
import { toUtf8 as utf8 } from '../../flow/expression/bytes/utf8.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { textPieces } from '../../flow/values/text-pieces.ts';
import type { CallContext } from '../kit/define-node.ts';
import type { FilePower, FileRef } from '../kit/powers.ts';

/** The body that the author described: at most one of these. */
export interface BodyParams {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, unknown>> | undefined;
  readonly multipart?: Readonly<Record<string, unknown>> | undefined;
  readonly text?: string | undefined;
  readonly file?: unknown;
}

/** What is sent, and its content type. */
export interface Body {
  readonly bytes: string | Uint8Array;
  readonly type: string;
}

/** What building a body of any size needs of the call. */
type Building = Pick<CallContext<unknown>, 'budget' | 'jsonText' | 'rest'>;

/** Builds the body. `boundary` parts a multipart one; it must be the same on every attempt, because requests are compared by hash. */
export async function bodyOf(
  params: BodyParams,
  { file, boundary, call }: { file: () => FilePower; boundary: string; call: Building },
): Promise<Body | undefined> {
  const given = (['json', 'form', 'multipart', 'text', 'file'] as const).filter((kind) => params[kind] !== undefined);
  if (given.length > 1)
    throw invalid(given.join(' and '), 'cannot be sent together', 'Keep one of them; a request has one body.');
  if (params.json !== undefined) return { bytes: await call.jsonText(params.json), type: 'application/json' };
  if (params.form) return { bytes: await formBody(params.form, call), type: 'application/x-www-form-urlencoded' };
  if (params.text !== undefined) return { bytes: params.text, type: 'text/plain; charset=utf-8' };
  if (params.multipart)
    return {
      bytes: await partsOf(params.multipart, file, { boundary, call }),
      type: `multipart/form-data; boundary=${boundary}`,
    };
  return params.file === undefined ? undefined : fileBody(params.file, file);
}

type Fields = Readonly<Record<string, unknown>>;

/** `a=1&b=2`: a list gives its name once for each entry; null and missing values are left out. Source: WHATWG URL, application/x-www-form-urlencoded. */
export const pairsOf = (fields: Fields): string =>
  [...pairs(fields)].map(([name, value]) => `${encoded(name)}=${encoded(textOf(value))}`).join('&');

/** The same of fields of any size: 16 MB of exclamation marks took two seconds. */
async function formBody(fields: Fields, call: Building): Promise<string> {
  const text: string[] = [];
  for (const [name, value] of pairs(fields)) {
    if (text.length > 0) text.push('&');
    text.push(...(await inPieces(name, encoded, call)), '=');
    text.push(...(await inPieces(await longTextOf(value, call), encoded, call)));
  }
  return text.join('');
}

function* pairs(fields: Fields): Generator<[name: string, value: unknown]> {
  for (const [name, value] of Object.entries(fields))
    for (const entry of Array.isArray(value) ? value : [value])
      if (entry !== undefined && entry !== null) yield [name, entry];
}

/** Works on a text piece by piece, with a rest after each. */
async function inPieces<Made>(
  text: string,
  work: (piece: string) => Made,
  { budget, rest }: Building,
): Promise<Made[]> {
  const made: Made[] = [];
  for (const piece of textPieces(text, pieceSize)) {
    made.push(work(piece));
    budget?.spend(piece.length);
    const others = rest();
    if (others) await others;
  }
  return made;
}

/** Some milliseconds of the slowest of it. */
const pieceSize = 32_768;

const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()~]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const longTextOf = (value: unknown, { jsonText }: Building): string | Promise<string> =>
  typeof value === 'string' ? value : jsonText(value);

async function fileBody(value: unknown, file: () => FilePower): Promise<Body> {
  const ref = fileRefOf(value);
  if (ref === undefined)
    throw invalid('file', 'is not a file', 'Enter the field that holds the file, such as {{ $json.file }}.');
  return { bytes: await file().read(ref), type: ref.type };
}

/** A reference to stored bytes, given itself or under `file`. */
export function fileRefOf(value: unknown): FileRef | undefined {
  const ref = isObject(value) && isObject(value['file']) ? value['file'] : value;
  if (!isObject(ref) || typeof ref['$file'] !== 'string') return undefined;
  const { $file, name, type, size } = ref;
  return {
    $file,
    name: typeof name === 'string' ? name : 'file',
    type: typeof type === 'string' ? type : 'application/octet-stream',
    size: typeof size === 'number' ? size : 0,
  };
}

/** Source: RFC 7578; names are escaped as browsers do, so that none can begin a header of its own. */
async function partsOf(
  fields: Fields,
  file: () => FilePower,
  { boundary, call }: { boundary: string; call: Building },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    const ref = fileRefOf(value);
    const written = (await inPieces(name, escaped, call)).join('');
    const disposition = `form-data; name="${written}"${ref ? `; filename="${escaped(ref.name)}"` : ''}`;
    const type = ref ? `\r\nContent-Type: ${ref.type.replace(/[\r\n]/g, ' ')}` : '';
    chunks.push(utf8(`--${boundary}\r\nContent-Disposition: ${disposition}${type}\r\n\r\n`));
    if (ref) chunks.push(await file().read(ref));
    else chunks.push(...(await inPieces(await longTextOf(value, call), utf8, call)));
    chunks.push(utf8('\r\n'));
  }
  return joined([...chunks, utf8(`--${boundary}--\r\n`)]);
}

const escaped = (name: string): string =>
  name
    .toWellFormed()
    .replace(/["\r\n]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

const invalid = (param: string, what: string, mend: string): Fault =>
  new Fault('params.invalid', `Field “${param}” ${what}.`, { mend, done: 'no', details: { param } });
