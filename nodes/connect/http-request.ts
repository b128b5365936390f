import * as z from 'zod';
import { Fault } from '../../flow/run/faults.ts';
import { defineNode } from '../kit/define-node.ts';
import { parseExactJson } from '../kit/exact-json.ts';
import {
  choice,
  credential,
  duration,
  json,
  keyValues,
  longText,
  millisecondsOf,
  text,
  toggle,
  whole,
} from '../kit/fields.ts';
import type { FilePower, HttpReply } from '../kit/powers.ts';
import { statusFault, withoutQuery } from './reply-fault.ts';
import { bodyOf, pairsOf } from './request-body.ts';
import { either, option } from '../kit/unfolding.ts';

const params = z.object({
  method: choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'], { title: 'Method' }).default('GET'),
  url: text({ title: 'URL', placeholder: 'https://api.example.com/orders/{{ $json.id }}' }),
  query: keyValues({
    title: 'Query parameters',
    description: 'A list repeats its name; empty values are not sent.',
  }).optional(),
  headers: keyValues({ title: 'Headers' }).optional(),
  json: either('Body', json({ title: 'JSON body' })).optional(),
  form: either('Body', keyValues({ title: 'Form body' })).optional(),
  multipart: either('Body', keyValues({ title: 'Multipart body', description: 'Text and files.' })).optional(),
  text: either('Body', longText({ title: 'Text body' })).optional(),
  file: either(
    'Body',
    z.unknown().optional().meta({ title: 'File body', ui: 'value', placeholder: '{{ $json.file }}' }),
  ),
  credential: credential({ title: 'Connection' }).optional(),
  as: option(
    choice(['json', 'text', 'file', 'full'], {
      title: 'Response format',
      description: 'Default: JSON if the response is JSON, otherwise text.',
      labels: { json: 'JSON', text: 'Text', file: 'File', full: 'Status, headers and body' },
    }),
  ).optional(),
  idempotent: option(
    toggle({
      title: 'The service supports Idempotency-Key',
      description: 'The header is the same on every attempt. With support, even a POST is safe to repeat.',
    }),
  ).default(false),
  anyStatus: option(
    toggle({
      title: 'Accept any status',
      description: 'Off: status 400 and above fails.',
    }),
  ).default(false),
  redirects: option(whole({ title: 'Maximum redirects', min: 0, max: 20 })).default(5),
  timeout: option(duration({ title: 'Timeout' })).optional(),
});
type Params = z.output<typeof params>;

