import { isObject } from '../../../flow/document/json.ts';
import { parseJsonBody } from '../../http/json-body.ts';
import type { JsonWarning } from '../../http/json-scan.ts';
import { Refusal } from '../../http/refusal.ts';

/** A file as items carry it: a handle of this server, with what the sender said of it. */
export interface FileHandle {
  readonly $file: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** Stores a file that was sent; its handle is made here and nowhere else. */
export type StoreFile = (file: { name: string; type: string; bytes: Uint8Array }) => Promise<FileHandle>;

export interface ParsedBody {
  readonly value: unknown;
  readonly warnings: readonly JsonWarning[];
}

/**
 * The body by its content type: JSON, form fields, text, or the parts of a form with files. 415 for any other (SAFETY W3). Handles of files
 * are only ever made from files that were sent: JSON that holds one is refused.
 */
export async function parseBody(bytes: Buffer, contentType: string | undefined, store: StoreFile): Promise<ParsedBody> {
  if (bytes.length === 0) return { value: null, warnings: [] };
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/json' || type.endsWith('+json')) return parseJson(bytes);
  if (type === 'application/x-www-form-urlencoded')
    return { value: fieldsOf(new URLSearchParams(bytes.toString('utf8'))), warnings: [] };
  if (type === 'multipart/form-data') return { value: await partsOf(bytes, contentType ?? '', store), warnings: [] };
  if (type.startsWith('text/') || type === 'application/xml' || type.endsWith('+xml'))
    return { value: clean(bytes.toString('utf8')), warnings: [] };
  throw new Refusal(415, 'content-type', 'This content type is not accepted here.', {
    mend: 'Send application/json, or set the webhook to take the raw body.',
  });
}

/** The body as text, just as it came; NUL and broken characters are the only ones replaced, because no database stores them. */
export const rawBody = (bytes: Buffer): string => clean(bytes.toString('utf8'));

const clean = (text: string) => text.replaceAll('\0', '\ufffd');

function parseJson(bytes: Buffer): ParsedBody {
  const parsed = parseJsonBody(bytes);
  // Written out or with any letter escaped: only then is it worth looking.
  if ((bytes.includes('$file') || bytes.includes('\\u')) && holdsHandle(parsed.value, 64))
    throw new Refusal(400, 'file-handle', 'A file cannot be named in JSON.', {
      mend: 'Send the file itself, as multipart/form-data.',
    });
  return parsed;
}

function holdsHandle(value: unknown, depth: number): boolean {
  if (depth === 0) return true;
  if (Array.isArray(value)) return value.some((entry) => holdsHandle(entry, depth - 1));
  if (!isObject(value)) return false;
  return Object.hasOwn(value, '$file') || Object.values(value).some((entry) => holdsHandle(entry, depth - 1));
}

/** Fields by name; a name that comes several times gives a list. */
export function fieldsOf(pairs: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const fields = new Map<string, unknown[]>();
  for (const [name, value] of pairs) {
    const known = fields.get(name);
    if (known) known.push(value);
    else fields.set(name, [value]);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

async function partsOf(bytes: Buffer, contentType: string, store: StoreFile): Promise<Record<string, unknown>> {
  const form = await readForm(bytes, contentType);
  const pairs: [string, unknown][] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') pairs.push([name, clean(value)]);
    else if (value.name !== '' || value.size > 0)
      pairs.push([
        name,
        await store({
          name: nameOf(value.name),
          type: value.type || 'application/octet-stream',
          bytes: new Uint8Array(await value.arrayBuffer()),
        }),
      ]);
  }
  return fieldsOf(pairs);
}

/** The platform's own reader of forms: in memory, which the cap on bodies allows. */
async function readForm(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new Refusal(400, 'form-invalid', 'The form cannot be read.');
  }
}

/** The last part of what the sender called it: never a path. */
const nameOf = (name: string) =>
  clean(name)
    .split(/[/\\]/)
    .at(-1)
    ?.replaceAll(/\p{Cc}/gu, '')
    .slice(0, 200) || 'file';
