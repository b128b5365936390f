import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openBox } from './box.ts';
import { startProduct } from './product.ts';
import { unless } from './report.ts';
import type { Report } from './report.ts';
import { underLoad } from './under-load.ts';

const megabytes = 400;

/** F14: the disk under Postgres, 400 MB of memory here, is filled under load, stays full for ten seconds and is freed. */
export async function disk({ times = 3 }: { times?: number }): Promise<Report> {
  if (process.getuid?.() !== 0) return skipped('a file system can be mounted by root only');
  await using box = await openBox();
  const mount = path.join(box.home, 'postgres');
  mkdirSync(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', mount], { stdio: 'pipe' });
  } catch {
    return skipped('nothing can be mounted here');
  }
  try {
    chmodSync(mount, 0o755);
    await using server = await startProduct(box.env);
    const filler = path.join(mount, 'filler');
    const report = await underLoad(box, server, await box.key(), times, async () => {
      for (const until = Date.now() + 10_000; Date.now() < until; await pause(100)) fill(filler);
      rmSync(filler);
    });
    const isSaid = /no room|disk is full|No space left/i.test(server.said());
    return {
      ...report,
      broken: [...report.broken, ...unless(isSaid, 'no line of the log says that the disk is full')],
    };
  } finally {
    await unmount(mount);
  }
}

/** Takes every byte that is left; what Postgres frees meanwhile, too. */
function fill(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (let size = 1024 * 1024; size >= 4096;) {
      try {
        if (writeSync(handle, Buffer.alloc(size)) < size) size /= 2;
      } catch {
        size /= 2;
      }
    }
  } finally {
    closeSync(handle);
  }
}

async function unmount(mount: string): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      execFileSync('umount', [mount], { stdio: 'pipe' });
      return;
    } catch {
      await pause(200); // Postgres is still leaving it
    }
  }
  execFileSync('umount', ['--lazy', mount]);
}

const skipped = (why: string): Report => ({ figures: { skipped: why }, broken: [] });
