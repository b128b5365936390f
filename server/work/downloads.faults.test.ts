import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../flow/compile/compile.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { catalogue } from '../../nodes/all.ts';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { readConfig } from '../config.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { until } from '../engine/testing/test-engine.ts';
import { openLog } from '../log/log.ts';
import { openProcess } from '../process.ts';
import type { Process } from '../process.ts';
import { farSide } from '../wire/testing/far-side.ts';
import type { FarSide } from '../wire/testing/far-side.ts';
import { quickLeases } from './testing/program.ts';
import { startWorker } from './testing/worker.ts';

const MB = 1024 * 1024;
const block = randomBytes(MB);

/** A server of files: `/60/1` is one of 60 MB, `/60/2` another one. */
const openFiles = () =>
  farSide(async ({ url }, _, response) => {
    const count = Number(url.split('/')[1]);
    response.writeHead(200, { 'content-type': 'application/zip' });
    response.write(url);
    for (let n = 0; n < count && !response.destroyed; n++)
      if (!response.write(block)) await new Promise((go) => response.once('drain', go));
    response.end();
  });

let database: TestDatabase;
let files: FarSide;
let starter: Process;
let workspace: string;
let home: string;

beforeAll(async () => {
  database = await createTestDatabase();
  files = await openFiles();
  home = await mkdtemp(path.join(tmpdir(), 'heddle-downloads-'));
  const env = { ...quickLeases, DATABASE_URL: database.url, HEDDLE_SLOTS: '0', HEDDLE_ALLOW_HOSTS: files.pair };
  starter = await openProcess({ config: readConfig(env), role: 'starter', log: openLog({ level: 'silent' }) });
  workspace = await findWorkspace(starter.ground.database.app.sql, 'main');
});
afterAll(async () => {
  await starter.close(0);
  await files[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const worker = (more: Record<string, string> = {}) =>
  startWorker({
    DATABASE_URL: database.url,
    HEDDLE_ALLOW_HOSTS: files.pair,
    HEDDLE_HOME: home,
    HEDDLE_BLOBS: path.join(home, 'values'),
    ...more,
  });

async function start(where: string): Promise<string> {
  const params = { url: `${files.url}/${where}`, as: 'file', timeout: '100s' };
  const document: Workflow = {
    heddle: 1,
    name: 'Download',
    nodes: [
      { key: 'go', type: 'start.manual' },
      { key: 'get', type: 'connect.http-request', params },
    ],
    edges: [{ from: 'go', to: 'get' }],
  };
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const actor = await starter.engine.start({
    workspace,
    workflow: { id: 'workflow_download', name: document.name, version: null },
    plan: compiled.plan,
    document,
    start: 'go',
    input: [{}],
    lane: 'interactive',
    mode: 'live',
    trigger: { kind: 'manual' },
  });
  return actor.run;
}

const rowOf = async (run: string) => (await starter.ledger.sql`select status, error from runs where id = ${run}`)[0]!;
const becomes = (run: string, status: string) =>
  until(`${run} is ${status}`, async () => (await rowOf(run))['status'] === status, 110_000);

/** What a process has of the machine's memory, and what it had at most since it was last asked to forget that; in MB. */
function memoryOf(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

const stores: Record<string, () => Record<string, string>> = {
  'a folder': () => ({}),
  // Half a gigabyte of hexadecimal digits: `npm run test:long` has the time.
  ...(Number(process.env['HEDDLE_TEST_TIMES'] ?? 1) > 1 && { Postgres: () => ({ HEDDLE_BLOBS: '' }) }),
};

test.runIf(process.platform === 'linux').each(Object.entries(stores))(
  'eight downloads of 60 MB at once, to %s, cost a process little memory',
  async (store, env) => {
    await using one = await worker(env());
    const pid = one.child.pid!;
    await becomes(await start(`2/${store.length}`), 'finished');
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const before = memoryOf(pid).now;
    const runs = await Promise.all(Array.from({ length: 8 }, (_, n) => start(`60/${n}${store.length}`)));
    await Promise.all(runs.map((run) => becomes(run, 'finished')));
    const grown = memoryOf(pid).most - before;
    const outputs = await Promise.all(runs.map(async (run) => (await starter.ledger.readFacts(run)).at(-1)));
    for (const end of outputs) {
      const [{ file }] = (end?.type === 'run.finished' ? end.data.output : [{}]) as [{ file: { size: number } }];
      expect(file.size).toBe(60 * MB + '/60/00'.length);
    }
    console.info(`eight downloads of 60 MB to ${store} took ${Math.round(grown)} MB`);
    // Whole, they would be 480 MB, and more on their way to the database, which gets them as hexadecimal digits.
    expect(grown).toBeLessThan(300);
    expect(await readdir(path.join(home, 'downloads'))).toEqual([]);
  },
);

test('a file that is too large is refused with the setting that allows it', async () => {
  await using _one = await worker({ HEDDLE_DOWNLOAD_SIZE: '11' });
  const run = await start('12/large');
  await becomes(run, 'failed');
  expect((await rowOf(run))['error']).toMatchObject({
    code: 'http.too-large',
    mend: expect.stringContaining('HEDDLE_DOWNLOAD_SIZE'),
  });
});
