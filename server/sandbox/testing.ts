import { execFileSync } from 'node:child_process';
import { vi } from 'vitest';
import type { CodeJob, CodeResult } from './job.ts';
import { openSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';

/** A sandbox that is closed at the end of a test's block. */
export type TestSandbox = Sandbox & AsyncDisposable;

/** Opens one for `await using`. */
export function testSandbox(options: SandboxOptions = {}): TestSandbox {
  const sandbox = openSandbox(options);
  return { ...sandbox, [Symbol.asyncDispose]: () => sandbox.close() };
}

/** A job with everything filled in that a test does not speak of. */
export function job(source: string, more: Partial<CodeJob> = {}): CodeJob {
  const scope = { now: 1_700_000_000_000, seed: 'seed', nodes: {}, workflow: {}, run: {}, turn: 0, vars: {} };
  return { workspace: 'acme', source, mode: 'all', items: [], scope, timeoutMs: 30_000, memoryMb: 64, ...more };
}

/** What the code returned, or an error that shows the fault. */
export function outputOf(result: CodeResult): unknown {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.output;
}

/** A child process as `ps` shows it. */
export interface Child {
  pid: number;
  uid: number;
  megabytes: number;
  cpuSeconds: number;
  command: string;
}

/** The children that `parent` has now; what is contained by `bwrap` and not that itself. */
export function childrenOf(parent: number): Child[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,uid=,rss=,cputimes=,args='], { encoding: 'utf8' });
  const all = table.split('\n').map((line) => {
    const [pid, ppid, uid, rss, seconds, ...command] = line.trim().split(/\s+/);
    const [megabytes, cpuSeconds] = [Number(rss) / 1024, Number(seconds)];
    const child: Child = { pid: Number(pid), uid: Number(uid), megabytes, cpuSeconds, command: command.join(' ') };
    return { ...child, parent: Number(ppid) };
  });
  const below = (pid: number): Child[] =>
    all
      .filter((one) => one.parent === pid && !one.command.startsWith('ps '))
      .flatMap((one) => (/^\S*bwrap /.test(one.command) ? below(one.pid) : [one]));
  return below(parent);
}

/**
 * The child of `parent` that has used processor time since `before` (children at rest use none): its code is running, and
 * goes on until it is ended. No clock is asked: how long that takes depends on the machine and its load.
 */
export async function busyChild(parent: number, before: readonly Child[]): Promise<Child> {
  const used = new Map(before.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  return vi.waitFor(
    () => {
      const found = childrenOf(parent).find(({ pid, cpuSeconds }) => cpuSeconds > (used.get(pid) ?? Infinity));
      if (!found) throw new Error('No child is busy');
      return found;
    },
    { timeout: 50_000, interval: 100 },
  );
}

/** Brings the one child of `sandbox` down for real, while code of `workspace` runs in it; gives how that run ended. */
export async function killWhileRunning(sandbox: Sandbox, workspace: string): Promise<CodeResult> {
  await sandbox.runCode(job('return 1', { workspace }));
  const before = childrenOf(process.pid);
  const running = sandbox.runCode(job('for (;;);', { workspace, timeoutMs: 120_000 }));
  process.kill((await busyChild(process.pid, before)).pid, 'SIGKILL');
  return running;
}

/** The pids of the children that `parent` has now. */
export const pidsOf = (parent: number): Set<number> => new Set(childrenOf(parent).map(({ pid }) => pid));
