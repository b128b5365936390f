import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Gathered } from '../text/gathered.ts';
import { faultOf, HttpFault, tooLarge, type Done, type HttpFaultCode } from './http-fault.ts';

/** Headers by lower-case name; a name that came more than once has a list. */
export type Headers = Record<string, string | string[]>;

/** Where answers are while they are read. */
export interface AnswerRoom {
  /** Bytes that an answer may have without asking. */
  readonly free: number;
  /** Resolves when there is room for an answer that has come so far, or is so long all in all. */
  enter(wanted: { readonly bytes: number; readonly isAll: boolean; readonly most: number }): Promise<Entered>;
}

/** How many bytes an answer may have now; `letGo` gives its room back. */
export interface Entered {
  readonly bytes: number;
  letGo(): void;
}

/** A body that is too large to be held: read anew each time that it is sent. */
export interface BodySource {
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
}

/** One request on the wire, without redirects. */
export interface Ask {
  readonly target: { readonly url: URL; readonly host: string };
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Uint8Array | BodySource;
  /** The most that an answer with such a head may have. */
  readonly mostOf: (head: ReplyHead) => AnswerLimit;
  /** Whether an answer is read as it comes. */
  readonly isStreamed?: ((head: ReplyHead) => boolean) | undefined;
  readonly room: AnswerRoom;
  /** Called when the connection stands, straight before the first byte; when it throws nothing is sent and its error comes out as it is. */
  readonly beforeFirstByte?: () => void | Promise<void>;
}

/** The bytes that an answer may have, and what helps when it has more. */
export interface AnswerLimit {
  readonly bytes: number;
  readonly mend?: string;
}

/** What comes before the body of an answer. */
export interface ReplyHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
}

/** A whole answer as it came, its body still encoded. */
export interface RawReply extends ReplyHead {
  readonly body: Uint8Array;
}

/** An answer whose body is still to come: as fast as it is read, and never more of it than some pieces. Destroying it ends the exchange. */
export interface StreamedReply extends ReplyHead {
  readonly stream: Readable;
}

/** An answer with the room that it holds: `letGo` says that its bytes as they came are not needed any more. */
export interface HeldReply extends RawReply {
  readonly letGo: () => void;
}

/** Ends an exchange from outside: the deadline, or the caller's signal. */
export interface Stop {
  readonly reason?: { readonly code: HttpFaultCode; readonly message: string };
  onStop?: () => void;
}

/** True while the error event of a reset connection is being handed round. */
export interface ResetMark {
  now: boolean;
}

/** Bytes of an answer that is read as it comes which are taken ahead of who reads it. */
const streamedAhead = 256 * 1024;

/** So many heads may come before the answer: a service that says each minute that it still works says less within any time that is given. */
const headsAhead = 100;

/** Sends one request at most once and gives the whole answer, or its head and a body that is read. Throws `HttpFault`, or what `beforeFirstByte` threw. */
export function exchange(
  dispatcher: Dispatcher,
  ask: Ask,
  stop: Stop,
  reset: ResetMark,
): Promise<HeldReply | StreamedReply> {
  return new Promise((resolve, reject) => {
    const talk = new Conversation(ask, stop, reset, resolve, reject);
    if (stop.reason) return talk.stop();
    stop.onStop = () => talk.stop();
    const { url } = ask.target;
    // Every error of a bad argument comes through onResponseError, too; dispatch throws only for a wrong handler.
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: ask.method,
        headers: ask.headers,
        body: talk.body(),
        headersTimeout: 0, // `stop` is the one clock
        bodyTimeout: 0,
      },
      talk,
    );
  });
}

/**
 * What undici tells of one request, in order: start (the connection is ours; bytes follow at once), head, data, end or error.
 * `asked` turns true straight before the first byte can leave, so before it every failure is known not to have been carried out.
 */
