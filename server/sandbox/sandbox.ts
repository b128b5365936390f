import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Anomalies } from './anomalies.ts';
import { Cell, type Hear } from './cell.ts';
import { emit } from './emit.ts';
import type { CodeJob, CodeResult } from './job.ts';
import { longestMs } from './launch.ts';
import { Pool } from '../cells/pool.ts';
import { openStripper } from './strip.ts';

export type { CodeFault, CodeJob, CodeLog, CodeResult, CodeScope } from './job.ts';

/** Everything has a default that fits one server on one machine. */
export interface SandboxOptions {
  /** The child's program: `child.ts` of this folder, or its bundle `sandbox-child.mjs`, which is also looked for here. */
  runner?: string;
  /** Children at work at a time; twice the processors, and 4 at least. One workspace may keep half of them busy. */
  most?: number;
  /** Children started ahead (about 50 MB each) when more than the one at work may be needed; 1. */
  spares?: number;
  /** The largest output, in bytes of JSON; 8 MB. */
  outputLimit?: number;
  /** How long a child is kept for its workspace without work; a minute. */
  idleMs?: number;
  /** Off only for measuring what it costs (`launch.ts`); on. */
  jitless?: boolean;
}

/** Runs people's code where it can do no harm: isolates in child processes that own nothing (SAFETY 5.2). */
export interface Sandbox {
  /**
   * Runs the code and says how it ended; a fault of the code is a result, never an exception. Rejects with the signal's
   * reason when aborted (the child is killed at once), and when no child can be started on this machine. `hear` gets each line of
   * the log as it comes: what rejects has no result that could hold them.
   */
  runCode(job: CodeJob, signal?: AbortSignal, hear?: Hear): Promise<CodeResult>;
  /** How often in the last hour a child died of this workspace's code or had to be killed; from 3 on, its children yield to all others. */
  anomalies(workspace: string): number;
  /** Kills the children, rejects what waits; resolves when the processes are gone. */
  close(): Promise<void>;
}

/** Opens the sandbox. Children are started when code comes, and one ahead when a second is near: many never run code, and each is 48 MB. */
export function openSandbox(options: SandboxOptions = {}): Sandbox {
  const { outputLimit = 8 * 1024 * 1024, jitless = true, spares = 1, idleMs = 60_000 } = options;
  const most = options.most ?? Math.max(4, 2 * availableParallelism());
  const source = options.runner ?? defaultRunner();
  const emitted = source.endsWith('.ts') ? emit(source) : undefined;
  const { runner, folder } = emitted ?? { runner: source, folder: dirname(source) };
  const stripper = openStripper();
  const anomalies = new Anomalies(() => pool.admit());
  let memoryMb = 64;

  const pool = new Pool({
    name: 'The sandbox',
    // The last job's size is a good guess at the next one's: its isolate is then ready when it comes.
    open: () => new Cell({ runner, folder, memoryMb, jitless, outputLimit }),
    most,
    // Who breaks children again and again has one at a time: each costs a start, 70 ms of a processor, and its loops as much as they can get.
    mostOf: (workspace) => anomalies.mostOf(workspace, Math.ceil(most / 2)),
    spares,
    // It would take each one that was started ahead of others' need.
    maySpare: (workspace) => !anomalies.isOver(workspace),
    jobsPerCell: 50,
    idleMs,
  });

  async function use(cell: Cell, workspace: string, run: () => Promise<CodeResult>): Promise<CodeResult> {
    if (anomalies.isOver(workspace)) cell.yieldToAll();
    try {
      return await run();
    } finally {
      if (cell.isAnomalous) anomalies.add(workspace);
    }
  }

  return {
    async runCode(given, signal, hear) {
      const job = withinBounds(given);
      const stripped = await stripper.strip(job.source);
      if ('fault' in stripped) return { ok: false, fault: stripped.fault, logs: [] };
      memoryMb = job.memoryMb;
      return pool.lend(job.workspace, signal, (cell) =>
        use(cell, job.workspace, () => cell.run(job, stripped.source, signal, hear)),
      );
    },
    anomalies: (workspace) => anomalies.of(workspace),
    async close() {
      await Promise.all([pool.close(), stripper.close()]);
      if (emitted) await rm(emitted.folder, { recursive: true, force: true });
    },
  };
}

function withinBounds(job: CodeJob): CodeJob {
  const timeoutMs = Math.min(Math.max(1, job.timeoutMs), longestMs);
  return { ...job, timeoutMs, memoryMb: Math.min(Math.max(8, Math.ceil(job.memoryMb)), 1_024) };
}

function defaultRunner(): string {
  const source = join(import.meta.dirname, 'child.ts');
  return existsSync(source) ? source : join(import.meta.dirname, 'sandbox-child.mjs');
}
