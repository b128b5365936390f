import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { timed } from './timed.ts';

// Calls each address again and again, one call at a time each, until it is told that it is over; then tells the answers by status.
const { urls } = workerData as { urls: readonly string[] };
const pressed: Record<string, number> = {};
let isOver = false;
parentPort?.once('message', () => {
  isOver = true;
  parentPort?.postMessage(pressed);
  process.exit(0);
});

async function press(url: string): Promise<void> {
  while (!isOver) {
    const { status } = await timed(url);
    pressed[status] = (pressed[status] ?? 0) + 1;
    if (status !== 200 && status !== 500 && status !== 202) await pause(500);
  }
}

await Promise.all(urls.map(press));
