import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPostmaster } from '../../server/db/postmaster.ts';
import { joinEmbeddedPostgres } from '../../server/db/embedded.ts';
import { openBox } from './box.ts';
import { listProcesses, signal, treeOf } from './processes.ts';
import { startProduct } from './product.ts';
import { joined } from './report.ts';
import type { Report } from './report.ts';
import { underLoad } from './under-load.ts';

/** F9: Postgres is killed under load, ours and one that is somebody else's, whole and one process of it. */
export async function postgres({ times = 3 }: { times?: number }): Promise<Report> {
  return joined({ embedded: await embedded(times), external: await external(times), backend: await backend(times) });
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
async function external(times: number): Promise<Report> {
  await using box = await openBox();
  await using cluster = await joinEmbeddedPostgres({ home: box.home });
  await using server = await startProduct({ ...box.env, DATABASE_URL: cluster.url });
  const key = await box.key({ DATABASE_URL: cluster.url });
  return await underLoad(box, server, key, times, async () => {
    await killAll(path.join(box.home, 'postgres/data'));
    await pause(10_000);
    await cluster.revive();
  });
}

/** One backend killed outright: Postgres ends all others, recovers and goes on. */
async function backend(times: number): Promise<Report> {
  await using box = await openBox();
  await using server = await startProduct(box.env);
  return await underLoad(box, server, await box.key(), times, async () => {
    const postmaster = findPostmaster(path.join(box.home, 'postgres/data'))?.pid ?? 0;
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
