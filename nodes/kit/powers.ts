import type { Power } from '../../flow/document/powers.ts';
import type { LogLine, Reply } from '../../flow/facts/fact.ts';

/** A signal to stop, as the platform's AbortSignal gives it; declared here because nodes know no platform. */
export interface StopSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

/** Stored bytes, by what they are known. */
export interface StoredBytes {
  readonly $file: string;
  readonly size: number;
}

/** A reference to stored bytes: what a file is inside an item, as `{ "$file": … }`. */
export interface FileRef extends StoredBytes {
  readonly name: string;
  readonly type: string;
}

/** One outgoing request. `body` is text or bytes as they are sent; the `Idempotency-Key` header is the node's to set. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** When the answer becomes a file, whatever it is or when it is no text: that may be larger than what is read, and is stored while it comes. */
  readonly becomes?: 'file' | 'file-unless-text' | undefined;
  /** Whether that of an error status does, too; otherwise it is read. */
  readonly becomesAtAnyStatus?: boolean;
  readonly followRedirects?: number;
  /** Whether a redirect of a GET or HEAD may lead to another public host, without credentials and cookies; the grant decides, too. */
  readonly mayLeaveHost?: boolean;
  readonly credential?: string;
}

/** A complete answer, of any status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** None of what is stored. */
  readonly bytes: Uint8Array;
  /** Its bytes as they are stored, when it came as a file. */
  readonly stored?: StoredBytes | undefined;
  readonly url: string;
  /** Its text: by byte order mark, charset, declaration, else UTF-8; for `auto` else as a detector says. Throws `http.undecodable`. */
  text(encoding?: string): Promise<string>;
  /** Its text for messages: what is none becomes U+FFFD. */
  looseText(): Promise<string>;
  /** How its text begins, for who shows a little of it: that of its first 16 kB, however long it is. */
  opening(): Promise<string>;
  /** Whether the body is text, by its content type and where that says nothing by its bytes. */
  isText(): boolean;
}

export interface HttpPower {
  send(request: HttpRequest): Promise<HttpReply>;
}

export interface CodePower {
  /** Runs the author's JavaScript in the sandbox; `all`: its return value, `each`: one value for each item. */
  run(job: {
    source: string;
    mode: 'all' | 'each';
    items: readonly unknown[];
    timeoutMs?: number;
    memoryMb?: number;
  }): Promise<unknown>;
}

export interface TimerPower {
  /** Ends the attempt until that instant (epoch ms); returns at once on the run after it has passed. */
  until(instant: number): Promise<void>;
  /** Ends the attempt until the node's link is called; undefined when `due` (epoch ms) passed without a call. */
  call(due?: number): Promise<LinkCall | undefined>;
}

/** A call of a link, as a webhook's item has it; `body` is null when there was none. */
export interface LinkCall {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface ReviewPower {
  /** Asks a person and ends the attempt; undefined when the due time passed without an answer. */
  ask(question: {
    title: string;
    text?: string;
    form?: readonly unknown[];
    choices?: readonly string[];
    assignee?: string;
    due?: number;
  }): Promise<{ choice: string; values: Readonly<Record<string, unknown>>; by?: string; name?: string } | undefined>;
}

export interface WorkflowPower {
  /** Starts the published version of another workflow, one child for each list of items; waits for their outputs when `wait` is set. */
  call(job: { workflow: string; inputs: readonly (readonly unknown[])[]; wait: boolean; parallel: number }): Promise<
    readonly {
      run: string;
      status: 'finished' | 'failed' | 'started' | 'cancelled';
      output: readonly unknown[];
      error?: string;
    }[]
  >;
}

export interface StatePower {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  /** Adds and returns the new value; a missing key counts as 0. */
  increment(key: string, by: number): Promise<number>;
  remove(key: string): Promise<void>;
}

export interface FilePower {
  read(file: FileRef): Promise<Uint8Array>;
  /** Its text in that encoding, or for `auto` as its bytes say. Throws `file.parse`, naming the encoding. */
  readText(file: FileRef, encoding: string): Promise<string>;
  write(file: { name: string; type: string; bytes: Uint8Array }): Promise<FileRef>;
  /** The same of a text, as UTF-8; a lone surrogate becomes the replacement character. */
  writeText(file: { name: string; type: string; text: string }): Promise<FileRef>;
}

export type LogPower = Readonly<Record<LogLine['level'], (text: string, data?: unknown) => void>>;

/** What each power offers to a node that was granted it. */
export interface Powers {
  http: HttpPower;
  code: CodePower;
  timer: TimerPower;
  review: ReviewPower;
  workflow: WorkflowPower;
  state: StatePower;
  file: FilePower;
  log: LogPower;
  hash: { sha256(text: string): string };
  random: { next(): number };
  sql: never;
  ai: never;
  channel: never;
  entity: never;
  event: never;
}

/** The granted ones, by name: `{ http, log }` for `needs: ['http']`; `log` is always there. */
export type Granted<Needs extends Power> = Pick<Powers, Needs | 'log'>;

/** What a role adds: a respond node may reply, a stop node may end the run. */
export interface RolePowers {
  readonly reply: (reply: Reply) => void;
  readonly stop: (how: { as: 'error'; message: string } | { as: 'success' }) => void;
}
