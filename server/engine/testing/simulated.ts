import { Engine } from '../engine.ts';
import type { EngineOptions } from '../engine.ts';
import type { Lend } from '../carriage.ts';
import type { HttpReply } from '../../../nodes/kit/powers.ts';
import { usualLimits } from '../run-limits.ts';
import { httpReply } from './in-memory.ts';
import { MemoryJournal } from './memory-ledger.ts';
import { testDefinition } from './test-engine.ts';

/** A request that reached the far side and was not answered yet. */
interface Asked {
  readonly answer: () => void;
}

/** One process of a simulation: it can be stalled, as SIGSTOP does, and woken. */
export class SimulatedProcess {
  readonly engine: Engine;
  readonly broken: unknown[] = [];
  readonly asked: Asked[] = [];
  /** Attempts that were cut off by losing their claim. */
  aborted = 0;
  /** Wake-ups that were taken and have not come back. */
  taking = 0;
  private stalled: PromiseWithResolvers<void> | undefined;
  private readonly journal: MemoryJournal;

  constructor(
    journal: MemoryJournal,
    boot: string,
    room: Pick<EngineOptions, 'slots' | 'fromLanes' | 'ticketBytes' | 'compute'> = { slots: 3 },
  ) {
    this.journal = journal;
    this.engine = new Engine({
      ledger: journal.ledgerOf(boot, async () => this.stalled?.promise),
      boot,
      definition: (_workspace, { type }) => testDefinition(type),
      powersOf: () => this.lend,
      startChildren: () => async () => [],
      linkOf: () => ({ url: '', hash: '' }),
      ...room,
      mayRunCode: true,
      // What runs in the test is far quicker than its clock: the fences of the machine's own clock never fall.
      leaseMs: 1e9,
      limits: usualLimits,
      clock: () => journal.now,
      onBroken: (error) => void this.broken.push(error),
    });
  }

  get isStalled(): boolean {
    return this.stalled !== undefined;
  }

  stall(): void {
    this.stalled ??= Promise.withResolvers<void>();
  }

  wake(): void {
    this.stalled?.resolve();
    this.stalled = undefined;
  }

  /** Takes every ready stage, as lanes do that were woken for it. */
  takeAll(): void {
    for (const { run, stage, path, state } of this.journal.rows.values()) {
      if (state !== 'ready') continue;
      this.taking++;
      void this.engine.take(run, stage, path).finally(() => this.taking--);
    }
  }

  private readonly lend: Lend = ((_name, request) => ({
    send: () =>
      new Promise<HttpReply>((resolve, reject) => {
        request.lastLook();
        this.asked.push({ answer: () => resolve(httpReply()) });
        request.signal.addEventListener('abort', () => {
          this.aborted++;
          reject(request.signal.reason);
        });
      }),
  })) as Lend;
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
}
