import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { durationMs } from '../../flow/document/duration.ts';
import { type SignedPart, signedParts } from '../../nodes/start/signed-text.ts';

/** How a webhook's signature is made, as its node's params say. What was published before there were schemes is `plain`. */
export const hmac = z.object({
  kind: z.literal('hmac'),
  scheme: z.enum(['plain', 'stripe', 'slack', 'github', 'shopify', 'standard', 'custom']).default('plain'),
  header: z.string(),
  algorithm: z.enum(['sha256', 'sha1', 'sha512']),
  encoding: z.enum(['hex', 'base64', 'base64url']),
  prefix: z.string(),
  timestampHeader: z.string().optional(),
  signed: z.string().optional(),
  signatureField: z.string().optional(),
  timeField: z.string().optional(),
  tolerance: z.union([z.string(), z.number()]).optional(),
  credential: z.string().optional(),
});
export type Hmac = z.infer<typeof hmac>;

/** A scheme in full: where the signature and the time stand, and over what it is made. */
interface Scheme {
  readonly header: string;
  readonly algorithm: Hmac['algorithm'];
  readonly encoding: Hmac['encoding'];
  /** What stands before each signature. */
  readonly prefix: string;
  /** In a header such as `t=1,v1=ab,v1=cd`: the names of both. */
  readonly signatureField?: string | undefined;
  readonly timeField?: string | undefined;
  readonly timestampHeader?: string | undefined;
  /** Several signatures in one header are parted by this. */
  readonly between?: string;
  /** What is signed: `{time}.{body}`, with `{header:x-name}` for another header. */
  readonly signed: string;
  readonly secretIsBase64?: boolean;
}

const plain = { algorithm: 'sha256', encoding: 'hex', prefix: '', signed: '{body}' } as const;

/** As the senders' own documentation says: docs.stripe.com/webhooks, api.slack.com/authentication, docs.github.com, shopify.dev, standardwebhooks.com. */
const schemes: Readonly<Record<Exclude<Hmac['scheme'], 'plain' | 'custom'>, Scheme>> = {
  stripe: { ...plain, header: 'stripe-signature', signatureField: 'v1', timeField: 't', signed: '{time}.{body}' },
  slack: {
    ...plain,
    header: 'x-slack-signature',
    prefix: 'v0=',
    timestampHeader: 'x-slack-request-timestamp',
    signed: 'v0:{time}:{body}',
  },
  github: { ...plain, header: 'x-hub-signature-256', prefix: 'sha256=' },
  shopify: { ...plain, header: 'x-shopify-hmac-sha256', encoding: 'base64' },
  standard: {
    ...plain,
    header: 'webhook-signature',
    encoding: 'base64',
    prefix: 'v1,',
    between: ' ',
    timestampHeader: 'webhook-timestamp',
    signed: '{header:webhook-id}.{time}.{body}',
    secretIsBase64: true,
  },
};

function schemeOf(auth: Hmac): Scheme {
  if (auth.scheme !== 'plain' && auth.scheme !== 'custom') return schemes[auth.scheme];
  const { header, algorithm, encoding, prefix, timestampHeader } = auth;
  const own = { header, algorithm, encoding, prefix, timestampHeader };
  if (auth.scheme === 'plain') return { ...own, signed: timestampHeader === undefined ? '{body}' : '{time}.{body}' };
  const { signatureField, timeField, signed = '{body}' } = auth;
  return { ...own, signatureField, timeField, signed };
}

/** What there is to judge a signature by. `body` is the bytes as they came, `now` epoch milliseconds. */
export interface Signed {
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly now: number;
}

const usualToleranceMs = 5 * 60_000;

/** What a right signature says of its call. */
export interface Proven {
  /** Names the call where its time is signed, so that a copy can be told: by the signature as we make it, however the sender spelt it. */
  readonly once?: string;
  /** Until when a copy would be taken for fresh (epoch milliseconds): so long what counts once must be known. */
  readonly freshUntil?: number;
  /** What is signed beside that: nobody who caught the call can change it. */
  readonly signs: { readonly body: boolean; readonly headers: readonly string[] };
}

