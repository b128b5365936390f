import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createLocalJWKSet, importJWK, importSPKI, jwtVerify } from 'jose';
import * as z from 'zod';
import { Refusal } from '../http/refusal.ts';
import { hmac, judgeSignature } from './signature.ts';
import type { Proven } from './signature.ts';

/** The secret behind a credential's name, as fields; undefined when the workspace has none of that name. */
export type FindSecret = (
  workspace: string,
  credential: string,
) => Promise<Readonly<Record<string, string>> | undefined>;

const named = { credential: z.string().optional() };

/** How a webhook tells who may call: as its node's params say. */
export const Auth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('basic'), ...named }),
  z.object({ kind: z.literal('header'), name: z.string(), ...named }),
  hmac,
  z.object({
    kind: z.literal('jwt'),
    algorithm: z.enum(['HS256', 'RS256', 'ES256', 'EdDSA']),
    issuer: z.string().optional(),
    audience: z.string().optional(),
    ...named,
  }),
]);
export type Auth = z.infer<typeof Auth>;

/** What there is to judge a caller by. `body` is the bytes as they came: only a signature is over them. */
export interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body?: Uint8Array;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A caller who may call, and what a signature says of the call itself. */
export type Checked = Partial<Proven>;

/**
 * Throws 401 for everybody who cannot prove to be who the webhook expects; also when the secret is not there, and in no other words (SAFETY
 * W1). Every comparison takes the same time.
 */
export async function checkCaller(
  auth: Auth,
  call: Call,
  findSecret: (credential: string) => ReturnType<FindSecret>,
): Promise<Checked> {
  if (auth.kind === 'none') return {};
  const secret = auth.credential === undefined ? undefined : await findSecret(auth.credential);
  const checked = await judge(auth, call, secret ?? {});
  if (!checked || !secret) throw refused(auth);
  return checked;
}

const refused = ({ kind }: Auth) =>
  new Refusal(401, 'unauthenticated', 'This webhook does not know who calls.', {
    headers: { 'www-authenticate': kind === 'basic' ? 'Basic realm="webhook", charset="UTF-8"' : 'Bearer' },
  });

type Secret = Readonly<Record<string, string>>;

async function judge(auth: Exclude<Auth, { kind: 'none' }>, call: Call, secret: Secret): Promise<Checked | undefined> {
  switch (auth.kind) {
    case 'basic':
      return judgeBasic(call, secret) ? {} : undefined;
    case 'header':
      return isSame(one(call.headers[auth.name.toLowerCase()]), headerOf(secret)) ? {} : undefined;
    case 'hmac':
      return judgeSignature(auth, { body: new Uint8Array(), ...call }, secret['secret'] ?? secret['value']);
    case 'jwt':
      return (await judgeToken(auth, call, secret)) ? {} : undefined;
  }
}

/** What the header must hold: a value as it is; a bearer token as callers send it. */
const headerOf = ({ value, secret, token }: Secret): string | undefined =>
  value ?? secret ?? (token === undefined ? undefined : `Bearer ${token}`);

function judgeBasic({ headers }: Call, { username, password }: Secret): boolean {
  const sent = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const wanted = username === undefined || password === undefined ? undefined : `${username}:${password}`;
  return isSame(Buffer.from(sent, 'base64').toString('utf8'), wanted);
}

async function judgeToken(
  auth: Extract<Auth, { kind: 'jwt' }>,
  { headers, now }: Call,
  secret: Secret,
): Promise<boolean> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return false;
  try {
    const options = {
      algorithms: [auth.algorithm], // pinned: what the token says of itself decides nothing
      currentDate: new Date(now),
      clockTolerance: 5,
      requiredClaims: ['exp'],
      ...(auth.issuer === undefined ? {} : { issuer: auth.issuer }),
      ...(auth.audience === undefined ? {} : { audience: auth.audience }),
    };
    const jwks = secret['jwks'];
    if (jwks !== undefined && auth.algorithm !== 'HS256') {
      await jwtVerify(token, createLocalJWKSet(JSON.parse(jwks)), options);
    } else await jwtVerify(token, await keyFor(auth.algorithm, secret), options);
    return true;
  } catch {
    return false;
  }
}

async function keyFor(algorithm: string, secret: Secret) {
  const text = algorithm === 'HS256' ? secret['secret'] : (secret['publicKey'] ?? secret['secret']);
  if (!text) throw new Error('no key');
  if (algorithm === 'HS256') return new TextEncoder().encode(text);
  return text.trim().startsWith('{') ? importJWK(JSON.parse(text), algorithm) : importSPKI(text, algorithm);
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(',') : value);

/** In the same time whatever they are: digests are compared, which have one length. */
function isSame(sent: string | undefined, wanted: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const isEqual = timingSafeEqual(digest(sent ?? ''), digest(wanted ?? ''));
  return isEqual && sent !== undefined && sent !== '' && wanted !== undefined && wanted !== '';
}
