import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { launchChild, userOfChild, type Child } from '../cells/launch.ts';

/** What a child is started with: the runner's file, plain JavaScript, and the memory its first isolate is made for. */
export interface Launch {
  runner: string;
  /** What it may read; the folder of the runner. */
  folder: string;
  memoryMb: number;
  jitless: boolean;
}

/** The longest a job may take; the child's CPU limit lies above it. */
export const longestMs = 300_000;

/** Addresses that a child may map, in MB. */
const addressMb = 4_096;

/**
 * Starts a child: jitless, without files, inside what this machine has for it, and as a user that nobody else is when we are root (`cells/launch.ts` has the rest).
 *
 * Jitless was measured (`bench/sandbox-jitless.ts`; S5: 1,000 items of 100 B, 3 string operations, 1 number, 1 added field;
 * whole trip, best of 40 on a busy machine): once for all 4.2 ms without JIT and 5.4 with, once for each 5.5 and 6.6. Short
 * code in a fresh isolate pays more for compiling than it gets back. A loop of 20 million steps takes 360 instead of 42 ms.
 * Most of V8's holes are in its JIT, and WebAssembly memory is not counted by the isolate's limit: both are gone.
 */
export function launch(options: Launch): Child {
  const { runner, memoryMb, jitless, folder } = options;
  const addon = addonPath();
  const args = [
    '--no-node-snapshot', // isolated-vm asks for it since Node 20
    ...(jitless ? ['--jitless'] : []),
    '--no-warnings',
    '--permission',
    '--allow-addons',
    `--allow-fs-read=${join(folder, '*')}`,
    `--allow-fs-read=${addon}`,
    runner,
    addon,
    String(memoryMb),
    userOfChild(),
  ];
  return launchChild({ args, isContained: true, addressMb, cpuSeconds: longestMs / 1000 + 60 });
}

/** The addon's file for this platform, found by isolated-vm's own loader but not loaded here: the server holds no isolate. */
function addonPath(): string {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('isolated-vm/package.json');
  const loader: { path(folder: string): string } = createRequire(manifest)('node-gyp-build');
  return loader.path(dirname(manifest));
}
