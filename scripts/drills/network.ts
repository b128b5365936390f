import { setTimeout as pause } from 'node:timers/promises';
import { openTcpProxy } from '../../server/engine/testing/tcp-proxy.ts';
import type { TcpProxy } from '../../server/engine/testing/tcp-proxy.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { startProduct } from './product.ts';
import { joined } from './report.ts';
import type { Report } from './report.ts';
import { underLoad } from './under-load.ts';

/** F11: the wire to Postgres is cut for 15 s, is half open for 60 s, answers half a second late for 20 s. */
export async function network({ times = 1, on }: DrillOptions): Promise<Report> {
  return joined({
    cut: await harmed(times, on, async (wire) => {
      wire.cut();
      await pause(15_000);
    }),
    'half open': await harmed(times, on, async (wire) => {
      wire.stall();
      await pause(60_000);
    }),
    slow: await harmed(times, on, async (wire) => {
      wire.delay(500);
      await pause(20_000);
    }),
  });
}

async function harmed(times: number, on: DrillOptions['on'], harm: (wire: TcpProxy) => Promise<void>): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  await using wire = await openTcpProxy(cluster.url);
  await using server = await startProduct({ ...box.env, DATABASE_URL: wire.url });
  return await underLoad(box, server, await box.key({ DATABASE_URL: cluster.url }), times, async () => {
    await harm(wire);
    wire.mend();
  });
}
