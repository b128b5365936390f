import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import * as z from 'zod';
import { packageRoot } from '../../server/root.ts';
import { Api } from './api.ts';
import { openBox } from './box.ts';
import type { Box } from './box.ts';
import { Client } from './client.ts';
import { hasDebian, openDebian } from './debian.ts';
import { bundle, startProduct } from './product.ts';
import { joined, reportOf, unless } from './report.ts';
import type { Report } from './report.ts';
import { orders, takeStock } from './stock.ts';

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
    walls: await walls(server.url('postgres', 'postgres'), path.join(box.home, 'walls.json')),
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
  while (client.taken.length < 20) await new Promise((resolve) => setTimeout(resolve, 50));
  await client.stop();
  const stock = await takeStock({ api, workflow, taken: client.taken, target: box.target }, 30_000);
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

async function walls(url: string, file: string): Promise<Report> {
  const vitest = path.join(packageRoot, 'node_modules/vitest/vitest.mjs');
  const reporting = ['--reporter=json', `--outputFile.json=${file}`];
  const args = ['--no-node-snapshot', vitest, 'run', '--project', 'server', 'server/db/access.test.ts', ...reporting];
  const env = { ...process.env, HEDDLE_TEST_DATABASE_URL: url };
  // A test that fails ends it with 1: what failed is in the file.
  await promisify(execFile)(process.execPath, args, { cwd: packageRoot, env }).catch(() => undefined);
  const said = readFileSync(file, 'utf8');
  const counts = Counts.parse(JSON.parse(said));
  return {
    figures: { passed: counts.numPassedTests },
    broken: unless(counts.numTotalTests > 0 && counts.numPassedTests === counts.numTotalTests, said.slice(0, 3_000)),
  };
}
