import { isObject } from '../../flow/document/json.ts';
import { toUtf8 as utf8 } from '../../flow/expression/bytes/utf8.ts';
import { Fault } from '../../flow/facts/faults.ts';
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

/** Builds the body. `boundary` parts a multipart one; it must be the same on every attempt, because requests are compared by hash. */
export async function bodyOf(params: BodyParams, file: () => FilePower, boundary: string): Promise<Body | undefined> {
  const given = (['json', 'form', 'multipart', 'text', 'file'] as const).filter((kind) => params[kind] !== undefined);
  if (given.length > 1)
    throw invalid(given.join(' and '), 'cannot be sent together', 'Keep one of them; a request has one body.');
  if (params.json !== undefined) return { bytes: JSON.stringify(params.json), type: 'application/json' };
  if (params.form) return { bytes: pairsOf(params.form), type: 'application/x-www-form-urlencoded' };
  if (params.text !== undefined) return { bytes: params.text, type: 'text/plain; charset=utf-8' };
  if (params.multipart)
    return {
      bytes: await partsOf(params.multipart, file, boundary),
      type: `multipart/form-data; boundary=${boundary}`,
    };
  return params.file === undefined ? undefined : fileBody(params.file, file);
}

/** `a=1&b=2`: a list gives its name once for each entry; null and missing values are left out. Source: WHATWG URL, application/x-www-form-urlencoded. */
export const pairsOf = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .flatMap(([name, value]) =>
      Array.isArray(value)
        ? value.map((entry: unknown): [string, unknown] => [name, entry])
        : [[name, value] as [string, unknown]],
    )
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encoded(name)}=${encoded(textOf(value))}`)
    .join('&');

const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()~]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

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
  fields: Readonly<Record<string, unknown>>,
  file: () => FilePower,
  boundary: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    const ref = fileRefOf(value);
    const disposition = `form-data; name="${escaped(name)}"${ref ? `; filename="${escaped(ref.name)}"` : ''}`;
    const type = ref ? `\r\nContent-Type: ${ref.type.replace(/[\r\n]/g, ' ')}` : '';
    chunks.push(utf8(`--${boundary}\r\nContent-Disposition: ${disposition}${type}\r\n\r\n`));
    chunks.push(ref ? await file().read(ref) : utf8(textOf(value).toWellFormed()), utf8('\r\n'));
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
