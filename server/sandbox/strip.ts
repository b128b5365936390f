import { Worker } from 'node:worker_threads';
import type { CodeFault } from './job.ts';

/** The source as plain JavaScript with every line and column where it was, or what is wrong with it. */
export type Stripped = { source: string } | { fault: CodeFault };

/** Takes types out of code; closed with the sandbox. */
export interface Stripper {
  strip(source: string): Promise<Stripped>;
  close(): Promise<void>;
}

type Answer = { text: string } | { code: string; message: string; stack: string };

const mostKnown = 500;
const longestSource = 500_000;
const patienceMs = 5_000;
const idleMs = 10_000;
const wrapper = 'async()=>{';

/**
 * Takes the types out of code nodes' sources, keeping every line and column; plain JavaScript passes through unchanged. The
 * last 500 answers are kept: the first one costs 60 ms and 22 MB for a while, each further one 0.07 ms.
 *
 * The parser is WebAssembly inside Node. A source nested deep enough overflows its stack, and from then on it answers every
 * source of everybody with "memory access out of bounds": so it gets a thread of its own, which is replaced after anything
 * but a plain answer.
 */
export function openStripper(): Stripper {
  const known = new Map<string, Promise<Stripped>>();
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function dismiss(): Promise<void> {
    clearTimeout(idle);
    const old = thread;
    thread = undefined;
    await old?.terminate();
  }

  const rest = (): void => void (idle = setTimeout(() => void dismiss(), idleMs).unref());

  async function ask(source: string): Promise<Stripped> {
    clearTimeout(idle);
    thread ??= new Worker(`(${stripInThread})()`, { eval: true, env: {}, execArgv: ['--no-warnings'] });
    thread.unref();
    // The body of a function is not a program: `return` needs one around it.
    const answer = await exchange(thread, `${wrapper}${source}\n}`);
    if (answer && 'text' in answer) {
      rest();
      return { source: answer.text.slice(wrapper.length, -2) };
    }
    if (answer?.code.endsWith('TYPESCRIPT_SYNTAX')) {
      rest();
      return { fault: syntaxFault(answer, source) };
    }
    await dismiss();
    return { fault: { code: 'code.syntax', message: 'The code is too deeply nested to be read' } };
  }

  return {
    async strip(source) {
      if (source.length > longestSource)
        return { fault: { code: 'code.syntax', message: `The code is longer than ${longestSource} characters` } };
      const found = known.get(source);
      if (found) return found;
      const answer = last.then(() => ask(source));
      last = answer.catch(() => undefined);
      if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '');
      known.set(source, answer);
      answer.catch(() => known.delete(source));
      return answer;
    },
    async close() {
      await last;
      await dismiss();
    },
  };
}

/** The thread's program; its text is what runs, so it may use nothing from outside itself. */
function stripInThread(): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { stripTypeScriptTypes } = process.getBuiltinModule('node:module');
  parentPort?.on('message', (source: string) => {
    try {
      parentPort.postMessage({ text: stripTypeScriptTypes(source, { mode: 'strip' }) });
    } catch (error) {
      const { code = '', message = '', stack = '' } = Object(error);
      parentPort.postMessage({ code: String(code), message: String(message), stack: String(stack) });
    }
  });
}

/** The thread's answer; none when it died or took too long. */
async function exchange(thread: Worker, source: string): Promise<Answer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
  const giveUp = (): void => resolve(undefined);
  const timer = setTimeout(giveUp, patienceMs);
  thread.once('message', resolve).once('error', giveUp).once('exit', giveUp);
  thread.postMessage(source);
  return promise.finally(() => {
    clearTimeout(timer);
    thread.off('message', resolve).off('error', giveUp).off('exit', giveUp);
  });
}

function syntaxFault(error: { code: string; message: string; stack: string }, source: string): CodeFault {
  const message = error.message.split('\n', 1).join();
  const { line, column, isAtEnd } = place(error.stack, source);
  const fault = (words: string): CodeFault => ({ code: 'code.syntax', message: words, line, column });
  if (error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return fault(`${message.replace(/ in strip-only mode$/, '')}: types are taken out, not compiled`);
  // The brace that the parser found at the end is that of our own wrapper.
  return fault(isAtEnd ? message.replace(/got '(\}|<eof>)'$/, 'got the end of the code') : message);
}

/** Node says where only in the picture above the stack: `file:LINE`, a line or two of source, and carets below the last. */
function place(stack: string, source: string): { line?: number; column?: number; isAtEnd?: boolean } {
  const line = Number(/^[^\n]*:(\d+)\n/.exec(stack)?.[1] ?? Number.NaN);
  if (Number.isNaN(line)) return {};
  const lines = source.split('\n');
  if (line > lines.length) return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, isAtEnd: true };
  const carets = /^( *)\^+$/m.exec(stack)?.[1];
  if (carets === undefined) return { line };
  return { line, column: Math.max(1, carets.length + 1 - (line === 1 ? wrapper.length : 0)) };
}
