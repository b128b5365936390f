import type { ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { frame, frameReader } from './frames.ts';
import { tookLonger } from './job.ts';
import type { CodeFault, CodeJob, CodeLog, CodeResult } from './job.ts';
import { killGroup, launch, type Launch } from './launch.ts';
import { receive } from './output.ts';
import { childHead, verdict, type ChildHead, type GuestInput, type RunHead } from './protocol.ts';

/** What the child may write beside the output: logs, the verdict with its list of undefined results. */
const headRoom = 4 * 1024 * 1024;
const startMs = 20_000;
/** How much later than the isolate's own clock ours ends a job: the former gives better answers. */
const graceMs = 500;
/** Code that has computed for so long lets everything else go first: the server, its database and other people's short code. */
const longMs = 250;
const ours = getPriority();
const behind = Math.min(constants.priority.PRIORITY_LOW, ours + constants.priority.PRIORITY_BELOW_NORMAL);

interface Visit {
  job: CodeJob;
  nonce: string;
  logs: CodeLog[];
  hear: Hear | undefined;
  finish(result: CodeResult): void;
}

/** Told of each line that the code writes, when it comes. */
export type Hear = (line: CodeLog) => void;

/** One child process that holds isolates, one job at a time. The clock is kept here, not there. */
export class Cell {
  /** Resolves when the process is gone and everything it wrote was read. */
  readonly closed: Promise<void>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #outputLimit: number;
  readonly #ready = Promise.withResolvers<void>();
  readonly #startTimer: NodeJS.Timeout;
  #visit: Visit | undefined;
  #isSpent = false;
  #isAnomalous = false;
  /** Whether others go first, and whether that is for good. */
  #isBehind = false;
  #yields = false;
  #lastWords = '';

  /** Starts a child; `outputLimit` is in bytes of JSON. */
  constructor(options: Launch & { outputLimit: number }) {
    this.#outputLimit = options.outputLimit;
    this.#child = launch(options);
    this.#ready.promise.catch(() => undefined); // It is told to whoever runs something here.
    this.#startTimer = setTimeout(() => this.#notReady(`it took longer than ${startMs} ms`), startMs);
    this.closed = this.#listen();
  }

  /** True once it may not be used again: it died, was killed, or its last job hit a limit. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** True when it died of a job or had to be killed for one. */
  get isAnomalous(): boolean {
    return this.#isAnomalous;
  }

  /** Runs `source`, the stripped code of `job`. Rejects when aborted, and when the process could not be started at all. */
  async run(job: CodeJob, source: string, signal: AbortSignal | undefined, hear?: Hear): Promise<CodeResult> {
    await this.#ready.promise;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<CodeResult>();
    const nonce = randomUUID();
    this.#visit = { job, nonce, logs: [], hear, finish: resolve };
    const onAbort = (): void => {
      this.kill();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const late = (): void => this.#end('code.timeout', tookLonger(job.timeoutMs));
    // One more turn of the loop: an answer that lies in the pipe while this process was busy is not late.
    const deadline = setTimeout(() => setImmediate(late), job.timeoutMs + graceMs);
    const long = setTimeout(() => this.#setPriority(behind), longMs);
    if (this.#isSpent) this.#end('code.crashed', 'The sandbox stopped before the code began');
    else this.#child.stdin.write(question(job, source, nonce, this.#outputLimit));
    try {
      const result = await promise;
      this.#isSpent ||= !result.ok && limits.has(result.fault.code);
      return result;
    } finally {
      this.#visit = undefined;
      clearTimeout(deadline);
      clearTimeout(long);
      signal?.removeEventListener('abort', onAbort);
      this.#comeForward();
    }
  }

  /** Puts it behind everything else that wants a processor, for good. */
  yieldToAll(): void {
    this.#yields = true;
    this.#setPriority(constants.priority.PRIORITY_LOW);
  }

  /** The next job begins as every other. Who may not raise a priority, as all but root, goes on with a fresh child. */
  #comeForward(): void {
    if (this.#isBehind && !this.#yields && !this.#isSpent && !this.#setPriority(ours)) this.#isSpent = true;
  }

  /** False when it could not be set. */
  #setPriority(priority: number): boolean {
    try {
      if (this.#child.pid === undefined || (this.#yields && priority < constants.priority.PRIORITY_LOW)) return false;
      for (const thread of threadsOf(this.#child.pid)) setPriority(thread, priority);
      this.#isBehind = priority > ours;
      return true;
    } catch {
      // It is gone already, and the run will say so; or that is not ours to do.
      return false;
    }
  }

  kill(): void {
    this.#isSpent = true;
    if (this.#child.pid !== undefined) killGroup(this.#child.pid);
  }

  #listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const tooLarge = (): void =>
      this.#end('code.output-too-large', `The code returned more than ${this.#outputLimit} bytes of JSON`);
    const read = frameReader(this.#outputLimit + headRoom, (text, body) => this.#onFrame(text, body), tooLarge);
    this.#child.stdout.on('data', read);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(0, 16_000); // a long stack comes last
    });
    this.#child.stdin.on('error', () => undefined); // It died; `close` says so too.
    this.#child.on('error', (error) => {
      this.#notReady(error.message);
      if (this.#child.pid === undefined) resolve();
    });
    this.#child.on('close', (exitCode, signal) => {
      this.#onClose(String(signal ?? exitCode));
      resolve();
    });
    return promise;
  }

  #onFrame(text: string, body: string): void {
    const head = parseHead(text);
    if (!head) this.#end('code.crashed', 'The sandbox answered with something that is no answer');
    else if (head.kind === 'ready') this.#onReady(head.uid);
    else if (this.#visit && head.nonce === this.#visit.nonce) onAnswer(this.#visit, head, body);
  }

  #onReady(uid: number): void {
    clearTimeout(this.#startTimer);
    if (uid === 0) this.#notReady('it would have run as root');
    else this.#ready.resolve();
  }

  #notReady(why: string): void {
    clearTimeout(this.#startTimer);
    this.kill();
    this.#ready.reject(new Error(`The sandbox could not be started: ${why}`));
  }

  #onClose(how: string): void {
    this.#notReady(this.#lastWords.trim() || how);
    if (this.#visit) this.#end(...causeOfDeath(this.#visit.job, this.#lastWords, how));
  }

  /** Ends the child, and with it the job at hand. */
  #end(code: CodeFault['code'], message: string): void {
    this.#isAnomalous = true;
    this.kill();
    this.#visit?.finish({ ok: false, fault: { code, message }, logs: this.#visit.logs });
  }
}

/** On Linux each thread has a priority of its own, and the isolate's code does not run in the first one. */
function threadsOf(pid: number): number[] {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).map(Number) : [pid];
}

