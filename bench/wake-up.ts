import { parseArgs } from 'node:util';
import { openBlobs } from '../server/journal/blobs.ts';
import { openFlusher, type Append } from '../server/journal/flusher.ts';
import { newRunId } from '../server/journal/ids.ts';
import { end, start } from '../server/engine/testing/store.ts';
import { measure, withStore } from './store.ts';

/**
 * What a wake-up of its own, due when the lease ends, costs a run that is carried out in place (E3): the same load with and without one
 * graphile-worker job a run, alternately. Only adding the job is counted, not that it is fetched and deleted 20 s later for nothing.
 *
 * Measured, without | with: 5,150 | 5,135, 5,915 | 4,317, 4,950 | 4,517 runs a second. Adding alone costs 0 to 27 %; fetching and deleting would
 * come on top, and a runner does 3,400 of those a second (SPEED), fewer than there are runs. So runs in place are left to the sweeper.
 * `node bench/wake-up.ts [--clients 50]`
 */
const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    home: { type: 'string', default: '/tmp/heddle-bench' },
  },
});

const leaseMs = 20_000;
const wakeUp = (run: string): Partial<Append> => ({
  wake: [{ task: 'stage.realtime', runAt: Date.now() + leaseMs, run, stage: 's1', path: '', lane: 'realtime' }],
});

await withStore(values.home, async (database) => {
  const engine = database.engine.sql;
  const flusher = openFlusher(engine, { boot: 'boot_bench', leaseMs, blobs: openBlobs(engine) });
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const isWoken of [false, true]) {
      const measured = await measure(Number(values.clients), Number(values.seconds), async () => {
        const run = newRunId(Date.now());
        const began = await flusher.append(start(run, isWoken ? wakeUp(run) : {}));
        const ended = await flusher.append(end(run));
        if (!began.ok || !ended.ok) throw new Error(`lost: ${JSON.stringify([began, ended])}`);
      });
      console.log(
        JSON.stringify({ wakeUp: isWoken, clients: Number(values.clients), runs: measured.perSecond, ...measured }),
      );
    }
  await flusher.close();
});