export const httpRequest = defineNode({
  type: 'connect.http-request',
  version: 1,
  title: 'HTTP request',
  icon: 'globe',
  summary: 'Sends one request for each item and passes on the response; a JSON list becomes one item per entry.',
  line: '{{ method ?? "GET" }} {{ url }}',
  params,
  literal: ['idempotent'],
  inputs: { in: {} },
  outputs: { reply: {} },
  needs: ['http', 'file'],
  effect: { by: 'method', POST: 'effect', PATCH: 'effect', else: 'idempotent', unless: 'idempotent' },
  asTool: true,
  // The powers are read from the call only where they are used: most requests touch no file.
  each: async (call) => {
    const { params, now } = call;
    const body = await bodyOf(params, () => call.file, `heddle-${call.idempotencyKey.slice(0, 40)}`);
    const timeoutMs = params.timeout === undefined ? undefined : millisecondsOf(params.timeout);
    const reply = await call.http.send({
      method: params.method,
      url: addressOf(params),
      headers: headersOf(params, body?.type, call.idempotencyKey),
      followRedirects: params.redirects,
      ...(body === undefined ? {} : { body: body.bytes }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(params.credential === undefined ? {} : { credential: params.credential }),
    });
    if (reply.status >= 400 && !params.anyStatus) throw statusFault(params, reply, now);
    return answerOf(params.as, reply, () => call.file);
  },
  examples: [
    {
      name: 'Reads one thing',
      params: { url: 'https://api.example.com/users/{{ $json.id }}' },
      given: { in: [{ id: 7 }] },
      with: {
        http: [
          { when: { method: 'GET', url: 'https://api.example.com/users/7' }, reply: { json: { id: 7, name: 'Åsa' } } },
        ],
      },
      gives: { reply: [{ id: 7, name: 'Åsa' }] },
    },
    {
      name: 'Posts an order; the key is the same on every attempt',
      params: {
        method: 'POST',
        url: 'https://api.example.com/orders',
        json: { sku: '{{ $json.sku }}' },
        idempotent: true,
      },
      given: { in: [{ sku: 'A1' }] },
      with: {
        http: [
          {
            when: {
              method: 'POST',
              body: '{"sku":"A1"}',
              headers: { 'content-type': 'application/json', 'idempotency-key': 'wf_example_0' },
            },
            reply: { status: 201, json: { order: 1 } },
          },
        ],
      },
      gives: { reply: [{ order: 1 }] },
    },
    {
      // A space is %20 and å two bytes; the missing page is left out; a list repeats its name.
      name: 'A query with a list, a missing value and letters that need escaping',
      params: {
        url: 'https://api.example.com/find?lang=sv#top',
        query: { q: '{{ $json.q }}', tag: ['a', 'b'], page: '{{ $json.page }}' },
      },
      given: { in: [{ q: 'å b' }] },
      with: {
        http: [
          {
            when: { url: 'https://api.example.com/find?lang=sv&q=%C3%A5%20b&tag=a&tag=b' },
            reply: { json: [{ hit: 1 }, { hit: 2 }] },
          },
        ],
      },
      gives: { reply: [{ hit: 1 }, { hit: 2 }] },
    },
    {
      name: 'An answer that is not JSON is text',
      params: { url: 'https://example.com/ping' },
      given: { in: [null] },
      with: { http: [{ reply: { text: 'pong 🏓' } }] },
      gives: { reply: ['pong 🏓'] },
    },
    {
      name: 'The whole answer, whatever its status',
      params: { url: 'https://example.com/x', as: 'full', anyStatus: true },
      given: { in: [{}] },
      with: { http: [{ reply: { status: 404, json: { error: 'gone' }, headers: { 'x-id': '5' } } }] },
      gives: {
        reply: [
          {
            status: 404,
            headers: { 'content-type': 'application/json', 'x-id': '5' },
            body: { error: 'gone' },
            url: 'https://example.com/x',
          },
        ],
      },
    },
    {
      name: 'An error status is a fault',
      params: { method: 'DELETE', url: 'https://example.com/x' },
      given: { in: [{}] },
      with: { http: [{ reply: { status: 500, text: 'oh no' } }] },
      gives: { fault: 'http.status' },
    },
    {
      name: 'JSON was wanted and something else came',
      params: { url: 'https://example.com/x', as: 'json' },
      given: { in: [{}] },
      with: { http: [{ reply: { text: '<html>' } }] },
      gives: { fault: 'http.bad-json' },
    },
  ],
});

/** The address with the query in its place: after what it has already, before a fragment (which is never sent). */
function addressOf({ url, query }: Params): string {
  const address = url.trim().replace(/#.*$/s, '');
  if (!/^https?:\/\//i.test(address)) {
    throw new Fault('params.invalid', `“${withoutQuery(address)}” is not a full URL.`, {
      mend: 'Start it with https:// or http://.',
      done: 'no',
      details: { param: 'url' },
    });
  }
  const pairs = pairsOf(query ?? {}).replaceAll('+', '%20');
  return pairs === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${pairs}`;
}

/**
 * Names in lower case; what the author wrote wins over what follows from the body. The key goes with everything that may
 * change something: a service that knows it can tell a repeat from a second wish, another passes over it.
 */
function headersOf({ method, headers }: Params, type: string | undefined, key: string): Record<string, string> {
  const own = Object.entries(headers ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]): [string, string] => [
      name.toLowerCase(),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  return {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(isSafe(method) ? {} : { 'idempotency-key': key }),
    ...Object.fromEntries(own),
  };
}

const isSafe = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase());

function answerOf(as: Params['as'], reply: HttpReply, file: () => FilePower): unknown {
  if (as === 'text') return reply.text();
  if (as === 'file') return fileOf(reply, file());
  if (as === 'full') return { status: reply.status, headers: reply.headers, body: contentOf(reply), url: reply.url };
  return as === 'json' ? jsonOf(reply) : contentOf(reply);
}

/** JSON when it is, or when nothing says that it is something else; else its text. Nothing at all is an empty object. */
function contentOf(reply: HttpReply): unknown {
  const text = reply.text();
  if (text.trim() === '') return {};
  const type = reply.headers['content-type'] ?? '';
  const mayBeJson =
    /[/+]json\b/i.test(type) ||
    (/^($|text\/plain|application\/octet-stream)/i.test(type) && /^\uFEFF?\s*[[{]/.test(text));
  const value = mayBeJson ? whenJson(text) : undefined;
  return value === undefined ? text : value;
}

/** Undefined when it is no JSON after all. */
function whenJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** An answer without a body (204, HEAD) counts as an empty object, so that the flow goes on. */
function jsonOf(reply: HttpReply): unknown {
  if (reply.text().trim() === '') return {};
  try {
    return parseExactJson(reply.text());
  } catch (error) {
    throw new Fault(
      'http.bad-json',
      `${withoutQuery(reply.url)} answered ${reply.status} with something that is not JSON.`,
      {
        mend: 'Set Response format to Text, or ask for JSON with the header Accept: application/json.',
        done: 'yes',
        details: { status: reply.status, body: reply.text().slice(0, 2_000) },
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

/** The name that the service gives, else the last part of the address; never a path. */
function nameOf(reply: HttpReply): string {
  const named = /filename="?([^";]+)"?/i.exec(reply.headers['content-disposition'] ?? '')?.[1];
  const last = (named ?? withoutQuery(reply.url)).split(/[/\\]/).at(-1) ?? '';
  return last.trim() === '' || /^\.+$/.test(last) ? 'download' : last.slice(0, 200);
}
