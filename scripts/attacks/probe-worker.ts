import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

// Asks for /healthz every 20 ms and tells how long each answer took, and for how much of that time the server's own thread was at work.
const { url, pid } = workerData as { url: string; pid: number };
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let isOver = false;
parentPort?.once('message', () => (isOver = true));

/** Milliseconds of processor that the server's main thread has had; nothing where nobody counts them. */
function worked(): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;
  } catch {
    return undefined;
  }
}

const ask = () =>
  new Promise<boolean>((resolve) => {
    const request = get(`${url}/healthz`, { agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    request.once('error', () => resolve(false));
  });

while (!isOver) {
  const [at, before] = [Date.now(), worked()];
  const began = performance.now();
  const isWell = await ask();
  const took = performance.now() - began;
  const after = worked();
  // On a busy machine an answer is late because nobody gave the server a processor: that is not what it did.
  const held = before === undefined || after === undefined ? took : Math.min(took, after - before);
  parentPort?.postMessage({ at, took, held, isWell });
  await pause(Math.max(0, 20 - took));
}
process.exit(0);
