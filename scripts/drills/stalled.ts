import { setTimeout as pause } from 'node:timers/promises';
import { openTcpProxy } from '../../server/engine/testing/tcp-proxy.ts';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { Client } from './client.ts';
import { signal } from './processes.ts';
import { freePort, startProduct } from './product.ts';
import type { Product } from './product.ts';
import { joined, reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { orders, takeStock } from './stock.ts';
import { reaches } from './until.ts';

/** Leases that a stall of some seconds outlasts. */
const leases = { HEDDLE_HEARTBEAT: '1', HEDDLE_LEASE: '6', HEDDLE_SWEEP: '1' };
const stallMs = 8_000;

/**
 * One of two servers on one Postgres is stopped past its leases and goes on where it was (SIGSTOP, SIGCONT), again and again under load; then
 * the same with 150 ms each way to the database. Nothing is lost, doubled, quarantined or failed, and at rest no slot is held.
 */
export async function stalled({ times = 20, on }: DrillOptions): Promise<Report> {
  return joined({ near: await stalls(times, 0, on), far: await stalls(times, 300, on) });
}

async function stalls(times: number, delayMs: number, on: DrillOptions['on']): Promise<Report> {
  await using box = await openBox(on, leases);
  await using cluster = await box.outer();
  await using wire = await openTcpProxy(cluster.url);
  const servers: Product[] = [];
  try {
    for (let n = 0; n < 2; n++)
      servers.push(await startProduct({ ...box.env, DATABASE_URL: wire.url }, { port: await freePort() }));
    const api = new Api(() => servers[0]!.url, await box.key({ DATABASE_URL: cluster.url }));
    const workflow = await api.publish(orders(box.target.port));
    await pause(1_000);
    if (delayMs > 0) wire.delay(delayMs);
    const client = new Client(() => servers.map(({ url }) => url), '/hooks/main/orders', 8);
    try {
      for (let time = 0; time < times; time += 1) {
        const { pid } = servers[time % servers.length]!;
        await pause(1_000 + Math.random() * 1_500);
        signal([pid], 'SIGSTOP');
        await pause(stallMs);
        signal([pid], 'SIGCONT');
      }
      await client.stop();
      const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 90_000);
      let slots: number[] = [];
      const free = async () => {
        slots = await Promise.all(servers.map(slotsOf));
        return -slots.reduce((sum, held) => sum + held, 0);
      };
      // The list says that a run is over a moment before its slot is given back.
      await reaches(free, { least: 0 });
      const report = reportOf(stock, client, { stalls: times, 'slots at rest': slots.join(' ') });
      return {
        ...report,
        broken: [
          ...report.broken,
          ...unless(
            slots.every((held) => held === 0),
            `slots are held at rest: ${slots.join(' ')}`,
          ),
          ...unless(
            servers.every((server) => !server.hasEnded()),
            'a server fell',
          ),
        ],
      };
    } finally {
      await client.stop(0);
    }
  } finally {
    for (const server of servers) await server.end('SIGKILL');
  }
}

/** Slots in which a server carries stages out at this moment, by its own metrics. */
async function slotsOf({ url }: Product): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^heddle_stages_carried (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}
