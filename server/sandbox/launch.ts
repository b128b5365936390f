import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** What a child is started with: the runner's file, plain JavaScript, and the memory its first isolate is made for. */
export interface Launch {
  runner: string;
  memoryMb: number;
  jitless: boolean;
}

/** The longest a job may take; the child's CPU limit lies above it. */
export const longestMs = 300_000;

/** `nobody` on every Linux; elsewhere a number that owns nothing, which is as good. */
const nobody = 65534;

/**
 * Second lines of defence, for when the parent's clock and the child's memory guard are not there: 4 GB of addresses, CPU
 * seconds above the longest job (only an orphan gets there), 64 files, no core dump. A platform without one goes without.
 */
const limits = `{ ulimit -v 4194304; ulimit -t ${longestMs / 1000 + 60}; ulimit -n 64; ulimit -c 0; } 2>/dev/null; exec "$0" "$@"`;

/**
 * Starts a child: jitless, without environment, files, children of its own or a working folder, in a process group of its
 * own so that all of it can be killed, and as nobody when we are root.
 *
 * Jitless was measured (`bench/sandbox-jitless.ts`; S5: 1,000 items of 100 B, 3 string operations, 1 number, 1 added field;
 * whole trip, best of 40 on a busy machine): once for all 4.2 ms without JIT and 5.4 with, once for each 5.5 and 6.6. Short
 * code in a fresh isolate pays more for compiling than it gets back. A loop of 20 million steps takes 360 instead of 42 ms.
 * Most of V8's holes are in its JIT, and WebAssembly memory is not counted by the isolate's limit: both are gone.
 */
export function launch(options: Launch): ChildProcessByStdio<Writable, Readable, Readable> {
  const { runner, memoryMb, jitless } = options;
  const addon = addonPath();
  const isRoot = process.getuid?.() === 0;
  const args = [
    '--no-node-snapshot', // isolated-vm asks for it since Node 20
    ...(jitless ? ['--jitless'] : []),
    '--no-warnings',
    '--permission',
    '--allow-addons',
    `--allow-fs-read=${join(dirname(runner), '*')}`,
    `--allow-fs-read=${addon}`,
    runner,
    addon,
    String(memoryMb),
    isRoot ? String(nobody) : '',
  ];
  const isWindows = process.platform === 'win32';
  const [command, all] = isWindows ? [process.execPath, args] : ['/bin/sh', ['-c', limits, process.execPath, ...args]];
  const env = { TZ: 'UTC', ...(isWindows && { SystemRoot: process.env.SystemRoot }) };
  return spawn(command, all, {
    env,
    cwd: isWindows ? undefined : '/',
    detached: !isWindows,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** The addon's file for this platform, found by isolated-vm's own loader but not loaded here: the server holds no isolate. */
function addonPath(): string {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('isolated-vm/package.json');
  const loader: { path(folder: string): string } = createRequire(manifest)('node-gyp-build');
  return loader.path(dirname(manifest));
}

/** Kills a child with everything it may have started. */
export function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
