import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { isAlive, ownMark } from './process-mark.ts';

/** Notes in `folder` that this process uses the embedded Postgres, and gives what takes the note away again. */
export function addUser(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const note = path.join(folder, randomUUID());
  writeFileSync(note, ownMark);
  return () => rmSync(note, { force: true });
}

/** How many users are alive; the notes of processes that were killed are swept away. */
export function countUsers(folder: string): number {
  let alive = 0;
  for (const name of readdirSync(folder)) {
    const note = path.join(folder, name);
    if (isAlive(read(note))) alive += 1;
    else rmSync(note, { force: true });
  }
  return alive;
}

function read(note: string): string {
  try {
    return readFileSync(note, 'utf8');
  } catch {
    return '';
  }
}
