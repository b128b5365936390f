import { currentEngine } from '../../flow/compile/plan.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Reply } from '../../flow/facts/fact.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { jsonValue } from '../kit/json-field.ts';
import { printJson } from '../kit/print-json.ts';

export type RespondWith = 'first' | 'all' | 'text' | 'json' | 'file' | 'redirect' | 'none';

/** What the author said of the answer; `status` left out is the usual one of its kind. */
export interface Respond {
  readonly with: RespondWith;
  readonly value?: unknown;
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}

/** The answer to the caller. Throws `params.invalid` for what no HTTP answer may hold. */
export function replyFor(
  respond: Respond,
  items: readonly unknown[],
  { engine = currentEngine, budget }: Answering = {},
): Reply {
  const { as, body, type } = contentOf(respond, items, { engine, budget });
  const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...safeHeaders(respond.headers ?? {}) };
  const status = statusOf(respond);
  if (respond.with === 'redirect')
    return { status, headers: { ...headers, location: location(respond.value) }, body: null, as };
  return { status, headers, body, as };
}

interface Answering {
  readonly engine?: number;
  readonly budget?: Budget | undefined;
}

interface Content {
  readonly as: Reply['as'];
  readonly body: unknown;
  readonly type?: string;
}

function contentOf(
  { with: kind, value }: Respond,
  items: readonly unknown[],
  { engine, budget }: { readonly engine: number; readonly budget: Budget | undefined },
): Content {
  if (kind === 'first') return { as: 'json', body: items[0] ?? null, type: jsonType };
  if (kind === 'all') return { as: 'json', body: items, type: jsonType };
  if (kind === 'json')
    return {
      as: 'json',
      body: engine < 2 ? (value ?? null) : jsonValue({ name: 'value', title: 'Value' }, value ?? null, budget),
      type: jsonType,
    };
  if (kind === 'text') return { as: 'text', body: textOf(value, budget), type: 'text/plain; charset=utf-8' };
  if (kind === 'file') return fileOf(value);
  return { as: 'none', body: null };
}

const jsonType = 'application/json; charset=utf-8';

const textOf = (value: unknown, budget: Budget | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : printJson(value, budget);

/** A stored file, given itself or inside an item under `file`. */
function fileOf(value: unknown): Content {
  const file = isObject(value) && isObject(value['file']) ? value['file'] : value;
  if (!isObject(file) || typeof file['$file'] !== 'string')
    throw invalid('value', 'is not a file', 'Enter the field that holds the file, such as {{ $json.file }}.');
  const type =
    typeof file['type'] === 'string' && isHeaderText(file['type']) ? file['type'] : 'application/octet-stream';
  return { as: 'file', body: file, type };
}

function statusOf({ with: kind, status }: Respond): number {
  const usual = kind === 'redirect' ? 302 : kind === 'none' ? 204 : 200;
  if (status === undefined) return usual;
  const [least, most] = kind === 'redirect' ? [300, 399] : [200, 599];
  if (!Number.isInteger(status) || status < least || status > most)
    throw invalid('status', `is ${status}`, `Enter a status from ${least} to ${most}.`);
  return status;
}

// RFC 9110 5.1 and 5.5: a name is a token; a value has no control characters, so that no line can be slipped in (CWE-113).
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
function isHeaderText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (isControl(text.charCodeAt(at))) return false;
  return true;
}
const tab = 0x09;
const isControl = (code: number): boolean => (code < 0x20 && code !== tab) || code === 0x7f;

/** What belongs to the connection is the server's to write. */
const reserved = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'date',
  'host',
]);

/** Header names in lower case with values as text. Throws `params.invalid` for a name or value that could break out of its line. */
export function safeHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => {
        const lower = name.toLowerCase();
        if (!token.test(name))
          throw invalid(`headers.${name}`, 'is not a header name', 'Use letters, digits and hyphens.');
        if (reserved.has(lower)) throw invalid(`headers.${name}`, 'is set by the server', 'Remove this header.');
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        if (!isHeaderText(text))
          throw invalid(`headers.${name}`, 'has a line break or control character', 'Remove it; a header is one line.');
        return [lower, text];
      }),
  );
}

/** An address of http(s), or one on this server; never javascript: or data:. */
function location(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const isAddress = /^https?:\/\/[^/\\]/i.test(text) || /^[/?#.]/.test(text);
  if (text === '' || !isAddress || !isHeaderText(text))
    throw invalid('value', 'is not a URL to redirect to', 'Enter a URL that starts with https://, or a path.');
  return encodeURI(text).replaceAll('%25', '%');
}

const invalid = (param: string, what: string, mend: string): Fault =>
  new Fault('params.invalid', `Field “${param}” ${what}.`, { mend, done: 'no', details: { param } });
