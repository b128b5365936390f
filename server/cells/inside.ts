import { frameReader } from './frames.ts';

// What every child of the server does in itself.

/** SIGKILL, because `process.exit` waits for isolates that spin, and nothing in a child is worth an orderly end. */
export const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** Becomes the user of that number, if one is given; not before everything is loaded, since nobody may not enter every checkout. */
export function dropRights(uid: string): void {
  if (uid === '') return;
  process.setgroups?.([]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}

/** Hears what the server says, and dies when it is gone: no orphan is left. */
export function hear(onFrame: (head: string, body: string) => void): void {
  for (const event of ['end', 'close', 'error']) process.stdin.on(event, die);
  process.stdout.on('error', die);
  process.stdin.on('data', frameReader(Infinity, onFrame, die));
}