/** Only the first answer counts: a promise settles once, and the next job has another nonce. */
function onAnswer(visit: Visit, head: Exclude<ChildHead, { kind: 'ready' }>, body: string): void {
  if (head.kind === 'log') {
    const lines = head.logs.slice(0, 1_001 - visit.logs.length);
    visit.logs.push(...lines);
    if (visit.hear) lines.forEach(visit.hear);
  } else visit.finish(resultOf(head, body, visit.logs));
}

/** Faults after which the process is not as fresh as it should be. */
const limits = new Set<CodeFault['code']>(['code.timeout', 'code.memory', 'code.crashed', 'code.output-too-large']);

function question(job: CodeJob, source: string, nonce: string, outputLimit: number): Buffer {
  const { mode, timeoutMs, memoryMb, items, scope } = job;
  const head: RunHead = { kind: 'run', nonce, source, mode, timeoutMs, memoryMb, outputLimit };
  return frame(head, JSON.stringify({ items, scope } satisfies GuestInput));
}

function parseHead(text: string): ChildHead | undefined {
  try {
    return childHead.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function resultOf(head: ChildHead & { kind: 'done' }, body: string, logs: CodeLog[]): CodeResult {
  const bad = (message: string): CodeResult => ({ ok: false, fault: { code: 'code.bad-output', message }, logs });
  let said: unknown;
  try {
    said = JSON.parse(head.verdict);
  } catch {
    return bad('The code ended with something that is no answer');
  }
  const { success, data } = verdict.safeParse(said);
  if (!success) return bad('The code ended with something that is no answer');
  if (!data.ok) return { ok: false, fault: data.fault, logs };
  if (body === '') return { ok: true, output: undefined, logs, cpuMs: head.cpuMs };
  const received = receive(body);
  if ('fault' in received) return { ok: false, fault: received.fault, logs };
  const output = received.value;
  if (Array.isArray(output)) for (const at of data.none) if (at < output.length) output[at] = undefined;
  return { ok: true, output, logs, cpuMs: head.cpuMs };
}

/** V8 ends the whole process for some sizes; its last words tell whether it was for memory. */
function causeOfDeath(job: CodeJob, lastWords: string, how: string): [CodeFault['code'], string] {
  if (/out[- ]of[- ]memory|memory limit|invalid (array |string )?(size|length)|allocation/i.test(lastWords))
    return ['code.memory', `The code needed more than ${job.memoryMb} MB`];
  return ['code.crashed', `The sandbox stopped before the code had ended (${how})`];
}
