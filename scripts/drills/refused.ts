import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openTcpProxy } from '../../server/engine/testing/tcp-proxy.ts';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { DrillOptions } from './carry-out.ts';
import { startProduct } from './product.ts';
import { unless } from './report.ts';
import type { Report } from './report.ts';
import { orders } from './stock.ts';
import { reaches } from './until.ts';

/** Starts a second that are tried while the database is away. */
const rate = 60;

/**
 * Starts that a database which is away refuses are over: thousands of them leave neither memory nor lines of log behind, and nothing is read
 * again for them afterwards.
 */
export async function refused({ times = 1, on }: DrillOptions): Promise<Report> {
  await using box = await openBox(on);
  await using cluster = await box.outer();
  await using wire = await openTcpProxy(cluster.url);
  await using server = await startProduct({ ...box.env, DATABASE_URL: wire.url });
  const api = new Api(() => server.url, await box.key({ DATABASE_URL: cluster.url }));
  await api.publish(orders(box.target.port));
  const call = async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"n":1}' };
    const response = await fetch(`${server.url}/hooks/main/orders`, init).catch(() => undefined);
    await response?.arrayBuffer();
    return response?.status ?? 0;
  };
  for (let n = 0; n < 200; n++) await call();
  const before = memoryOf(server.pid);
  let tried = 0;
  let wrong = 0;
  let again = 0;
  for (let time = 0; time < times; time++) {
    wire.cut();
    const under: Promise<void>[] = [];
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(1_000 / rate)) {
      tried++;
      under.push(call().then((status) => void (status !== 503 && status !== 429 && wrong++)));
    }
    await Promise.all(under);
    wire.mend();
    await reaches(async () => (again = await call()) === 202);
    await pause(3_000);
  }
  const [grown, lines] = [memoryOf(server.pid) - before, linesOf(server.said())];
  await pause(10_000);
  const later = linesOf(server.said()) - lines;
  const code = await server.end('SIGTERM');
  return {
    figures: { tried, 'grown by, MB': grown, 'lines of log': lines, 'lines in the 10 s after': later },
    broken: [
      ...unless(wrong === 0, `${wrong} were not answered with 503 or 429`),
      ...unless(grown < 120, `the server grew by ${grown} MB`),
      ...unless(lines < 300, `it wrote ${lines} lines`),
      ...unless(later < 5, `after the outage it goes on writing: ${later} lines in 10 s`),
      ...unless(again === 202, `afterwards a call is answered with ${again}`),
      ...unless(code === 0, `told to stop, it ended with ${code}`),
    ],
  };
}

const linesOf = (text: string) => text.split('\n').length;

/** Resident memory in MB. Linux. */
const memoryOf = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
