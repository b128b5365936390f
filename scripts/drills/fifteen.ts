import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import postgres from 'postgres';
import * as z from 'zod';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { Box } from './box.ts';
import { Client } from './client.ts';
import { hasDebian, openDebian } from './debian.ts';
import { bundle, startProduct } from './product.ts';
import { joined, reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { runTests } from './run-tests.ts';
import { orders, takeStock } from './stock.ts';
import { until } from './until.ts';

const Counts = z.object({ numPassedTests: z.number(), numTotalTests: z.number() });
const Health = z.object({ access: z.string(), embedded: z.boolean() });

/**
 * The oldest Postgres that we promise, Debian's 15, by DATABASE_URL: once as its superuser, where real roles are made, and once as a plain
 * owner of one database, where they cannot be (E22). Then the tests of the walls between workspaces, on that server.
 */
export async function fifteen(): Promise<Report> {
  if (!hasDebian()) return { figures: { skipped: 'there is no PostgreSQL 15 here' }, broken: [] };
  await using box = await openBox();
  await using server = await openDebian(box.home);
  const admin = postgres(server.url('postgres', 'postgres'), { max: 1, onnotice: () => {} });
  await admin`create role plain login`;
  await admin`create database plain owner plain`;
  await admin`create database super`;
  await admin.end();
  const reports = {
    superuser: await smoke(box, server.url('postgres', 'super'), 'roles'),
    'plain owner': await smoke(box, server.url('plain', 'plain'), 'settings'),
  };
  return joined({
    ...reports,
    walls: await walls(server.url('postgres', 'postgres')),
  });
}

async function smoke(box: Box, url: string, access: 'roles' | 'settings'): Promise<Report> {
  const env = { ...box.env, DATABASE_URL: url };
  await using server = await startProduct(env);
  const doctor = await promisify(execFile)(process.execPath, ['--no-node-snapshot', bundle, 'doctor', '--json'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const health = Health.parse(JSON.parse(doctor.stdout));
  const api = new Api(() => server.url, await box.key(env));
  const workflow = await api.publish(orders(box.target.port));
  box.target.hits.length = 0;
  const client = new Client(() => [server.url], '/hooks/main/orders', 20);
  await until('20 calls are taken', () => client.taken.length, { least: 20 });
  await client.stop();
  const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 60_000);
  const code = await server.end('SIGTERM');
  const report = reportOf(stock, client, { access: health.access });
  return {
    ...report,
    broken: [
      ...report.broken,
      ...unless(health.access === access && !health.embedded, `doctor says ${JSON.stringify(health)}`),
      ...unless(code === 0, `told to stop, it ended with ${code}`),
    ],
  };
}

async function walls(url: string): Promise<Report> {
  const tests = ['--project', 'server', 'server/db/access.test.ts'];
  const said = await runTests(tests, { HEDDLE_TEST_DATABASE_URL: url });
  const counts = Counts.parse(JSON.parse(said));
  return {
    figures: { passed: counts.numPassedTests },
    broken: unless(counts.numTotalTests > 0 && counts.numPassedTests === counts.numTotalTests, said.slice(0, 3_000)),
  };
}
