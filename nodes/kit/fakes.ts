import { isObject } from '../../flow/document/json.ts';
import { sha256Hex } from '../../flow/document/hashing.ts';
import type { Power } from '../../flow/document/powers.ts';
import { toUtf8 as utf8 } from '../../flow/expression/bytes/utf8.ts';
import type { FaultRecord, LogLine } from '../../flow/facts/fact.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { seededRandom } from '../../flow/facts/keys.ts';
import type { PowerSource } from './call.ts';
import type { FileRef, HttpReply, HttpRequest, LinkCall, Powers } from './powers.ts';

/** A fault that a fake throws in place of an answer. */
export interface FakeFault {
  readonly fault: string;
  readonly message?: string;
  readonly done?: FaultRecord['done'];
}

/** An answer of the far side: to requests that have all of `when`, each header and query name by name. The first that fits is given. */
export interface FakeExchange {
  readonly when?: Readonly<{
    method?: string;
    url?: string;
    headers?: Readonly<Record<string, string>>;
    body?: string;
  }>;
  readonly reply?: Readonly<{
    status?: number;
    headers?: Readonly<Record<string, string>>;
    json?: unknown;
    text?: string;
  }>;
  readonly fault?: FakeFault;
}

/** What an example's `with` may hold, by power. */
export interface Fakes {
  readonly http?: readonly FakeExchange[];
  /** Stands in for the sandbox: what the code gives, or a fault. */
  readonly code?: ((items: readonly unknown[]) => unknown) | FakeFault;
  /** The answer a person gives; null when the due time passes without one. */
  readonly review?: Awaited<ReturnType<Powers['review']['ask']>> | null;
  /** How the node's link is called; null when the due time passes without that. */
  readonly call?: Partial<LinkCall> | null;
  /** How the called workflow ends, for each child. */
  readonly workflow?:
    | ((inputs: readonly (readonly unknown[])[]) => Awaited<ReturnType<Powers['workflow']['call']>>)
    | FakeFault;
  /** What is stored before. */
  readonly state?: Readonly<Record<string, unknown>>;
  /** Texts of stored files by id. */
  readonly file?: Readonly<Record<string, string>>;
  /** The moment of the call (ISO 8601) and its zone. */
  readonly clock?: Readonly<{ now?: string; zone?: string }>;
  /** For a start: what the world delivers. */
  readonly event?: readonly unknown[];
  /** For a loop: which turn it is and what came back in the turns before. */
  readonly loop?: Readonly<{ turn: number; back: readonly (readonly unknown[])[] }>;
}

/** Powers that touch nothing, and what was asked of them. */
export interface FakeWorld {
  readonly powers: PowerSource;
  readonly sent: readonly HttpRequest[];
  readonly logs: readonly LogLine[];
  /** The instants (epoch ms) that timers were set to. */
  readonly waits: readonly number[];
  readonly written: ReadonlyMap<string, Uint8Array>;
}

/** Makes the fake powers that an example describes. A power without a fake throws when it is used. */
export function fakeWorld(fakes: Fakes): FakeWorld {
  const sent: HttpRequest[] = [];
  const logs: LogLine[] = [];
  const waits: number[] = [];
  const written = new Map<string, Uint8Array>();
  const powers: { readonly [Name in Power]: Powers[Name] | undefined } = {
    http: { send: async (request) => (sent.push(request), answer(fakes.http ?? [], request)) },
    code: {
      run: async (job) => (isFault(fakes.code) ? raise(fakes.code) : (fakes.code ?? missing('code'))(job.items)),
    },
    timer: {
      until: async (instant) => void waits.push(instant),
      call: async (due) => linkCall(fakes.call, waits, due),
    },
    review: { ask: async () => (fakes.review === undefined ? missing('review') : (fakes.review ?? undefined)) },
    workflow: {
      call: async (job) =>
        isFault(fakes.workflow) ? raise(fakes.workflow) : (fakes.workflow ?? missing('workflow'))(job.inputs),
    },
    state: memory(fakes.state ?? {}),
    file: files(fakes.file ?? {}, written),
    log: logger(logs),
    hash: { sha256: sha256Hex },
    random: { next: seededRandom('example') },
    // No node asks for these yet.
    sql: undefined,
    ai: undefined,
    channel: undefined,
    entity: undefined,
    event: undefined,
  };
  const source: PowerSource = (name) => {
    const power = powers[name];
    if (power === undefined) throw new Error(`There is no fake for the power ${name}.`);
    // Looked up by this very name a line above.
    return power as Powers[typeof name];
  };
  return { powers: source, sent, logs, waits, written };
}

