import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A wire between a process and its database that a test can cut. */
export interface TcpProxy extends AsyncDisposable {
  /** The same address by way of the proxy. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Keeps connections open and lets nothing through any more: half open. */
  stall(): void;
  /** Lets everything through so many milliseconds late, each way half of it. */
  delay(ms: number): void;
  mend(): void;
  /** How many bytes came from the database so far. */
  bytesRead(): number;
}

/** Opens a proxy before the server of an address. */
export async function openTcpProxy(target: string): Promise<TcpProxy> {
  const to = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'stalled' = 'open';
  let late = 0;
  let read = 0;
  const pass = (bytes: Buffer | string, to: Socket) => {
    if (state === 'stalled') return;
    if (late === 0) to.write(bytes);
    else setTimeout(() => to.destroyed || to.write(bytes), late / 2);
  };
  const end = (pair: readonly [Socket, Socket]) => {
    pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  };
  const server = createServer((near) => {
    if (state === 'cut') return near.destroy();
    const far = connect(Number(to.port || 5432), to.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on('data', (bytes) => pass(bytes, far));
    far.on('data', (bytes) => {
      read += bytes.length;
      pass(bytes, near);
    });
    for (const socket of pair) {
      socket.on('error', () => end(pair));
      socket.on('close', () => end(pair));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const endAll = () => [...pairs].forEach(end);
  return {
    url: url.href,
    cut: () => {
      state = 'cut';
      endAll();
    },
    stall: () => {
      state = 'stalled';
    },
    bytesRead: () => read,
    delay: (ms) => {
      late = ms;
    },
    mend: () => {
      // What was late and what comes next would change places.
      if (state === 'stalled' || late > 0) endAll();
      state = 'open';
      late = 0;
    },
    [Symbol.asyncDispose]: async () => {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
