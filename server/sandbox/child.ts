import { createRequire } from 'node:module';
import type { Isolate, Reference } from 'isolated-vm';
import { readLibraries } from './bundled.ts';
import { frame } from '../cells/frames.ts';
import { die, dropRights, hear } from '../cells/inside.ts';
import { bootstrap } from './guest/bootstrap.ts';
import type { Settle, Start } from './guest/run.ts';
import { tookLonger } from './job.ts';
import type { CodeFault, CodeLog } from './job.ts';
import type { ChildHead, RunHead, Verdict } from './protocol.ts';

// The child process that holds isolates: `node … child.ts ADDON MEMORY_MB UID`. It is given no secrets, no environment and
// no files, runs one job at a time, and dies with its pipe. Everything of a guest reaches it as strings through four
// callbacks; it never looks at a guest's value, error or promise, and it never parses what a guest wrote.

interface Room {
  memoryMb: number;
  isolate: Isolate;
  start: Reference<Start>;
  tick: Reference<() => boolean>;
  job: Job | undefined;
}

interface Job {
  nonce: string;
  outputLimit: number;
  linesLeft: number;
  logs: CodeLog[];
  end: { kind: string; verdict: string; output: string } | undefined;
}

const libraries = readLibraries(import.meta.dirname);
const [addon = '', memoryMb = '64', uid = ''] = process.argv.slice(2);
// The addon's own loader searches folders; this process may read only the file it was named.
const ivm: typeof import('isolated-vm') = createRequire(import.meta.url)(addon).ivm;
dropRights(uid);

let room = openRoom(Number(memoryMb));
let isBusy = false;

hear(onFrame);
send({ kind: 'ready', uid: process.getuid?.() ?? -1, pid: process.pid });

function send(head: ChildHead, body = ''): void {
  process.stdout.write(frame(head, body));
}

function onFrame(text: string, body: string): void {
  const head: RunHead = JSON.parse(text);
  if (isBusy) return die();
  isBusy = true;
  void run(head, body).finally(() => (isBusy = false));
}

/** A fresh isolate with its context and our names laid out, made ahead of the job: 1.9 ms that no run waits for. */
function openRoom(memory: number): Room {
  const isolate = new ivm.Isolate({ memoryLimit: memory, onCatastrophicError: onCatastrophe });
  const context = isolate.createContextSync();
  let opened: Room | undefined;
  const settle: Settle = (kind, verdict, output) => {
    const job = opened?.job;
    if (!job || job.end || [kind, verdict, output].some((part) => typeof part !== 'string')) return;
    job.end = { kind, verdict, output };
  };
  const log = (level: string, text: string) => opened?.job && onLog(opened.job, level, text);
  const made: Reference<{ start: Start; tick: () => boolean }> = context.evalClosureSync(
    bootstrap,
    [
      new ivm.Callback(settle, { ignored: true }),
      new ivm.Callback(log, { ignored: true }),
      new ivm.Callback(readUrl),
      new ivm.Callback((name: unknown) => libraries.get(name) ?? ''),
    ],
    { filename: 'heddle', result: { reference: true } },
  );
  const start = made.getSync('start', { reference: true });
  opened = { memoryMb: memory, isolate, start, tick: made.getSync('tick', { reference: true }), job: undefined };
  return opened;
}

function onCatastrophe(message: string): void {
  process.stderr.write(`catastrophe: ${message}\n`);
  process.abort();
}

/** Counts again what the guest's console counts: the guest is not believed. */
function onLog(job: Job, level: string, text: string): void {
  if (typeof text !== 'string' || text.length > 20_000 || job.end || job.linesLeft-- <= 0) return;
  if (level !== 'debug' && level !== 'info' && level !== 'warn' && level !== 'error') return;
  if (job.logs.push({ level, text, at: Date.now() }) === 1) setImmediate(() => flushLogs(job));
}

function flushLogs(job: Job): void {
  if (job.logs.length > 0) send({ kind: 'log', nonce: job.nonce, logs: job.logs });
  job.logs = [];
}

