import type { IncomingMessage } from 'node:http';
import type { JsonWarning } from '../text/json-scan.ts';
import { HookParams } from '../triggers/describe.ts';
import { proofHeaders } from '../triggers/proofs.ts';
import type { Address } from './address.ts';
import { Auth, checkCaller } from './check-caller.ts';
import type { Checked, FindSecret } from './check-caller.ts';
import type { HeadCleaner } from './clean-head.ts';
import { queryFields } from '../http/body/form-fields.ts';
import { parseBody, rawBody } from '../http/body/parse-body.ts';
import type { StoreFile } from '../http/body/parse-body.ts';
import type { Sender } from '../http/body/body-room.ts';
import { withBody } from '../http/body/read-body.ts';
import type { BodyCaps } from '../http/body/read-body.ts';
import { isLarge, rememberLarge } from '../text/known-json.ts';
import { atOnceMost } from '../text/turns.ts';
import { shownHeaders } from './shown-headers.ts';

/** A webhook's params with what is worked out of them once. */
export interface Hook {
  readonly params: HookParams;
  readonly auth: Auth;
  /** The headers that no item shows: what proves its callers. */
  readonly secret: ReadonlySet<string>;
}

/** Reads the params of a webhook as they were published, or are about to be. */
export function readHook(given: unknown): Hook {
  const params = HookParams.parse(given);
  const auth = Auth.parse(params.auth);
  return { params, auth, secret: new Set(['cookie', ...proofHeaders(params)]) };
}

/** A call as the start node delivers it. */
export interface CallItem {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Around {
  readonly address: Pick<Address, 'path' | 'query'>;
  /** The parts that the path names. */
  readonly named: Readonly<Record<string, string>>;
  readonly now: number;
  readonly findSecret: (credential: string) => ReturnType<FindSecret>;
  /** Headers that prove callers of this address, or did lately. */
  readonly proofs?: readonly string[];
  /** Takes the secrets of the workspace out of what it shows. */
  readonly headCleaner: () => Promise<HeadCleaner | undefined>;
  readonly storeFile: StoreFile;
  readonly bodies: BodyCaps;
  readonly sender: Sender;
}

/** Reads a call of a webhook whole: 401 for who may not call, 413 for what is too large, 400 for what cannot be read, else the item. */
export async function readCall(
  { params, auth, secret }: Hook,
  request: IncomingMessage,
  { address, named, now, findSecret, proofs = [], headCleaner, storeFile, bodies, sender }: Around,
): Promise<{ item: CallItem; checked: Checked; warnings: readonly JsonWarning[] }> {
  const { headers } = request;
  const type = headers['content-type'];
  const head = { type, disposition: headers['content-disposition'] };
  // What proves itself without its body is judged before a byte of it is read.
  const early = auth.kind === 'hmac' ? undefined : await checkCaller(auth, { headers, now }, findSecret);
  const parse = params.body === 'raw' ? rawBody : parseBody;
  const judge = async (bytes: Buffer) => early ?? (await checkCaller(auth, { headers, body: bytes, now }, findSecret));
  const read = async (bytes: Buffer) => ({ checked: await judge(bytes), body: await parse(bytes, head, storeFile) });
  const [{ body, checked }, clean] = await Promise.all([
    withBody(request, bodies.most, read, { ...bodies, sender }),
    headCleaner(),
  ]);
  const query = queryFields(address.query);
  const hidden = proofs.every((name) => secret.has(name)) ? secret : new Set([...secret, ...proofs]);
  const shown = shownHeaders(headers, hidden);
  const item = {
    method: request.method ?? 'POST',
    path: address.path,
    headers: clean?.(shown) ?? shown,
    query: clean?.(query.all) ?? query.all,
    params: named,
    body: body.value,
  };
  if (isLarge(body.value) || (typeof body.value === 'string' && body.value.length > atOnceMost)) rememberLarge(item);
  return { item, checked, warnings: [...body.warnings, ...query.warnings] };
}
