import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../../flow/facts/faults.ts';
import type { HttpClient, IncomingReply } from '../wire/http-client.ts';
import { HttpFault } from '../wire/http-fault.ts';
import { partsOf } from '../journal/shelf.ts';
import type { Bucket } from '../shelf-setting.ts';
import type { Shelf, ShelfBytes, ShelfPlace } from '../journal/shelf.ts';
import { amzDate, authorization, encodePart, sha256 } from './sigv4.ts';

/** What a test replaces. */
export interface S3Options {
  readonly pause?: (ms: number) => Promise<unknown>;
  readonly clock?: () => number;
}

const tries = 5;
const firstPauseMs = 100;
const timeoutMs = 60_000;
const largest = 512 * 1024 * 1024;
/** What passes by itself: the server is slowing us down or has troubles of its own. A put repeats freely, since names follow from the content. */
const passing = new Set([408, 429, 500, 502, 503, 504]);
const lasting = new Set(['egress-denied', 'http.bad-url', 'http.bad-request', 'http.tls', 'http.too-large']);

/**
 * A shelf in a bucket, by path (`endpoint/bucket/prefix/…`), as every server that speaks S3 understands. Goes out by the guarded client; the
 * operator named the endpoint, so it may be private for these requests and for no others.
 */
export function openS3(http: Pick<HttpClient, 'send'>, bucket: Bucket, options: S3Options = {}): Shelf {
  const line: Line = {
    http,
    bucket,
    workspaceAllow: [pairOf(new URL(bucket.endpoint))],
    pause: options.pause ?? wait,
    clock: options.clock ?? Date.now,
  };
  return {
    where: `s3://${[bucket.bucket, bucket.prefix].filter(Boolean).join('/')} at ${bucket.endpoint}`,
    has: async (place) => (await ask(line, 'HEAD', place)) !== undefined,
    put: async (place, bytes) => {
      // Nothing but a bucket that is not there answers a put with 404.
      if (!(await ask(line, 'PUT', place, bytes))) throw away(bucket, 'there is no such bucket');
    },
    get: async (place) => (await ask(line, 'GET', place))?.body,
    drop: async (place) => void (await ask(line, 'DELETE', place)),
    tidy: async () => {}, // a put is whole or not there
  };
}

interface Line {
  readonly http: Pick<HttpClient, 'send'>;
  readonly bucket: Bucket;
  readonly workspaceAllow: readonly string[];
  readonly pause: (ms: number) => Promise<unknown>;
  readonly clock: () => number;
}

/** The answer to a request, tried again while what hinders it may pass; undefined for a name that is not there. */
async function ask(line: Line, method: string, place: ShelfPlace, body?: Uint8Array | ShelfBytes) {
  for (let attempt = 1; ; attempt++) {
    const answer = await attempted(line, method, place, body);
    if (!('trouble' in answer)) return answer.reply;
    if (!answer.mayPass || attempt === tries) throw away(line.bucket, answer.trouble);
    // Spread, so that processes that were slowed down together do not come back together.
    await line.pause(firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

type Answer = { readonly reply: IncomingReply | undefined } | { readonly trouble: string; readonly mayPass: boolean };

async function attempted(
  line: Line,
  method: string,
  place: ShelfPlace,
  body?: Uint8Array | ShelfBytes,
): Promise<Answer> {
  try {
    return read(await line.http.send(signed(line, method, place, body)));
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    return { trouble: error.message, mayPass: !lasting.has(error.code) };
  }
}

function read(reply: IncomingReply): Answer {
  if (reply.status < 300) return { reply };
  const code = codeIn(reply);
  if (reply.status === 404 && code !== 'NoSuchBucket') return { reply: undefined };
  return { trouble: `it answered ${reply.status} ${code}`.trim(), mayPass: passing.has(reply.status) };
}

/** `NoSuchKey`, `SignatureDoesNotMatch` and so on; an answer to HEAD has none. Source: "Error responses", S3 API reference. */
function codeIn({ body }: IncomingReply): string {
  return /<Code>(\w{1,80})<\/Code>/.exec(new TextDecoder().decode(body.subarray(0, 4_096)))?.[1] ?? '';
}

function signed(
  { bucket, workspaceAllow, clock }: Line,
  method: string,
  place: ShelfPlace,
  body?: Uint8Array | ShelfBytes,
) {
  const url = urlOf(bucket, place);
  const bodyHash = body && 'sha256' in body ? body.sha256 : sha256(body ?? '');
  const headers = { 'x-amz-content-sha256': bodyHash, 'x-amz-date': amzDate(clock()) };
  const signable = { method, url, headers: { host: url.host, ...headers }, bodyHash };
  return {
    method,
    url: url.href,
    headers,
    secretHeaders: { authorization: authorization({ ...bucket, service: 's3' }, signable) },
    ...(body ? { body } : {}),
    timeoutMs,
    maxBytes: largest,
    followRedirects: 0,
    workspaceAllow,
  };
}

function urlOf({ endpoint, bucket, prefix }: Bucket, place: ShelfPlace): URL {
  const parts = [bucket, ...prefix.split('/').filter(Boolean), ...partsOf(place)];
  return new URL(`${endpoint.replace(/\/+$/, '')}/${parts.map(encodePart).join('/')}`);
}

const pairOf = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;

const away = ({ bucket }: Bucket, trouble: string): Fault =>
  new Fault('store.away', `The bucket ${bucket} of large values cannot be used now: ${trouble}.`, {
    mend: 'Check HEDDLE_BLOBS and the HEDDLE_S3 settings: endpoint, region, keys, and what they may do in the bucket.',
  });
