import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { Client } from './client.ts';
import { freePort, startProduct } from './product.ts';
import { reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { orders, takeStock } from './stock.ts';

/** W4: the server is killed the moment it has answered 2xx, again and again; each accepted run is there and ends after the next start. */
export async function killed({ times = 20, on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on);
  const port = await freePort();
  let server = await startProduct(box.env, { port });
  const api = new Api(() => server.url, await box.key());
  const workflow = await api.publish(orders(box.target.port));
  const client = new Client(() => [server.url], '/hooks/main/orders', 25);
  const starts: number[] = [];
  try {
    for (let time = 0; time < times; time += 1) {
      const before = client.taken.length;
      // Straight from the answer: nothing of the process runs in between.
      while (client.taken.length === before) await new Promise((resolve) => setImmediate(resolve));
      await server.end('SIGKILL');
      const from = performance.now();
      server = await startProduct(box.env, { port });
      starts.push(Math.round(performance.now() - from));
    }
    await client.stop();
    const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 120_000);
    const slow = starts.filter((ms) => ms > 4_000).length;
    const code = await server.end('SIGTERM');
    const report = reportOf(stock, client, { kills: times, 'start after a kill': `${Math.max(...starts)} ms at most` });
    return {
      ...report,
      broken: [
        ...report.broken,
        ...unless(code === 0, `told to stop, it ended with ${code}`),
        ...unless(slow <= times / 4, `${slow} of ${times} starts took over 4 s`),
      ],
    };
  } finally {
    await client.stop(0);
    await server.end('SIGTERM');
  }
}
