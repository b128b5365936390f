import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { Box } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { Client } from './client.ts';
import { startProduct } from './product.ts';
import type { Product } from './product.ts';
import { joined, reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { orders, takeStock } from './stock.ts';
import { until } from './until.ts';

/** A web process and two workers, on the embedded Postgres that they share by their home and on one of DATABASE_URL. */
export async function roles({ on }: DrillOptions): Promise<Report> {
  if (on === 'fifteen') return joined({ external: await external(on) });
  return joined({ embedded: await embedded(), external: await external(on) });
}

async function embedded(): Promise<Report> {
  await using box = await openBox();
  return await house(box, {});
}

async function external(on: DrillOptions['on']): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  return await house(box, { DATABASE_URL: cluster.url });
}

async function house(box: Box, more: Readonly<Record<string, string>>): Promise<Report> {
  const env = { ...box.env, ...more };
  // All at once, as a supervisor does: who comes first makes the cluster and the tables.
  const started = await Promise.all([
    startProduct(env, { role: 'web' }),
    startProduct(env, { role: 'worker' }),
    startProduct(env, { role: 'worker' }),
  ]);
  const [web, ...workers] = started as [Product, Product, Product];
  const api = new Api(() => web.url, await box.key(more));
  const workflow = await api.publish(orders(box.target.port));
  const client = new Client(() => [web.url], '/hooks/main/orders', 20);
  try {
    await until('60 calls are taken', () => client.taken.length, { least: 60 });
    await client.stop();
    const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 60_000);
    const health = await Promise.all(started.map(async ({ url }) => (await fetch(`${url}/readyz`)).status));
    // The web process goes first and must not take the Postgres of the others away.
    const codes = [await web.end('SIGTERM')];
    const alive = workers.every((worker) => !worker.hasEnded());
    for (const worker of workers) codes.push(await worker.end('SIGTERM'));
    const report = reportOf(stock, client);
    return {
      ...report,
      broken: [
        ...report.broken,
        ...unless(
          health.every((status) => status === 200),
          `readyz: ${health.join(' ')}`,
        ),
        ...unless(alive, 'a worker fell when the web process left'),
        ...unless(
          codes.every((code) => code === 0),
          `exit codes ${codes.join(' ')}`,
        ),
      ],
    };
  } finally {
    await client.stop(0);
    for (const product of started) await product.end('SIGTERM');
  }
}