function linkCall(call: Fakes['call'], waits: number[], due: number | undefined): LinkCall | undefined {
  if (due !== undefined) waits.push(due);
  if (call === undefined) return missing('call');
  return call === null ? undefined : { method: 'POST', headers: {}, query: {}, body: null, ...call };
}

const missing = (power: string): never => {
  throw new Error(`The example uses ${power} and has no fake for it in \`with\`.`);
};

const isFault = (fake: unknown): fake is FakeFault => isObject(fake) && typeof fake['fault'] === 'string';

function raise({ fault, message, done }: FakeFault): never {
  throw new Fault(fault, message ?? `The fake failed with ${fault}.`, done === undefined ? {} : { done });
}

function answer(exchanges: readonly FakeExchange[], request: HttpRequest): HttpReply {
  const found = exchanges.find(({ when }) => fits(when, request));
  if (found === undefined) throw new Error(`No fake answers ${request.method} ${request.url}.`);
  if (found.fault) raise(found.fault);
  return replyOf(found.reply ?? {}, request.url);
}

function fits(when: FakeExchange['when'], { method, url, headers, body }: HttpRequest): boolean {
  if (when === undefined) return true;
  if (when.method !== undefined && when.method !== method) return false;
  if (when.url !== undefined && when.url !== url) return false;
  if (when.body !== undefined && when.body !== body) return false;
  return Object.entries(when.headers ?? {}).every(([name, value]) => headers?.[name] === value);
}

/** A complete HTTP answer with this JSON or text as its body. */
export function replyOf(reply: NonNullable<FakeExchange['reply']>, url: string): HttpReply {
  const text = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json));
  const type = reply.json === undefined ? 'text/plain; charset=utf-8' : 'application/json';
  return {
    status: reply.status ?? 200,
    headers: { 'content-type': type, ...reply.headers },
    bytes: utf8(text),
    url,
    text: async () => text,
    looseText: async () => text,
    opening: async () => text.slice(0, 16_384),
    isText: () => true,
  };
}

function memory(before: Readonly<Record<string, unknown>>): Powers['state'] {
  const stored = new Map(Object.entries(before));
  return {
    get: async (key) => stored.get(key),
    set: async (key, value) => void stored.set(key, value),
    increment: async (key, by) => {
      const sum = Number(stored.get(key) ?? 0) + by;
      stored.set(key, sum);
      return sum;
    },
    remove: async (key) => void stored.delete(key),
  };
}

function files(texts: Readonly<Record<string, string>>, written: Map<string, Uint8Array>): Powers['file'] {
  const write: Powers['file']['write'] = async ({ name, type, bytes }): Promise<FileRef> => {
    const $file = `file_${written.size + 1}`;
    written.set($file, bytes);
    return { $file, name, type, size: bytes.length };
  };
  return {
    read: async ({ $file }) =>
      written.get($file) ?? (Object.hasOwn(texts, $file) ? utf8(texts[$file] ?? '') : missing(`file ${$file}`)),
    readText: async ({ $file }) => (Object.hasOwn(texts, $file) ? (texts[$file] ?? '') : missing(`file ${$file}`)),
    write,
    writeText: ({ text, ...file }) => write({ ...file, bytes: utf8(text) }),
  };
}

function logger(logs: LogLine[]): Powers['log'] {
  const at = (level: LogLine['level']) => (text: string, data?: unknown) => {
    logs.push(data === undefined ? { level, text } : { level, text, data });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
