import { frameReader } from './frames.ts';
import { killGroup, type Child } from './launch.ts';
import { Priority } from './priority.ts';

const startMs = 20_000;

/** Who a cell's process tells what it hears. */
export interface CellListener {
  /** What the child is, for messages: `The sandbox`. */
  readonly name: string;
  /** The largest frame that it may write, in bytes. */
  readonly frameMost: number;
  /** A frame of the child; the one that says `ready` is for `isReady`. */
  readonly onFrame: (head: string, body: string) => void;
  /** It announced a frame that is too large. */
  readonly onTooLarge: () => void;
  /** It is gone, with what it last wrote to its error stream. */
  readonly onGone: (lastWords: string, how: string) => void;
}

/** What ends a job before its time. */
interface Watched {
  readonly withinMs: number;
  /** Whether that is processor time: then five times as much may pass by the clock, for who is behind everything else on a busy machine. */
  readonly isProcessorTime?: boolean;
  readonly onLate: () => void;
  readonly signal: AbortSignal | undefined;
  readonly onGivenUp: (reason: unknown) => void;
}

/** V8 ends the whole process for some sizes; its last words tell whether it was for memory. */
export const isOutOfMemory = (lastWords: string): boolean =>
  /out[- ]of[- ]memory|memory limit|invalid (array |string )?(size|length)|allocation/i.test(lastWords);

/** What takes its time by the processor has so many times that by the clock. */
const clockTimes = 5;
const lookMs = 50;

/** A child process that is told and tells by frames: its start, its last words, its end, its priority. */
export class CellProcess {
  /** Resolves when the process is gone and everything it wrote was read. */
  readonly closed: Promise<void>;
  /** Resolves when it says that it can work; rejects when it could not be started. */
  readonly ready: Promise<void>;
  readonly priority: Priority;
  /** True once it may not be used again. */
  isSpent = false;
  private readonly child: Child;
  private readonly listener: CellListener;
  private readonly opening = Promise.withResolvers<void>();
  private readonly startTimer: NodeJS.Timeout;
  /** The child itself, where what was started is what lies around it. */
  private inner: number | undefined;
  private lastWords = '';

  constructor(child: Child, listener: CellListener) {
    this.child = child;
    this.listener = listener;
    this.priority = new Priority(() => this.inner ?? child.pid);
    this.ready = this.opening.promise;
    this.ready.catch(() => undefined); // It is told to whoever runs something here.
    this.startTimer = setTimeout(() => this.notReady(`it took longer than ${startMs} ms`), startMs);
    this.closed = this.listen();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** False when the pipe is full: `drained` resolves when it is not, or the child is gone. */
  send(bytes: Buffer): boolean {
    return this.child.stdin.write(bytes);
  }

  drained(): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.child.stdin.once('drain', resolve);
    return Promise.race([promise, this.closed]);
  }

  /** Reads nothing for a while: the child waits when its pipe is full. */
  hold(): void {
    this.child.stdout.pause();
  }

  goOn(): void {
    this.child.stdout.resume();
  }

  /** The child says that it can work, as whom, and where it stands inside something else, under which number. */
  isReady(uid: number, pid?: number): void {
    clearTimeout(this.startTimer);
    this.inner = pid;
    if (uid === 0) this.notReady('it would have run as root');
    else this.opening.resolve();
  }

  /**
   * A job begins: after so many milliseconds it is late, and given up, which kills the process, when its signal says so; whoever has worked for a while
   * lets others go first. What is returned ends all that.
   */
  begins({ withinMs, isProcessorTime = false, onLate, signal, onGivenUp }: Watched): () => void {
    const onAbort = (): void => {
      this.kill();
      onGivenUp(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    let late: NodeJS.Immediate | undefined;
    const timeLeft = isProcessorTime ? this.processorTime(withinMs) : () => 0;
    const look = (): void => {
      const left = timeLeft();
      if (left > 0) deadline = setTimeout(look, left);
      // One more turn of the loop: an answer that lies in the pipe while this process was busy is not late.
      else late = setImmediate(onLate);
    };
    let deadline = setTimeout(look, withinMs);
    const watched = this.priority.watch();
    return () => {
      clearTimeout(deadline);
      clearImmediate(late);
      watched();
      signal?.removeEventListener('abort', onAbort);
      if (!this.isSpent && !this.priority.comeForward()) this.isSpent = true;
    };
  }

  /** From now on, what is left of so much processor time, in milliseconds; nothing once the clock has given it up. */
  private processorTime(ms: number): () => number {
    const before = this.priority.worked();
    const giveUp = performance.now() + ms * clockTimes;
    return () => {
      const left = ms - (this.priority.worked() - before);
      return left <= 0 ? 0 : Math.min(Math.max(left, lookMs), giveUp - performance.now());
    };
  }

  kill(): void {
    this.isSpent = true;
    if (this.child.pid !== undefined) killGroup(this.child.pid);
    // What it wrote last must be read, or it is never gone.
    this.goOn();
  }

  private listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { frameMost, onFrame, onTooLarge, onGone } = this.listener;
    this.child.stdout.on('data', frameReader(frameMost, onFrame, onTooLarge));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(0, 16_000); // a long stack comes last
    });
    this.child.stdin.on('error', () => undefined); // It died; `close` says so too.
    this.child.on('error', (error) => {
      this.notReady(error.message);
      if (this.child.pid === undefined) resolve();
    });
    this.child.on('close', (exitCode, signal) => {
      const how = String(signal ?? exitCode);
      this.notReady(this.lastWords.trim() || how);
      onGone(this.lastWords, how);
      resolve();
    });
    return promise;
  }

  private notReady(why: string): void {
    clearTimeout(this.startTimer);
    this.kill();
    this.opening.reject(new Error(`${this.listener.name} could not be started: ${why}`));
  }
}
