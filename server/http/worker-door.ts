import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { mountHealth } from './health.ts';
import type { Ready } from './health.ts';

/** The one door of a process without doors, for whoever supervises it: `/healthz` and `/readyz`, and nothing else. */
export interface WorkerDoor {
  readonly port: number;
  /** `/readyz` says 503 from now on. */
  closing(): void;
  close(): Promise<void>;
}

/** Listens; port 0 takes any free one. */
export async function openWorkerDoor(options: { host: string; port: number; ready: Ready }): Promise<WorkerDoor> {
  let isClosing = false;
  const app = Fastify({ logger: false, forceCloseConnections: true });
  mountHealth(app, options.ready, () => isClosing);
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  return {
    port: isAddress(address) ? address.port : options.port,
    closing: () => (isClosing = true),
    close: () => app.close(),
  };
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