/** Never throws: an error of ours would show our files to the guest. */
function readUrl(href: unknown, base: unknown, part: unknown, value: unknown): string {
  if (typeof href !== 'string' || typeof base !== 'string' || typeof part !== 'string' || typeof value !== 'string')
    return '';
  try {
    const url = base === '' ? new URL(href) : new URL(href, base);
    if (part !== '') Reflect.set(url, part, value);
    const { origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url;
    return JSON.stringify({
      href: url.href,
      origin,
      protocol,
      username,
      password,
      host,
      hostname,
      port,
      pathname,
      search,
      hash,
    });
  } catch {
    return '';
  }
}

async function run(head: RunHead, input: string): Promise<void> {
  if (room.memoryMb !== head.memoryMb) {
    room.isolate.dispose();
    room = openRoom(head.memoryMb);
  }
  const { nonce, outputLimit } = head;
  const job: Job = { nonce, outputLimit, linesLeft: 1_001, logs: [], end: undefined };
  room.job = job;
  const guard = guardMemory(head);
  const stopped = await play(room, head, input);
  clearInterval(guard);
  const verdict = await sentence(room.isolate, head, job, stopped);
  const cpuMs = room.isolate.isDisposed ? 0 : Number(room.isolate.cpuTime) / 1e6;
  flushLogs(job);
  send({ kind: 'done', nonce, cpuMs, verdict }, job.end?.output);
  // At once: code that goes on in a `.then` after its end would burn a core for ever.
  if (!room.isolate.isDisposed) room.isolate.dispose();
  room = openRoom(head.memoryMb);
}

/** Starts the code, then turns its timers over until it has ended; gives why it was stopped, if it was. */
async function play(room: Room, head: RunHead, input: string): Promise<CodeFault | undefined> {
  const until = performance.now() + head.timeoutMs;
  const options = () => ({ timeout: Math.max(1, Math.ceil(until - performance.now())) });
  try {
    await room.start.apply(undefined, [head.source, head.mode, input, head.outputLimit], options());
    while (!room.job?.end) {
      if (await room.tick.apply(undefined, [], options())) continue;
      // Nothing outside can settle a promise in here: waiting for the deadline would change nothing.
      if (!room.job?.end)
        return { code: 'code.timeout', message: 'The code waits for a promise that nothing will settle' };
    }
    return undefined;
  } catch (error) {
    return stop(error, head);
  }
}

/** isolated-vm tells its reasons apart by text only, and may reject with undefined. */
function stop(error: unknown, head: RunHead): CodeFault {
  const message = error instanceof Error ? String(error.message) : '';
  if (message.includes('execution timed out')) return { code: 'code.timeout', message: tookLonger(head.timeoutMs) };
  if (/memory limit|disposed|array buffer allocation/i.test(message))
    return { code: 'code.memory', message: `The code needed more than ${head.memoryMb} MB` };
  return { code: 'code.threw', message: `A promise was rejected and nothing caught it: ${message}`.slice(0, 2_000) };
}

async function sentence(isolate: Isolate, head: RunHead, job: Job, stopped: CodeFault | undefined): Promise<string> {
  if (job.end?.kind === 'end') {
    if (job.end.output.length <= job.outputLimit) return job.end.verdict;
    job.end.output = '';
    return fail({ code: 'code.output-too-large', message: `At most ${job.outputLimit} characters can be passed on` });
  }
  if (job.end?.kind === 'syntax') return fail(await syntaxFault(isolate, head.source));
  return fail(stopped ?? { code: 'code.crashed', message: 'The code ended without saying how' });
}

const fail = (fault: CodeFault): string => JSON.stringify({ ok: false, fault } satisfies Verdict);

/** Compiles once more, outside and without running, only because that compiler says where the mistake is. */
async function syntaxFault(isolate: Isolate, source: string): Promise<CodeFault> {
  const head = '(async function () {';
  try {
    await isolate.compileScript(`${head}${source}\n})`, { filename: 'code.js', columnOffset: -head.length });
    return { code: 'code.syntax', message: 'The code is not the body of a function' };
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    const [, message = 'The code cannot be read', line, column] = /^(.*) \[code\.js:(\d+):(\d+)\]$/s.exec(text) ?? [];
    const last = source.split('\n').length;
    return { code: 'code.syntax', message, line: Math.min(Number(line ?? 1), last), column: Number(column ?? 1) };
  }
}

/**
 * isolated-vm's limit is a guideline: programs reached 3 to 12 times of it, and WebAssembly is not counted at all. The
 * guest runs in its own thread, so this one can look at the whole process and end it.
 */
function guardMemory(head: RunHead): NodeJS.Timeout {
  const most = process.memoryUsage.rss() + (head.memoryMb * 2 + 64) * 1024 * 1024;
  return setInterval(() => {
    if (process.memoryUsage.rss() <= most) return;
    process.stderr.write('out of memory\n');
    die();
  }, 20);
}
