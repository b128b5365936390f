import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { launchChild, userOfChild, type Child } from '../cells/launch.ts';
import { packageRoot } from '../root.ts';

/** Processor seconds in all the life of a process: more than its jobs can take, so that only one that nobody watches gets there. */
const cpuSeconds = 3_600;

/**
 * Starts a compute process: with a heap of so many megabytes, no environment, no network, nothing to write, and of files only its program's. From
 * source that is the whole package, which is read until everything is loaded.
 */
export function launch(runner: string, memoryMb: number): Child {
  // Where packages are linked from elsewhere, they are read there.
  const readable = runner.endsWith('.ts')
    ? [packageRoot, realpathSync(join(packageRoot, 'node_modules'))]
    : [dirname(runner)];
  return launchChild({
    args: [
      `--max-old-space-size=${memoryMb}`,
      '--no-warnings',
      '--permission',
      '--allow-worker',
      ...readable.map((folder) => `--allow-fs-read=${join(folder, '*')}`),
      runner,
      userOfChild(),
    ],
    cpuSeconds,
  });
}
