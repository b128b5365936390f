import { setTimeout as pause } from 'node:timers/promises';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { Client } from './client.ts';
import { freePort, startProduct } from './product.ts';
import type { Product } from './product.ts';
import { reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { orders, takeStock } from './stock.ts';

/** A process that is stopped and started again at the same address. */
interface Place {
  readonly role: 'web' | 'worker';
  readonly port: number;
  product: Product;
}

/** F20: two web processes and two workers on one Postgres are restarted in turn under load; a client that is cut off tries the other. */
export async function rolling({ times = 10, on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  const env = { ...box.env, DATABASE_URL: cluster.url };
  const places: Place[] = [];
  for (const role of ['web', 'web', 'worker', 'worker'] as const) {
    const port = role === 'web' ? await freePort() : 0;
    places.push({ role, port, product: await startProduct(env, { role, port }) });
  }
  const webs = places.filter(({ role }) => role === 'web');
  const api = new Api(() => webs.find(({ product }) => !product.hasEnded())?.product.url ?? '', await box.key(env));
  const workflow = await api.publish(orders(box.target.port));
  // The other web process reads what was published a moment later.
  await pause(1_000);
  const client = new Client(() => webs.map(({ product }) => product.url), '/hooks/main/orders', 20);
  const exits: (number | null)[] = [];
  let slowest = 0;
  try {
    for (let time = 0; time < times; time += 1)
      for (const place of places) {
        const from = performance.now();
        exits.push(await place.product.end('SIGTERM'));
        slowest = Math.max(slowest, performance.now() - from);
        place.product = await startProduct(env, { role: place.role, port: place.port });
      }
    await client.stop();
    const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 90_000);
    const report = reportOf(stock, client, { restarts: exits.length, 'slowest stop': `${Math.round(slowest)} ms` });
    return {
      ...report,
      broken: [
        ...report.broken,
        ...unless(
          exits.every((code) => code === 0),
          `exit codes ${exits.join(' ')}`,
        ),
        ...unless(slowest < 30_000, 'a stop took longer than 30 s'),
        ...unless(stock.inDoubt === 0, `in doubt after stops in order: ${stock.inDoubt}`),
      ],
    };
  } finally {
    await client.stop(0);
    for (const { product } of places) await product.end('SIGTERM');
  }
}
