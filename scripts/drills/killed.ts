import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { Client } from './client.ts';
import { freePort, startProduct } from './product.ts';
import { reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { orders, takeStock } from './stock.ts';
import { Patience } from './until.ts';

/** For which no call may be taken, in milliseconds. */
const stillMs = 60_000;

/** W4: the server is killed the moment it has answered 2xx, again and again; each accepted run is there and ends after the next start. */
export async function killed({ times = 20, on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on);
  const port = await freePort();
  const began = performance.now();
  let server = await startProduct(box.env, { port });
  // The first start makes the database as well: it says how fast the machine is.
  const startMost = Math.max(4_000, performance.now() - began);
  const api = new Api(() => server.url, await box.key());
  const workflow = await api.publish(orders(box.target.port));
  const client = new Client(() => [server.url], '/hooks/main/orders', 25);
  const starts: number[] = [];
  try {
    for (let time = 0; time < times; time += 1) {
      const before = client.taken.length;
      // Straight from the answer: nothing of the process runs in between.
      for (const patience = new Patience(stillMs); client.taken.length === before && patience.lasts();)
        await new Promise((resolve) => setImmediate(resolve));
      if (client.taken.length === before) throw new Error(`no call was taken:\n${server.said()}`);
      await server.end('SIGKILL');
      const from = performance.now();
      server = await startProduct(box.env, { port });
      starts.push(Math.round(performance.now() - from));
    }
    await client.stop();
    const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 120_000);
    const slow = starts.filter((ms) => ms > startMost).length;
    const code = await server.end('SIGTERM');
    const report = reportOf(stock, client, { kills: times, 'start after a kill': `${Math.max(...starts)} ms at most` });
    return {
      ...report,
      broken: [
        ...report.broken,
        ...unless(code === 0, `told to stop, it ended with ${code}`),
        ...unless(slow <= times / 4, `${slow} of ${times} starts took over ${Math.round(startMost)} ms`),
      ],
    };
  } finally {
    await client.stop(0);
    await server.end('SIGTERM');
  }
}
