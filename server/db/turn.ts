import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { isAlive, ownMark } from './process-mark.ts';

/**
 * Does `work` while no other process on this machine is inside `inTurn` of the same folder, and gives its result. A holder that was
 * killed loses its turn. Throws when the turn does not come within `patience` milliseconds.
 *
 * Node has no flock, and a lock file that is deleted when stale can be deleted twice, so the turn is a ticket with a number: the highest
 * ticket holds, `link` makes the next one atomically, and a ticket below a higher one never counts.
 */
export async function inTurn<T>(folder: string, work: () => Promise<T>, patience = 180_000): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const until = Date.now() + patience;
  let ticket = take(folder);
  while (!ticket) {
    if (Date.now() > until) throw new Error(`Another process has held ${folder} for ${patience / 1000} s.`);
    await pause(15);
    ticket = take(folder);
  }
  try {
    return await work();
  } finally {
    // Emptied, not written over: on a full disk nothing can be written, and a turn that nobody gives back is waited for in vain.
    truncateSync(ticket);
  }
}

function take(folder: string): string | undefined {
  const highest = ticketsOf(folder).at(-1) ?? 0;
  if (highest > 0 && isHeld(path.join(folder, String(highest)))) return undefined;
  const ours = path.join(folder, String(highest + 1));
  if (!makeOnce(ours)) return undefined;
  const all = ticketsOf(folder);
  const below = all.filter((number) => number <= highest);
  if (all.at(-1) !== highest + 1) {
    rmSync(ours, { force: true });
    return undefined;
  }
  for (const number of below) rmSync(path.join(folder, String(number)), { force: true });
  return ours;
}

function ticketsOf(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

function isHeld(ticket: string): boolean {
  try {
    return isAlive(readFileSync(ticket, 'utf8'));
  } catch {
    return true; // gone between the listing and now: someone moved on, look again
  }
}

function makeOnce(ticket: string): boolean {
  const draft = `${ticket}.${randomUUID()}`;
  writeFileSync(draft, ownMark);
  try {
    linkSync(draft, ticket);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
