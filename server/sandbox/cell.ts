import { randomUUID } from 'node:crypto';
import { CellProcess, isOutOfMemory } from '../cells/cell-process.ts';
import { frame, frameInParts } from '../cells/frames.ts';
import { isHeavy, jsonParts } from '../text/known-json.ts';
import { tookLonger } from './job.ts';
import type { CodeFault, CodeJob, CodeLog, CodeResult } from './job.ts';
import { launch, type Launch } from './launch.ts';
import { receive } from './output.ts';
import { childHead, verdict, type ChildHead, type GuestInput, type RunHead } from './protocol.ts';

/** What the child may write beside the output: logs, the verdict with its list of undefined results. */
const headRoom = 4 * 1024 * 1024;
/** How much later than the isolate's own clock ours ends a job: the former gives better answers. */
const graceMs = 500;

interface Visit {
  job: CodeJob;
  nonce: string;
  logs: CodeLog[];
  hear: Hear | undefined;
  finish(answer: CodeResult | Done): void;
}

/** How the code ended, as the child says it; `body` is the JSON of the output. */
interface Done {
  head: Extract<ChildHead, { kind: 'done' }>;
  body: string;
}

/** Told of each line that the code writes, when it comes. */
export type Hear = (line: CodeLog) => void;

/** One child process that holds isolates, one job at a time. The clock is kept here, not there. */
export class Cell {
  readonly #process: CellProcess;
  readonly #outputLimit: number;
  #visit: Visit | undefined;
  #isAnomalous = false;

  /** Starts a child; `outputLimit` is in bytes of JSON. */
  constructor(options: Launch & { outputLimit: number }) {
    this.#outputLimit = options.outputLimit;
    this.#process = new CellProcess(launch(options), {
      name: 'The sandbox',
      frameMost: this.#outputLimit + headRoom,
      onFrame: (text, body) => this.#onFrame(text, body),
      onTooLarge: () =>
        this.#end('code.output-too-large', `The code returned more than ${this.#outputLimit} bytes of JSON`),
      onGone: (lastWords, how) => {
        if (this.#visit) this.#end(...causeOfDeath(this.#visit.job, lastWords, how));
      },
    });
  }

  /** Resolves when the process is gone and everything it wrote was read. */
  get closed(): Promise<void> {
    return this.#process.closed;
  }

  /** True once it may not be used again: it died, was killed, or its last job hit a limit. */
  get isSpent(): boolean {
    return this.#process.isSpent;
  }

  /** True when it died of a job or had to be killed for one. */
  get isAnomalous(): boolean {
    return this.#isAnomalous;
  }

  /** Runs `source`, the stripped code of `job`. Rejects when aborted, and when the process could not be started at all. */
  async run(job: CodeJob, source: string, signal: AbortSignal | undefined, hear?: Hear): Promise<CodeResult> {
    await this.#process.ready;
    const nonce = randomUUID();
    const asked = await question(job, source, nonce, this.#outputLimit);
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<CodeResult | Done>();
    const visit: Visit = { job, nonce, logs: [], hear, finish: resolve };
    this.#visit = visit;
    const over = this.#process.begins({
      withinMs: job.timeoutMs + graceMs,
      onLate: () => this.#end('code.timeout', tookLonger(job.timeoutMs)),
      signal,
      onGivenUp: reject,
    });
    if (this.isSpent) this.#end('code.crashed', 'The sandbox stopped before the code began');
    else for (const bytes of asked) this.#process.send(bytes);
    let answer: CodeResult | Done;
    try {
      answer = await promise;
    } finally {
      // The code has had its time: that its answer is read in turns is not a part of that.
      this.#visit = undefined;
      over();
    }
    const result = 'head' in answer ? await resultOf(answer, visit.logs) : answer;
    this.#process.isSpent ||= !result.ok && limits.has(result.fault.code);
    return result;
  }

  /** Puts it behind everything else that wants a processor, for good. */
  yieldToAll(): void {
    this.#process.priority.yieldToAll();
  }

  kill(): void {
    this.#process.kill();
  }

  #onFrame(text: string, body: string): void {
    const head = parseHead(text);
    if (!head) this.#end('code.crashed', 'The sandbox answered with something that is no answer');
    else if (head.kind === 'ready') this.#process.isReady(head.uid, head.pid);
    else if (this.#visit && head.nonce === this.#visit.nonce) onAnswer(this.#visit, head, body);
  }

  /** Ends the child, and with it the job at hand. */
  #end(code: CodeFault['code'], message: string): void {
    this.#isAnomalous = true;
    this.kill();
    this.#visit?.finish({ ok: false, fault: { code, message }, logs: this.#visit.logs });
  }
}

/** Only the first answer counts: a promise settles once, and the next job has another nonce. */
function onAnswer(visit: Visit, head: Exclude<ChildHead, { kind: 'ready' }>, body: string): void {
  if (head.kind === 'log') {
    const lines = head.logs.slice(0, 1_001 - visit.logs.length);
    visit.logs.push(...lines);
    if (visit.hear) lines.forEach(visit.hear);
  } else visit.finish({ head, body });
}

/** Faults after which the process is not as fresh as it should be. */
const limits = new Set<CodeFault['code']>(['code.timeout', 'code.memory', 'code.crashed', 'code.output-too-large']);

/** What the child is asked, as bytes. The JSON of large data is written in turns, before the job's clock starts. */
async function question(job: CodeJob, source: string, nonce: string, outputLimit: number): Promise<readonly Buffer[]> {
  const { mode, timeoutMs, memoryMb, items, scope } = job;
  const head: RunHead = { kind: 'run', nonce, source, mode, timeoutMs, memoryMb, outputLimit };
  const input: GuestInput = { items, scope };
  return isHeavy(input) ? frameInParts(head, await jsonParts(input)) : [frame(head, JSON.stringify(input))];
}

function parseHead(text: string): ChildHead | undefined {
  try {
    return childHead.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function resultOf({ head, body }: Done, logs: CodeLog[]): Promise<CodeResult> {
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
  const received = await receive(body);
  if ('fault' in received) return { ok: false, fault: received.fault, logs };
  const output = received.value;
  if (Array.isArray(output)) for (const at of data.none) if (at < output.length) output[at] = undefined;
  return { ok: true, output, logs, cpuMs: head.cpuMs };
}

function causeOfDeath(job: CodeJob, lastWords: string, how: string): [CodeFault['code'], string] {
  if (isOutOfMemory(lastWords)) return ['code.memory', `The code needed more than ${job.memoryMb} MB`];
  return ['code.crashed', `The sandbox stopped before the code had ended (${how})`];
}
