import { randomUUID } from 'node:crypto';
import { CellProcess, isOutOfMemory } from '../cells/cell-process.ts';
import { frame } from '../cells/frames.ts';
import { parseText } from '../text/json-pieces.ts';
import { pieceSize, Turns } from '../text/turns.ts';
import { launch } from './launch.ts';
import { childHead, type Ended, type ToChild } from './protocol.ts';

/** A list of values with one that is as large as any; nothing that is larger comes from a job within its budget. */
const frameMost = 480 * 1024 * 1024;
/** What may lie here unread before the child waits. */
const unreadMost = 8 * 1024 * 1024;

/** Why a process ended before its job did. */
export type Death = 'memory' | 'time' | 'output' | 'killed';

/** The process is gone, and with it what it worked on. */
export class CellDied extends Error {
  readonly death: Death;

  constructor(death: Death) {
    super(`a compute process ended: ${death}`);
    this.death = death;
  }
}

/** What came back for a job: the values that were made, in order, and how it ended. */
export interface Answer {
  readonly made: readonly unknown[];
  readonly ended: Ended;
}

interface Visit {
  readonly nonce: string;
  readonly made: unknown[];
  isSent: boolean;
  readonly finish: (ended: Ended) => void;
  readonly fail: (error: unknown) => void;
}

/** One compute process, one job at a time. */
export class ComputeCell {
  private readonly process: CellProcess;
  private visit: Visit | undefined;
  private readonly unread: { readonly head: string; readonly body: string }[] = [];
  private unreadSize = 0;
  private isReading = false;

  constructor(runner: string, memoryMb: number) {
    this.process = new CellProcess(launch(runner, memoryMb), {
      name: 'A compute process',
      frameMost,
      onFrame: (head, body) => this.take(head, body),
      onTooLarge: () => this.end('output'),
      onGone: (lastWords) => this.end(isOutOfMemory(lastWords) ? 'memory' : 'killed'),
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Whether it has all of a job and has not answered. */
  get isBusy(): boolean {
    return this.visit?.isSent ?? false;
  }

  get isSpent(): boolean {
    return this.process.isSpent;
  }

  get closed(): Promise<void> {
    return this.process.closed;
  }

  kill(): void {
    this.process.kill();
  }

  /**
   * Does a job, whose text is handed over in pieces, within so many milliseconds of processor time. Rejects with `CellDied` when the process ended first, and with
   * the signal's reason when it was given up: the process is killed for that.
   */
  async run(pieces: readonly string[], withinMs: number, signal: AbortSignal): Promise<Answer> {
    await this.process.ready;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Ended>();
    const visit: Visit = { nonce: randomUUID(), made: [], isSent: false, finish: resolve, fail: reject };
    this.visit = visit;
    const onLate = () => this.end('time');
    const over = this.process.begins({ withinMs, isProcessorTime: true, onLate, signal, onGivenUp: reject });
    if (this.isSpent) this.end('killed');
    try {
      // What is told while it is still being sent is that the process died.
      await Promise.race([this.send(visit.nonce, pieces), promise]);
      visit.isSent = true;
      return { made: visit.made, ended: await promise };
    } finally {
      this.visit = undefined;
      over();
    }
  }

  /** In frames of some 64 kB, in turns, and no faster than the child reads. */
  private async send(nonce: string, pieces: readonly string[]): Promise<void> {
    const turns = new Turns();
    const write = async (kind: ToChild['kind'], body = '') => {
      if (!this.process.send(frame({ kind, nonce } satisfies ToChild, body))) await this.process.drained();
      await turns.taken();
    };
    let gathered: string[] = [];
    let size = 0;
    for (const piece of pieces) {
      if (this.isSpent) return;
      gathered.push(piece);
      size += piece.length;
      if (size < pieceSize) continue;
      await write('piece', gathered.join(''));
      [gathered, size] = [[], 0];
    }
    await write('piece', gathered.join(''));
    await write('go');
  }

  private take(head: string, body: string): void {
    this.unread.push({ head, body });
    this.unreadSize += body.length;
    if (this.unreadSize > unreadMost) this.process.hold();
    if (!this.isReading) void this.readAll();
  }

  /** Frames are read in order, and large ones in turns. */
  private async readAll(): Promise<void> {
    this.isReading = true;
    const turns = new Turns();
    for (let next = this.unread.shift(); next; next = this.unread.shift()) {
      try {
        await this.read(next.head, next.body, turns);
      } catch (error) {
        this.visit?.fail(error);
        this.kill();
      }
      this.unreadSize -= next.body.length;
      if (this.unreadSize <= unreadMost) this.process.goOn();
      await turns.taken();
    }
    this.isReading = false;
  }

  private async read(text: string, body: string, turns: Turns): Promise<void> {
    const head = childHead.parse(JSON.parse(text));
    if (head.kind === 'ready') return this.process.isReady(head.uid);
    const { visit } = this;
    if (!visit || head.nonce !== visit.nonce) return;
    if (head.kind === 'values') for (const value of (await parseText(body, turns)) as unknown[]) visit.made.push(value);
    // The child is this build's own program: its answers are of its own making.
    else visit.finish((await parseText(body, turns)) as Ended);
  }

  /** Ends the process, and with it the job at hand. */
  private end(death: Death): void {
    this.kill();
    this.visit?.fail(new CellDied(death));
  }
}
