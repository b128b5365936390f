import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPostmaster } from '../../server/db/postmaster.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { listProcesses, signal, treeOf } from './processes.ts';
import { startProduct } from './product.ts';
import { joined } from './report.ts';
import type { Report } from './report.ts';
import { underLoad } from './under-load.ts';

/** F9: Postgres is killed under load, ours and one that is somebody else's, whole and one process of it. */
export async function postgres({ times = 3, on }: DrillOptions): Promise<Report> {
  const outside = { external: await external(times, on), backend: await backend(times, on) };
  return joined(on === 'fifteen' ? outside : { embedded: await embedded(times), ...outside });
}

/** Our own: the product starts it again by itself. */
async function embedded(times: number): Promise<Report> {
  await using box = await openBox();
  await using server = await startProduct(box.env);
  return await underLoad(box, server, await box.key(), times, async () =>
    killAll(path.join(box.home, 'postgres/data')),
  );
}

/** Somebody else's: it stays away for ten seconds. */
async function external(times: number, on: DrillOptions['on']): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  await using server = await startProduct({ ...box.env, DATABASE_URL: cluster.url });
  const key = await box.key({ DATABASE_URL: cluster.url });
  return await underLoad(box, server, key, times, async () => {
    await killAll(cluster.data);
    await pause(10_000);
    await cluster.revive();
  });
}

/** One backend killed outright: Postgres ends all others, recovers and goes on. */
async function backend(times: number, on: DrillOptions['on']): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  const env = { ...box.env, DATABASE_URL: cluster.url };
  await using server = await startProduct(env);
  return await underLoad(box, server, await box.key(env), times, async () => {
    const postmaster = findPostmaster(cluster.data)?.pid ?? 0;
    const backends = listProcesses().filter(
      ({ parent, command }) => parent === postmaster && command.includes('heddle heddle 127.0.0.1'),
    );
    const chosen = backends[Math.floor(Math.random() * backends.length)];
    if (!chosen) throw new Error('there is no backend to kill');
    signal([chosen.pid], 'SIGKILL');
  });
}

async function killAll(data: string): Promise<void> {
  const postmaster = findPostmaster(data)?.pid;
  if (postmaster === undefined) throw new Error('Postgres does not run');
  const pids = treeOf(postmaster);
  signal(pids, 'SIGKILL');
  while (listProcesses().some(({ pid }) => pids.includes(pid))) await pause(20);
}
