import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../error-code.ts';
import { inFolder } from '../journal/folder-fault.ts';
import { partsOf } from '../journal/shelf.ts';
import type { Shelf, ShelfBytes, ShelfPlace } from '../journal/shelf.ts';

/** What is being written stands here, in the same file system as what is written. */
const unfinished = '.unfinished';
/** No writer takes so long: what is older was left by one that died. */
const leftAfterMs = 24 * 3_600_000;

/**
 * A shelf in a folder that all processes share. Bytes are written under a name of their own, brought to the disk and then renamed, and the folder's
 * entry is brought to the disk as well: whenever the machine stops, a name stands for all of its bytes or is not there.
 */
export function openFolder(root: string): Shelf {
  const fileOf = (place: ShelfPlace) => path.join(root, ...partsOf(place));
  const guarded = <Value>(work: () => Promise<Value>) => inFolder(root, 'of large values', work);
  return {
    where: root,
    has: (place) =>
      guarded(async () => {
        const found = await orNothing(stat(fileOf(place)));
        // Somebody else may have renamed it just now: it is here for good once its folder is on the disk.
        if (found) await syncFolder(path.dirname(fileOf(place)));
        return found !== undefined;
      }),
    put: (place, bytes) => guarded(() => write(root, fileOf(place), bytes)),
    get: (place) => guarded(() => orNothing(readFile(fileOf(place)))),
    drop: (place) => guarded(() => rm(fileOf(place), { force: true })),
    tidy: () => guarded(() => tidy(path.join(root, unfinished))),
  };
}

async function write(root: string, file: string, bytes: Uint8Array | ShelfBytes): Promise<void> {
  const aside = path.join(root, unfinished, randomUUID());
  await Promise.all([makeFolder(path.dirname(aside)), makeFolder(path.dirname(file))]);
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      if (bytes instanceof Uint8Array) await handle.writeFile(bytes);
      else for await (const part of bytes.read()) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Makes a folder with those above it; each new one is on the disk by its entry in the one above. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made !== path.dirname(first); made = path.dirname(made)) await syncFolder(path.dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function tidy(folder: string): Promise<void> {
  for (const name of (await orNothing(readdir(folder))) ?? []) {
    const file = path.join(folder, name);
    const found = await orNothing(stat(file));
    if (found && found.mtimeMs < Date.now() - leftAfterMs) await rm(file, { force: true });
  }
}

/** What a file gives, or undefined when it is not there. */
async function orNothing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
