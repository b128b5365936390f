import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import path from 'node:path';

/** A process that a test started: it says lines of JSON, hears lines, and is killed when the test is over. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #complaints = '';

  constructor(file: string, args: string[], options: SpawnOptions & { node?: string } = {}) {
    const { node = process.execPath, ...others } = options;
    const flags = ['--disable-warning=ExperimentalWarning', file, ...args];
    const child = spawn(node, flags, { ...others, stdio: 'pipe' });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk) => (this.#complaints += String(chunk)));
  }

  /** The next line it says; throws with what it complained of when it ends instead. */
  async said(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`The process ended without a word: ${this.#complaints}`);
    return JSON.parse(value);
  }

  tell(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Its exit code, or the signal that ended it. */
  async ended(): Promise<number | string> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit');
    return this.#process.exitCode ?? this.#process.signalCode ?? 'unknown';
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** The fixture program of this room. */
export const fixture = path.join(import.meta.dirname, 'embedded.fixture.ts');
