import { setImmediate as afterTurn } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { timerMs } from '../timer-ms.ts';
import { LargeAnswers, limitOfFile, mayBecomeFile } from './answer-size.ts';
import type { AnswerFile } from './answer-size.ts';
import { fileOrBytes } from './answer-stream.ts';
import { decodeBody } from './decode-body.ts';
import { dialer, type Lookup } from './dial.ts';
import { openEgress, type Egress, type Target } from './egress.ts';
import { exchange, type AnswerRoom, type BodySource, type ReplyHead, type ResetMark, type Stop } from './exchange.ts';
import { HttpFault, raised } from './http-fault.ts';
import { openNames } from './names.ts';
import { nextHop, type Hop } from './redirect.ts';
import { ownHeaders } from './request-headers.ts';

/** One request to the outside. Times in milliseconds, sizes in bytes. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  /** `Host`, `Content-Length` and what belongs to the connection are ours to write; a `Host` that differs is refused. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | BodySource;
  /** For everything: the name, the connection, every redirect, the whole body. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Of the answer's body, before and after decoding; 10 MiB when left out. What becomes a file has as much as files may have. */
  readonly maxBytes?: number;
  /** When its answer becomes a file, and who takes that. */
  readonly file?: AnswerFile | undefined;
  /** Where its answer is while it is read; one for all when left out. */
  readonly room?: AnswerRoom;
  /** 5 when left out; 0 gives the redirect itself as the reply. */
  readonly followRedirects?: number;
  /** Called on every hop when its connection stands, straight before its first byte. When it throws nothing is sent and its error comes out. */
  readonly beforeFirstByte?: () => void | Promise<void>;
  /** Further host:port pairs that this workspace may call. */
  readonly workspaceAllow?: readonly string[];
  /** Headers that prove who asks: sent to the first address and redirects of its origin, and to nobody else. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  /** What we write into the request to an address, asked on every hop and sent to that one alone. */
  readonly marks?: (url: URL) => Readonly<Record<string, string>>;
  /** Why an address may not be called, asked on every hop: the fault `power.denied`. `isLed`: a redirect of a GET or HEAD leads there. */
  readonly refusal?: (url: URL, isLed: boolean) => HostRefusal | undefined;
}

/** Why a host may not be called; `unlessPublic`: it may after all when it is public, whatever lists say. */
export interface HostRefusal {
  readonly words: string;
  readonly unlessPublic: boolean;
}

/** A whole answer of any status. `headers` are as they came, with lower-case names; `body` is decoded, and empty when it became a file. */
export interface IncomingReply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Record<string, string | string[]>;
  readonly body: Uint8Array;
  /** The address that answered, after redirects. */
  readonly url: string;
  readonly redirects: number;
  readonly ms: number;
}

/** The only way out of this process for everything that people configure: nodes, code, AI, webhooks, OAuth. Shared by all runs. */
export interface HttpClient {
  /** Sends a request at most once, without retries. Throws `HttpFault`, or what `beforeFirstByte` threw. */
  send(request: OutgoingRequest): Promise<IncomingReply>;
  /** Takes no more requests, waits for those under way and closes the connections. */
  close(): Promise<void>;
}

/** Caps that hold for every request. */
export interface HttpLimits {
  /** The answer's body when the request does not say. */
  readonly maxBytes?: number;
  /** Of an answer that becomes a file. */
  readonly fileBytes?: number;
  readonly headerBytes?: number;
  readonly connectMs?: number;
  /** To one origin at a time; more wait, on their own clock. */
  readonly connections?: number;
  readonly keepAliveMs?: number;
}

/** What the guarded client is opened with. */
export interface HttpClientOptions {
  /** host:port pairs that may be called though they are private: HEDDLE_ALLOW_HOSTS. Throws when one cannot be read. */
  readonly allowHosts: readonly string[];
  /** Ports of this machine that are never called: our own server, our own Postgres. Asked at each connection. */
  readonly ownPorts?: () => readonly number[];
  /** How names become addresses; a test's own answer. */
  readonly lookup?: Lookup;
  /** What kind an address is, as `kindOf` says; a test's own answer, so that a server on loopback may stand for a public one. */
  readonly kindOf?: (address: string) => string;
  /** Certificates (PEM) to trust instead of Node's list. */
  readonly ca?: readonly string[];
  readonly limits?: HttpLimits;
}

