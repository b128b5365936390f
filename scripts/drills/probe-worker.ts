import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { heldIn } from './probe.ts';

// Asks for /healthz every 20 ms and tells how long each answer took; and every half second how long the server's own thread held its event loop.
const { url } = workerData as { url: string };
const agent = new Agent({ keepAlive: true });
const heldEveryMs = 500;
let isOver = false;
parentPort?.once('message', () => (isOver = true));

const ask = (path: string) =>
  new Promise<{ status: number; text: string }>((resolve) => {
    const request = get(`${url}${path}`, { agent }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.once('error', () => resolve({ status: 0, text: '' }));
  });

async function askHealth(): Promise<void> {
  while (!isOver) {
    const at = Date.now();
    const began = performance.now();
    const { status } = await ask('/healthz');
    const took = performance.now() - began;
    parentPort?.postMessage({ at, took, isWell: status === 200 });
    await pause(Math.max(0, 20 - took));
  }
}

async function askHeld(): Promise<void> {
  for (let from = Date.now(); !isOver; from = Date.now()) {
    await pause(heldEveryMs);
    const { text } = await ask('/metrics');
    const held = heldIn(text);
    if (held !== undefined) parentPort?.postMessage({ from, to: Date.now(), held });
  }
}

await Promise.all([askHealth(), askHeld()]);
process.exit(0);
