import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it reached the target. */
export interface Hit {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly body: string;
}

/** A far side that counts: answers after `delayMs`, or records and hangs when `hangs` says so. */
export interface Target extends AsyncDisposable {
  readonly port: number;
  readonly hits: Hit[];
  hangs: (hit: Hit) => boolean;
}

export async function openTarget(delayMs: number): Promise<Target> {
  const hits: Hit[] = [];
  const target: { hangs: Target['hangs'] } = { hangs: () => false };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const hit = {
      at: Date.now(),
      method: request.method ?? '',
      path: request.url ?? '',
      key: String(request.headers['idempotency-key'] ?? ''),
      body: Buffer.concat(chunks).toString(),
    };
    hits.push(hit);
    if (target.hangs(hit)) return;
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(target, {
    port: (server.address() as AddressInfo).port,
    hits,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
