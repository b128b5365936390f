import { setTimeout as pause } from 'node:timers/promises';
import { Api } from './api.ts';
import type { Box } from './box.ts';
import { Client } from './client.ts';
import type { Product } from './product.ts';
import { reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { orders, takeStock } from './stock.ts';

/**
 * Puts the server under load, does harm to what it stands on as often as said, and tells what became of everything: `harm` resolves when
 * the harm is over, and from then on it is counted how long it takes until a call is taken again.
 */
export async function underLoad(
  box: Box,
  server: Product,
  key: string,
  times: number,
  harm: () => Promise<void>,
): Promise<Report> {
  const api = new Api(() => server.url, key);
  const workflow = await api.publish(orders(box.target.port));
  const client = new Client(() => [server.url], '/hooks/main/orders', 25);
  const recovery: number[] = [];
  try {
    for (let time = 0; time < times; time += 1) {
      await pause(3_000);
      const before = client.sent;
      await harm();
      const healed = Date.now();
      while (!client.taken.some(({ n, at }) => n > before && at > healed) && Date.now() - healed < 60_000)
        await pause(50);
      if (client.firstAfter(healed) === undefined) throw new Error(`nothing was taken again:\n${server.said()}`);
      recovery.push((client.firstAfter(healed) ?? Date.now()) - healed);
    }
    await pause(2_000);
    await client.stop();
    const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 90_000);
    const ready = await api.call('GET', '/readyz');
    const ended = server.hasEnded();
    const code = await server.end('SIGTERM');
    const report = reportOf(stock, client, { times, 'taken again after, ms': recovery.join(' ') });
    return {
      ...report,
      broken: [
        ...report.broken,
        ...unless(!ended, 'the server fell'),
        ...unless(ready.status === 200, `readyz answered ${ready.status}`),
        ...unless(code === 0, `told to stop, it ended with ${code}:\n${server.said().slice(-2_000)}`),
        ...unless(Math.max(...recovery) < 20_000, 'it took longer than 20 s to come back'),
      ],
    };
  } finally {
    await client.stop(0);
  }
}
