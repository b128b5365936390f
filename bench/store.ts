import postgres from 'postgres';
import { openDatabase, type Database } from '../server/db/connect.ts';
import { joinEmbeddedPostgres } from '../server/db/embedded.ts';
import { migrate } from '../server/db/migrate.ts';
import { databaseUrl } from '../server/db/testing.ts';

/** A fresh, migrated, durable database for a bench, in the Postgres under `home`, which is started for it and left running for the next. */
export async function withStore(home: string, work: (database: Database) => Promise<void>): Promise<void> {
  await using server = await joinEmbeddedPostgres({ home });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    await admin.unsafe('drop database if exists bench_store with (force)');
    await admin.unsafe('create database bench_store');
    const url = databaseUrl(server.url, 'bench_store');
    await migrate({ url });
    await using database = await openDatabase({ url });
    await work(database);
  } finally {
    await admin.end();
  }
}

/** What a load came to. Milliseconds. */
export interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of one core, this process alone. */
  readonly cpu: number;
}

/** Does `work` again and again at some `clients` in parallel: one second to warm up, then `seconds` that count. */
export async function measure(clients: number, seconds: number, work: (n: number) => Promise<void>): Promise<Measured> {
  const times: number[] = [];
  let n = 0;
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      n += 1;
      const from = performance.now();
      await work(n);
      times.push(performance.now() - from);
    }
  };
  const running = Array.from({ length: clients }, client);
  await pause(1_000);
  times.length = 0;
  const from = performance.now();
  const cpu = process.cpuUsage();
  await pause(seconds * 1_000);
  const took = (performance.now() - from) / 1_000;
  const sorted = times.slice().toSorted((a, b) => a - b);
  const used = process.cpuUsage(cpu);
  isOver = true;
  await Promise.all(running);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
  const seconds1 = (used.user + used.system) / 1e6 / took;
  return {
    perSecond: Math.round(sorted.length / took),
    p50: at(0.5),
    p99: at(0.99),
    cpu: Math.round(seconds1 * 100) / 100,
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