class Conversation implements Dispatcher.DispatchHandler {
  readonly #ask: Ask;
  readonly #stop: Stop;
  readonly #reset: ResetMark;
  readonly #resolve: (reply: HeldReply | StreamedReply) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #started = false;
  #asked = false;
  #over = false;
  #head: ReplyHead | undefined;
  #most: AnswerLimit = { bytes: 0 };
  /** Of a body that comes as it is: its length as it was announced. */
  #announced = 0;
  /** Bytes that it has room for. */
  #allowed: number;
  #isWaiting = false;
  #letGo: (() => void) | undefined;
  #gathered: Gathered | undefined;
  #size = 0;
  #headsAhead = 0;
  /** The body of an answer that is read as it comes. */
  #stream: Readable | undefined;

  constructor(
    ask: Ask,
    stop: Stop,
    reset: ResetMark,
    resolve: (reply: HeldReply | StreamedReply) => void,
    reject: (error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#allowed = ask.room.free;
    this.#stop = stop;
    this.#reset = reset;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /**
   * With a fence to ask, the body is a stream even when it is empty: undici writes the header only when the stream gives its first chunk
   * or ends, and that is the one place between "the connection stands" and "the first byte" where one can wait.
   */
  body(): Uint8Array | Readable | null {
    const { beforeFirstByte, body } = this.#ask;
    if (!beforeFirstByte && (!body || body instanceof Uint8Array)) return body ?? null;
    const fence = async () => beforeFirstByte && this.#passFence(beforeFirstByte);
    const chunks = () => this.#chunksOf(body);
    async function* fenced(): AsyncGenerator<Uint8Array> {
      await fence();
      yield* chunks();
    }
    // undici stops listening once a request is over; an error of a stream nobody listens to would end the process.
    return Readable.from(fenced(), { objectMode: false }).on('error', () => {});
  }

  /** What breaks in where a body comes from is no fault of the far side: it comes out as it is. */
  async *#chunksOf(body: Uint8Array | BodySource | undefined): AsyncGenerator<Uint8Array> {
    if (!body) return;
    if (body instanceof Uint8Array) return body.byteLength > 0 ? yield body : undefined;
    try {
      yield* body.read();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  async #passFence(beforeFirstByte: () => void | Promise<void>): Promise<void> {
    try {
      if (!this.#over) await beforeFirstByte();
    } catch (error) {
      this.#fail(error);
    }
    if (this.#over) throw new Error('The exchange is over before its first byte.');
    this.#asked = true;
  }

  stop(): void {
    const { code, message } = this.#stop.reason ?? { code: 'http.cancelled', message: 'The request was stopped.' };
    this.#fail(new HttpFault(code, message, this.#doneSoFar()));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Throwing here ends the request before a byte is written and leaves the connection whole. A second start would be a second sending.
    if (this.#over) throw new Error('The exchange was over before it could start.');
    if (this.#started) throw new Error('undici tried to send a request twice.');
    this.#started = true;
    this.#controller = controller;
    if (!this.#ask.beforeFirstByte) this.#asked = true;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers, statusText = ''): void {
    if (status < 200) return this.#ahead(); // 103 Early Hints and its like: the answer is still to come
    const head = { status, statusText, headers: { ...headers } };
    this.#head = head;
    this.#most = this.#ask.mostOf(head);
    if (this.#ask.method === 'HEAD') return;
    if (Number(headers['content-length']) > this.#most.bytes) return this.#tooLarge(status);
    if (headers['content-encoding'] === undefined) this.#announced = Number(headers['content-length'] ?? 0);
    if (!this.#ask.isStreamed?.(head)) return;
    this.#stream = new Readable({
      highWaterMark: streamedAhead,
      autoDestroy: false, // what has come may still wait for room, and is told when its time is up
      read: () => this.#controller?.resume(),
      destroy: (error, done) => {
        this.#fail(error ?? new Error('Nobody reads the answer to its end.'));
        done(error);
      },
    }).on('error', () => {}); // it comes out where it is read, which may be never
    this.#resolve({ ...head, stream: this.#stream });
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#size += chunk.byteLength;
    if (this.#size > this.#most.bytes) return this.#tooLarge(this.#head?.status ?? 0);
    if (this.#stream) {
      if (!this.#gathered) queueMicrotask(() => this.#passOn());
      this.#gathered ??= new Gathered(streamedAhead);
      return this.#gathered.add(chunk);
    }
    this.#gathered ??= new Gathered(Number(this.#head?.headers['content-length'] ?? this.#most.bytes));
    this.#gathered.add(chunk);
    if (this.#size > this.#allowed && !this.#isWaiting) void this.#waitForRoom();
  }

  #ahead(): void {
    if (++this.#headsAhead <= headsAhead) return;
    const words = `${this.#host} sent more than ${headsAhead} heads that announce an answer, and none.`;
    this.#fail(new HttpFault('http.protocol', words, this.#doneSoFar()));
  }

  /** Pieces that came at once go on as one: each by itself is an object of some 140 bytes, and a service may send pieces of one byte. */
  #passOn(): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered && !this.#over && this.#stream?.push(gathered.bytes) === false) this.#controller?.pause();
  }

  /** Nothing more is read until there is room for more; what it had is given back then. */
  async #waitForRoom(): Promise<void> {
    this.#isWaiting = true;
    this.#controller?.pause();
    while (!this.#over && this.#size > this.#allowed) {
      const isAll = this.#announced >= this.#size;
      const bytes = isAll ? this.#announced : this.#size;
      const { bytes: allowed, letGo } = await this.#ask.room.enter({ bytes, isAll, most: this.#most.bytes });
      this.#letGo?.();
      this.#letGo = letGo;
      this.#allowed = allowed;
    }
    this.#isWaiting = false;
    if (this.#over) this.#letGo?.();
    else this.#controller?.resume();
  }

  onResponseEnd(): void {
    if (this.#over || !this.#head) return;
    // undici takes a reset for the end of a body that only the connection's end delimits: nobody can say that it was whole.
    if (this.#reset.now)
      return this.onResponseError(
        null,
        new HttpFault('http.truncated', `${this.#host} broke off in the middle of its answer.`, 'unknown'),
      );
    if (this.#stream) this.#passOn();
    this.#over = true;
    if (this.#stream) return void this.#stream.push(null);
    const letGo = this.#letGo ?? (() => {});
    this.#resolve({ ...this.#head, body: own(this.#gathered?.bytes ?? new Uint8Array()), letGo });
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    const fault = faultOf(error, this.#host, this.#doneSoFar());
    const broken = this.#head !== undefined && fault.code === 'http.reset';
    this.#fail(
      broken
        ? new HttpFault('http.truncated', `${this.#host} broke off in the middle of its answer.`, 'unknown', {
            cause: error,
          })
        : fault,
    );
  }

  #tooLarge(status: number): void {
    this.#fail(tooLarge(this.#host, this.#most, status));
  }

  #fail(error: unknown): void {
    // What has come to its end may still wait to be read: who reads it is told, too.
    this.#stream?.destroy(error instanceof Error ? error : new Error(String(error)));
    if (this.#over) return;
    this.#over = true;
    this.#gathered = undefined;
    this.#letGo?.();
    this.#reject(error);
    this.#controller?.abort(new Error('The exchange is over.'));
  }

  #doneSoFar(): Done {
    return this.#asked ? 'unknown' : 'no';
  }

  get #host(): string {
    return this.#ask.target.host;
  }
}

/** Memory of its own: a piece alone would keep the whole 64 kB buffer of its socket alive, and room that doubled may be twice as large. */
function own(bytes: Uint8Array): Uint8Array {
  const { buffer, byteLength } = bytes;
  return byteLength === buffer.byteLength ? new Uint8Array(buffer) : Uint8Array.from(bytes);
}