// Idle connections live 1.5 s (or as the server's Keep-Alive header says, less 2 s): most servers close theirs after 2 s (gunicorn) to 5 s
// (Node, Apache, uvicorn), and a POST that meets a closing connection is in doubt, which costs a person's attention; a new one costs a round trip.
const defaults = {
  maxBytes: 10 * 1024 * 1024,
  fileBytes: 64 * 1024 * 1024,
  headerBytes: 32 * 1024,
  connectMs: 10_000,
  connections: 256,
  keepAliveMs: 1500,
};

/**
 * Opens the guarded client (SAFETY.md 4.3, egress broker). Two pools of kept-alive connections, one for public targets and one for listed
 * ones: in a single pool a workspace could ride on a connection to a private host that another workspace's list had opened.
 */
export function openHttpClient(options: HttpClientOptions): HttpClient {
  const limits = { ...defaults, ...options.limits };
  const reset: ResetMark = { now: false };
  const lookup = options.lookup ?? openNames();
  const egress = openEgress(options.allowHosts, options.ownPorts ?? (() => []), options.kindOf);
  const agents = {
    open: agentOf(false, { ...options, lookup }, limits, egress, reset),
    listed: agentOf(true, { ...options, lookup }, limits, egress, reset),
  };
  const agentFor = (listed: boolean) => (listed ? agents.listed : agents.open);
  const room = roomOf(new LargeAnswers(4 * Math.max(limits.maxBytes, limits.fileBytes)), limits.maxBytes);
  const line: Line = { egress, agentFor, reset, breath: openBreath(), limits, room };
  return {
    send: (request) => send(line, request),
    close: async () => {
      await Promise.all([agents.open.close(), agents.listed.close()]);
    },
  };
}

/** Answers beyond what is read otherwise, together. */
const roomOf = (large: LargeAnswers, free: number): AnswerRoom => ({
  free,
  enter: async ({ most }) => ({ bytes: most, letGo: await large.enter(most) }),
});

interface Line {
  readonly egress: Egress;
  readonly agentFor: (listed: boolean) => Dispatcher;
  readonly reset: ResetMark;
  readonly breath: Breath;
  readonly limits: Required<HttpLimits>;
  readonly room: AnswerRoom;
}

/**
 * undici gives a connection back one turn of the event loop after an answer, so that a server which closes it can be heard; a request
 * sent within that turn would open a second connection. Who comes that early waits for the turn: microseconds instead of a handshake.
 */
interface Breath {
  needed(): void;
  taken(): Promise<void> | undefined;
}

function openBreath(): Breath {
  let turn: Promise<void> | undefined;
  return {
    needed: () => {
      turn ??= afterTurn().then(() => (turn = undefined));
    },
    taken: () => turn,
  };
}

function agentOf(
  listed: boolean,
  options: HttpClientOptions & { readonly lookup: Lookup },
  limits: Required<HttpLimits>,
  egress: Egress,
  reset: ResetMark,
): Agent {
  const onReset = () => {
    reset.now = true;
    queueMicrotask(() => (reset.now = false)); // listeners of one event all run before any microtask
  };
  const { lookup, ca } = options;
  return new Agent({
    connect: dialer({ egress, listed, lookup, connectMs: limits.connectMs, onReset, ...(ca ? { ca } : {}) }),
    allowH2: false, // HTTP/2 sends again by itself what a GOAWAY left open
    pipelining: 1,
    connections: limits.connections,
    maxHeaderSize: limits.headerBytes,
    keepAliveTimeout: limits.keepAliveMs,
  });
}

async function send(line: Line, request: OutgoingRequest): Promise<IncomingReply> {
  const began = performance.now();
  const clock = startClock(request);
  let hop: Hop | undefined;
  try {
    hop = firstHop(request);
    const follow = request.followRedirects ?? 5;
    for (let redirects = 0; ; redirects++) {
      const { reply, next } = await take(line, request, hop, clock, follow > 0);
      if (!next) return { ...reply, url: hop.url, redirects, ms: performance.now() - began };
      hop = next;
      if (redirects === follow)
        throw new HttpFault('http.redirects', `The answer was the redirect after the ${follow} that are followed.`);
    }
  } catch (error) {
    throw error instanceof HttpFault && hop ? raised(error, hop.done) : error;
  } finally {
    clock.end();
  }
}

