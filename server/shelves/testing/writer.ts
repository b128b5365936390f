import { setImmediate as turn } from 'node:timers/promises';
import { openDatabase } from '../../db/connect.ts';
import { openTestStore, start, startedFact } from '../../engine/testing/store.ts';
import { openFolder } from '../folder.ts';

/**
 * Starts run after run with large values on a shelf, four at a time, until it is killed: `node writer.ts DATABASE FOLDER ROUND STOP`. Says `ok RUN`
 * when a start is durable, and `put` each time bytes were put; with STOP, that many puts do not come back, so that their facts are never written.
 */
const [url = '', folder = '', round = '', stop = '0'] = process.argv.slice(2);
const database = await openDatabase({ url });
const shelf = openFolder(folder);
let puts = 0;
const store = openTestStore(
  database,
  {},
  {
    ...shelf,
    put: async (...given) => {
      await shelf.put(...given);
      process.stdout.write('put\n');
      if (Number(stop) > 0 && ++puts > Number(stop)) await new Promise(() => {});
    },
  },
);

async function write(lane: number): Promise<void> {
  for (let n = 0; ; n++) {
    const run = `run_${round}_${lane}_${n}`;
    const items = Array.from({ length: 20 }, (_, item) => ({ run, item, text: `${run}-${item} `.repeat(400) }));
    const result = await store.flusher.append(start(run, { facts: [startedFact(run, items)] }));
    if (!result.ok) throw new Error(`${run}: ${result.why}`);
    process.stdout.write(`ok ${run}\n`);
    await turn();
  }
}

await Promise.all([0, 1, 2, 3].map(write));
