import { parseArgs } from 'node:util';
import { openBlobs } from '../server/journal/blobs.ts';
import { openFlusher } from '../server/journal/flusher.ts';
import { newRunId } from '../server/journal/ids.ts';
import { end, start } from '../server/engine/testing/store.ts';
import { measure, withStore } from './store.ts';

/**
 * Whole runs a second through the flusher (E1, E2) in the engine's role, with the rows of S1: start (event, run, run.started, a leased stage,
 * later the same plan), then end (three facts, the stage gone, the run over). `node bench/flusher.ts [--clients 1,10,50,200] [--batch 100]`
 */
const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1,10,50,200' },
    batch: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '4' },
    home: { type: 'string', default: '/tmp/heddle-bench' },
  },
});

const order = { name: 'Ada', email: 'ada@example.com', amount: 120, plan: 'pro' };
const item = {
  method: 'POST',
  path: 'orders',
  headers: { host: 'localhost', 'content-type': 'application/json' },
  query: {},
  params: {},
  body: order,
};
const made = [{ ...order, greeting: 'Hello Ada', total: 144, source: 'bench' }];

await withStore(values.home, async (database) => {
  const engine = database.engine.sql;
  const options = { boot: 'boot_bench', leaseMs: 20_000, blobs: openBlobs(engine), batch: Number(values.batch) };
  for (const clients of values.clients.split(',').map(Number)) {
    const flusher = openFlusher(engine, options);
    const measured = await measure(clients, Number(values.seconds), async () => {
      const run = newRunId(Date.now());
      const event = {
        id: `evt_${run}`,
        source: '/hooks/main/orders',
        type: 'webhook',
        data: item,
        trigger: 'wf_1/hook',
      };
      const began = await flusher.append(start(run, { event }));
      const ended = await flusher.append(end(run, {}, made));
      if (!began.ok || !ended.ok) throw new Error(`lost: ${JSON.stringify([began, ended])}`);
    });
    await flusher.close();
    console.log(JSON.stringify({ clients, batch: options.batch, runs: measured.perSecond, ...measured }));
  }
});