/** One hop: its checks, its exchange, and where it sends us. */
async function take(line: Line, request: OutgoingRequest, hop: Hop, clock: Stop, follow: boolean) {
  const { beforeFirstByte, file, room = line.room } = request;
  const sizes = { ...line.limits, maxBytes: request.maxBytes ?? line.limits.maxBytes };
  const target = targetOf(line, request, hop);
  const nextOf = (head: ReplyHead) => (follow ? nextHop(hop, head) : undefined);
  const isStreamed = (head: ReplyHead) => mayBecomeFile(head, file) && !nextOf(head);
  const mostOf = (head: ReplyHead) => (isStreamed(head) ? limitOfFile(sizes) : { bytes: sizes.maxBytes });
  const headers = { ...hop.headers, ...request.marks?.(target.url) };
  const ask = { ...hop, headers, target, mostOf, isStreamed, room, ...(beforeFirstByte ? { beforeFirstByte } : {}) };
  await line.breath.taken();
  const raw = await exchange(line.agentFor(target.listed), ask, clock, line.reset);
  if ('stream' in raw) {
    const { status, statusText, headers } = raw;
    const body = await fileOrBytes(raw, file, { host: target.host, sizes, room });
    line.breath.needed();
    return { next: undefined, reply: { status, statusText, headers, body } };
  }
  line.breath.needed();
  const { letGo, ...reply } = raw;
  try {
    const next = nextOf(reply);
    return { next, reply: next ? reply : { ...reply, body: await decodeBody(reply, target.host, mostOf(reply)) } };
  } finally {
    letGo();
  }
}

/** Where a hop goes, when it may: a host that was granted, or a public one that a redirect leads to. */
function targetOf({ egress }: Line, { workspaceAllow, refusal, method, url }: OutgoingRequest, hop: Hop): Target {
  const target = egress.target(hop.url, workspaceAllow);
  const isLed = hop.url !== url && isSafe(method) && hop.body === undefined;
  const refused = refusal?.(target.url, isLed);
  if (!refused) return target;
  if (!refused.unlessPublic) throw new HttpFault('power.denied', refused.words);
  try {
    return egress.target(hop.url, [], true);
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    const words = `${refused.words} A redirect may lead to a public host only.`;
    throw new HttpFault('power.denied', words, 'no', {
      cause: error,
      mend: 'Call that address itself, in a node of its own.',
    });
  }
}

const isSafe = (method: string): boolean => /^(GET|HEAD)$/i.test(method);

/** The deadline and the caller's signal as one; `end` takes both away. */
function startClock({ timeoutMs, signal }: OutgoingRequest): Stop & { end(): void } {
  const clock: { -readonly [Key in keyof Stop]: Stop[Key] } & { end(): void } = {
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    },
  };
  const stop = (reason: NonNullable<Stop['reason']>) => {
    if (clock.reason) return;
    clock.reason = reason;
    clock.onStop?.();
  };
  const cancel = () => stop({ code: 'http.cancelled', message: 'The request was stopped.' });
  const late = () => stop({ code: 'http.timeout', message: `There was no whole answer within ${timeoutMs} ms.` });
  const timer = setTimeout(late, timerMs(timeoutMs));
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  return clock;
}

function firstHop({ method, url, headers = {}, secretHeaders = {}, body }: OutgoingRequest): Hop {
  const verb = method.toUpperCase();
  if (!/^[A-Z]+$/.test(verb) || ['CONNECT', 'TRACE', 'TRACK'].includes(verb)) {
    throw new HttpFault('http.bad-request', `${verb.slice(0, 20)} is not a method that can be sent.`);
  }
  const sent = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const secret = new Set(Object.keys(secretHeaders).map((name) => name.toLowerCase()));
  return {
    url,
    method: verb,
    headers: ownHeaders({ ...headers, ...secretHeaders }, url, sizeOf(sent), secret),
    secret,
    done: 'no',
    ...(sent ? { body: sent } : {}),
  };
}

const sizeOf = (body: Uint8Array | BodySource | undefined): number =>
  body instanceof Uint8Array ? body.byteLength : (body?.size ?? 0);
