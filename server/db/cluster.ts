import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { postgresConf } from './embedded-conf.ts';
import { giveTo, type ClusterPlace } from './embedded-place.ts';
import { dropDeadLock, findPostmaster } from './postmaster.ts';

const exec = promisify(execFile);
const login = 'heddle';
/** A crash recovery reads at most max_wal_size of log; two minutes are for slow disks. */
const startPatience = 120_000;
const portPatience = 3_000;

/** Makes, starts or takes over the cluster and gives its URL once it answers. Callers hold the turn. */
export async function bringUp(
  place: ClusterPlace,
  durable: boolean,
): Promise<{ url: string; how: 'made' | 'started' | 'joined' }> {
  const password = keepPassword(place);
  const made = !existsSync(path.join(place.data, 'PG_VERSION'));
  if (made) await makeCluster(place, password, durable);
  let started = false;
  const until = Date.now() + startPatience;
  for (;;) {
    const found = findPostmaster(place.data);
    if (!found) {
      if (started && Date.now() > until) throw new Error(`Postgres does not stay up: see ${logFile(place)}.`);
      await start(place, durable);
      started = true;
    } else if (found.state === 'ready') {
      await haveDatabase(urlOf(found.port, password, 'postgres'), place);
      return { url: urlOf(found.port, password, login), how: made ? 'made' : started ? 'started' : 'joined' };
    } else if (Date.now() > until) {
      throw new Error(
        `Postgres (process ${found.pid}) has been ${found.state} for ${startPatience / 1000} s: see ${logFile(place)}.`,
      );
    }
    await pause(20);
  }
}

/** Stops the cluster if it runs: connections are cut, what is committed is on disk. Callers hold the turn. */
export async function bringDown(place: ClusterPlace): Promise<void> {
  if (!findPostmaster(place.data)) return;
  await control(place, '-m', 'fast', '-w', '-t', '60', 'stop').catch((cause: unknown) => {
    if (findPostmaster(place.data)) throw new Error(`Postgres does not stop: see ${logFile(place)}.`, { cause });
  });
}

const logFile = (place: ClusterPlace) => path.join(place.data, 'server.log');

const urlOf = (port: number, password: string, database: string) =>
  `postgres://${login}:${password}@127.0.0.1:${port}/${database}`;

function keepPassword({ control: folder }: ClusterPlace): string {
  const file = path.join(folder, 'password');
  if (!existsSync(file)) {
    const draft = `${file}.new`;
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    renameSync(draft, file);
  }
  return readFileSync(file, 'utf8').trim();
}

/** Into a draft folder first, so that a process killed half-way leaves no half cluster that looks whole. */
async function makeCluster(place: ClusterPlace, password: string, durable: boolean): Promise<void> {
  const draft = `${place.data}.new`;
  const secret = path.join(place.cluster, 'initial-password');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  giveTo(place.account, draft);
  writeFileSync(secret, password, { mode: 0o600 });
  giveTo(place.account, secret);
  try {
    // The builtin provider sorts the same on every system, whatever locales it has.
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
    const access = [`--username=${login}`, '--auth=scram-sha-256', `--pwfile=${secret}`];
    const disk = durable ? [] : ['--no-sync'];
    await run(place, place.initdb, [`--pgdata=${draft}`, ...access, ...locale, ...disk, '--no-instructions']);
  } finally {
    rmSync(secret, { force: true });
  }
  appendFileSync(path.join(draft, 'postgresql.conf'), "\ninclude 'heddle.conf'\n");
  renameSync(draft, place.data);
}

/** Tries again while the port is taken from under us or the last crash's children still hold the shared memory. */
async function start(place: ClusterPlace, durable: boolean): Promise<void> {
  trimLog(place);
  dropDeadLock(place.data);
  for (let attempt = 1; ; attempt += 1) {
    const conf = path.join(place.data, 'heddle.conf');
    const port = await choosePort(conf);
    writeConf(place, conf, postgresConf(port, durable));
    try {
      await control(place, '-l', logFile(place), '-w', '-t', String(startPatience / 1000), 'start');
      return;
    } catch (cause) {
      if (findPostmaster(place.data)) return;
      if (attempt === 10) throw new Error(`Postgres does not start: see ${logFile(place)}.`, { cause });
      await pause(300);
    }
  }
}

/** Whole or not at all: a disk that is full would leave half of it, and with it the port of last time would be gone. */
function writeConf(place: ClusterPlace, conf: string, content: string): void {
  if (existsSync(conf) && readFileSync(conf, 'utf8') === content) return;
  const draft = `${conf}.new`;
  writeFileSync(draft, content);
  giveTo(place.account, draft);
  renameSync(draft, conf);
}

/**
 * The port of last time where it is free: pools that outlived a crash then find their way back. The children of a Postgres that was killed
 * listen there until they notice, so it is given a moment; what is still there then is another program.
 */
async function choosePort(conf: string): Promise<number> {
  const last = existsSync(conf) ? Number(/^port = (\d+)$/m.exec(readFileSync(conf, 'utf8'))?.[1] ?? 0) : 0;
  for (const until = Date.now() + portPatience; last > 0; await pause(50)) {
    const port = await listenOnce(last);
    if (port !== undefined) return port;
    if (Date.now() > until) break;
  }
  return (await listenOnce(0)) ?? 0;
}

function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function trimLog(place: ClusterPlace): void {
  const log = logFile(place);
  if (existsSync(log) && statSync(log).size > 10_000_000) renameSync(log, `${log}.1`);
}

async function haveDatabase(url: string, place: ClusterPlace): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    const found = await admin`select 1 from pg_database where datname = ${login}`;
    if (found.length === 0) await admin.unsafe(`create database ${login}`);
  } catch (cause) {
    const wrongPassword = cause instanceof Error && 'code' in cause && cause.code === '28P01';
    if (!wrongPassword) throw cause;
    throw new Error(
      `The password in ${path.join(place.control, 'password')} does not open the database in ${place.data}.`,
      { cause },
    );
  } finally {
    await admin.end();
  }
}

const control = (place: ClusterPlace, ...args: string[]) => run(place, place.pgCtl, ['-D', place.data, ...args]);

/** Under Postgres' account, in a folder that it can enter, with nothing of our environment but what programs need to start. */
async function run(place: ClusterPlace, program: string, args: string[]): Promise<void> {
  const { PATH, SystemRoot, TMPDIR } = process.env;
  const env = { PATH, LC_ALL: 'C', TZ: 'UTC', ...(SystemRoot && { SystemRoot }), ...(TMPDIR && { TMPDIR }) };
  await exec(program, args, { ...place.account, cwd: place.cluster, env });
}