/**
 * Judges a signature; undefined when it is none of this secret over these very bytes, or is too old. Every comparison takes the same time.
 */
export function judgeSignature(
  auth: Hmac,
  { headers, body, now }: Signed,
  secret: string | undefined,
): Proven | undefined {
  const scheme = schemeOf(auth);
  const parts = signedParts(scheme.signed);
  if (!parts) return undefined;
  // Two headers of one name come joined by a comma, which no plain signature has.
  const sent = one(headers[scheme.header.toLowerCase()]) ?? '';
  const fields = scheme.signatureField === undefined && scheme.timeField === undefined ? undefined : fieldsOf(sent);
  const time = timeOf(scheme, headers, fields);
  const isDated = scheme.timeField !== undefined || scheme.timestampHeader !== undefined;
  const mac = createHmac(scheme.algorithm, keyOf(secret, scheme));
  for (const part of parts) mac.update(valueOf(part, headers, time, body));
  const wanted = scheme.prefix + mac.digest(scheme.encoding);
  const given = signaturesOf(scheme, sent, fields);
  const isRight = given.map((signature) => isEqual(signature, wanted, scheme)).includes(true);
  const moment = momentOf(time);
  const tolerance = toleranceOf(auth);
  const isFresh = !isDated || Math.abs(now - moment) <= tolerance;
  if (!isRight || !isFresh || !secret) return undefined;
  const names = parts.flatMap((part) => (part.is === 'header' ? [part.name] : []));
  const signs = { body: parts.some(({ is }) => is === 'body'), headers: names };
  const isOnce = isDated && (parts.some(({ is }) => is === 'time') || names.length > 0);
  return isOnce ? { once: `signature ${wanted}`, freshUntil: moment + tolerance, signs } : { signs };
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(',') : value);

function keyOf(secret: string | undefined, { secretIsBase64 }: Scheme): string | Buffer {
  if (!secret) return 'nothing';
  return secretIsBase64 ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : secret;
}

/** `t=1,v1=ab,v1=cd`: every name with its values. */
function fieldsOf(header: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const pair of header.split(/[,;]/, 40)) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0) fields.set(name, [...(fields.get(name) ?? []), pair.slice(at + 1).trim()]);
  }
  return fields;
}

function timeOf(
  { timeField, timestampHeader }: Scheme,
  headers: IncomingHttpHeaders,
  fields: Map<string, string[]> | undefined,
) {
  if (timeField !== undefined) return fields?.get(timeField)?.[0];
  return timestampHeader === undefined ? undefined : one(headers[timestampHeader.toLowerCase()]);
}

/** At most ten: senders send two while a secret is changed. */
function signaturesOf(
  { signatureField, between }: Scheme,
  sent: string,
  fields: Map<string, string[]> | undefined,
): string[] {
  if (signatureField !== undefined) return (fields?.get(signatureField) ?? []).slice(0, 10);
  return between === undefined ? [sent] : sent.split(between).slice(0, 10);
}

/** What a part of what is signed stands for in a call; the body in the bytes that came. */
function valueOf(
  part: SignedPart,
  headers: IncomingHttpHeaders,
  time: string | undefined,
  body: Uint8Array,
): string | Uint8Array {
  if (part.is === 'body') return body;
  if (part.is === 'time') return time ?? '';
  return part.is === 'header' ? (one(headers[part.name]) ?? '') : part.text;
}

function toleranceOf({ tolerance }: Hmac): number {
  if (tolerance === undefined) return usualToleranceMs;
  return durationMs(tolerance) ?? usualToleranceMs;
}

/** Seconds or milliseconds since 1970, or ISO 8601. */
function momentOf(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  if (!/^\d{1,16}$/.test(text)) return Date.parse(text);
  const number = Number(text);
  return number > 1e11 ? number : number * 1000;
}

/** In the same time whatever they are: digests under a key of the moment are compared, which have one length. */
function isEqual(sent: string, wanted: string, { encoding }: Scheme): boolean {
  const digest = (text: string) => createHmac('sha256', wanted).update(text).digest();
  return timingSafeEqual(digest(encoding === 'hex' ? sent.toLowerCase() : sent), digest(wanted)) && sent !== '';
}
