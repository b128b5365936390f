import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { expect, test } from 'vitest';
import { mendedPostgres, mendPostgres } from './mend-postgres.js';

type Client = typeof import('postgres');

/** The client as our bundles hold it. */
async function mendedClient(): Promise<Client> {
  const folder = mkdtempSync(path.join(import.meta.dirname, '.mended-'));
  const [entry, file] = [path.join(folder, 'entry.mjs'), path.join(folder, 'client.mjs')];
  writeFileSync(entry, "export { default } from 'postgres';");
  try {
    const plugins = [mendedPostgres];
    await build({ input: entry, platform: 'node', plugins, logLevel: 'silent', output: { file, format: 'esm' } });
    return ((await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default: Client }).default;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const message = (kind: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(kind), length, body]);
};
const ready = (state: 'I' | 'T'): Buffer => message('Z', Buffer.from(state));

const answers: Readonly<Record<string, readonly Buffer[]>> = {
  P: [message('1', Buffer.alloc(0))],
  D: [message('t', Buffer.alloc(2)), message('n', Buffer.alloc(0))],
  B: [message('2', Buffer.alloc(0))],
  E: [message('C', Buffer.from('SELECT 0\0'))],
};

function answersTo(kind: string, asked: readonly string[]): readonly Buffer[] {
  const isOpen = asked.findLast((text) => /^(?:begin|commit|rollback)/.test(text))?.startsWith('begin') ?? false;
  const isReady = ready(isOpen ? 'T' : 'I');
  if (kind === 'Q') return [...answers['E']!, isReady];
  return kind === 'S' ? [isReady] : (answers[kind] ?? []);
}

/** As much of a Postgres as lets everybody in and has done whatever it was asked; what each connection asked stands in its list. */
async function openServer() {
  const callers: Socket[] = [];
  const asked: string[][] = [];
  const server = createServer((caller) => {
    const own: string[] = [];
    callers.push(caller);
    asked.push(own);
    let isIn = false;
    caller.on('error', () => {});
    caller.on('data', (bytes: Buffer) => {
      const reply = isIn ? [] : [message('R', Buffer.alloc(4)), ready('I')];
      for (let at = 0; isIn && at < bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
        const kind = String.fromCodePoint(bytes[at]!);
        const texts = bytes.toString('utf8', at + 5, at + 1 + bytes.readInt32BE(at + 1)).split('\0');
        if (kind === 'Q' || kind === 'P') own.push(texts[kind === 'Q' ? 0 : 1]!);
        reply.push(...answersTo(kind, own));
      }
      isIn = true;
      if (caller.writable) caller.write(Buffer.concat(reply));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const drop = async () => {
    const closed = once(callers[0]!, 'close');
    callers[0]!.end();
    await closed;
    await pause(20);
  };
  const end = () => {
    for (const caller of callers) caller.destroy();
    server.close();
  };
  return { asked, drop, [Symbol.dispose]: end, to: { host: '127.0.0.1', port, user: 'a', database: 'a' } };
}

test('a statement on a connection that has gone fails as such: it ended the process', async () => {
  const postgres = await mendedClient();
  using server = await openServer();
  const sql = postgres({ ...server.to, max: 1, fetch_types: false });
  let later: Promise<unknown> | undefined;
  const over = sql.begin(async (tx) => {
    await server.drop();
    later = tx.unsafe('select 1');
    await later;
  });
  await expect(over).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  await expect.poll(() => later !== undefined).toBe(true);
  await expect(later).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  // Who comes next has a connection of his own.
  expect(await sql.unsafe('select 2')).toHaveLength(0);
  await sql.end({ timeout: 1 });
});

test('a transaction whose connection has gone sends nothing on the next one, nor ends what is done there', async () => {
  const postgres = await mendedClient();
  using server = await openServer();
  const sql = postgres({ ...server.to, max: 1, fetch_types: false });
  const [goOn, isOn, isOver] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const broken = sql.begin(async (tx) => {
    await goOn.promise;
    await tx.unsafe('insert of the broken one').finally(isOver.resolve);
  });
  const told = broken.then(
    () => undefined,
    (error: unknown) => error,
  );
  await expect.poll(() => server.asked[0]?.length).toBe(1);
  await server.drop();
  expect(await told).toMatchObject({ code: 'CONNECTION_CLOSED' });
  const other = sql.begin(async (tx) => {
    await tx.unsafe('insert of another');
    isOn.resolve();
    await isOver.promise;
    await pause(20);
    await tx.unsafe('and one more');
  });
  await isOn.promise;
  goOn.resolve();
  await other;
  expect(server.asked[1]).toEqual(['begin ', 'insert of another', 'and one more', 'commit']);
  await sql.end({ timeout: 1 });
});

test('what waits for its turn in a transaction whose connection goes is told so', async () => {
  const postgres = await mendedClient();
  using server = await openServer();
  // A setting that its types do not name: one statement at a time.
  const settings = { ...server.to, max: 1, max_pipeline: 1, fetch_types: false };
  const sql = postgres(settings);
  let waiting: PromiseSettledResult<unknown>[] | undefined;
  const over = sql.begin(async (tx) => {
    const statements = ['select 1', 'select 2', 'select 3', 'select 4'].map((text) => tx.unsafe(text));
    const all = Promise.allSettled(statements);
    await server.drop();
    waiting = await all;
  });
  await expect(over).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  await expect.poll(() => waiting?.length).toBe(4);
  await sql.end({ timeout: 1 });
});

test('a client that is another than the one we mend is noticed', () => {
  expect(() => mendPostgres('function nextWrite() {}')).toThrow('look whether');
  expect(() => mendPostgres('function begin() {}', 'index.js')).toThrow('look whether');
});
