import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
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
const isReady = message('Z', Buffer.from('I'));

/** As much of a Postgres as lets everybody in and has done whatever it was asked. */
function answer(caller: Socket): void {
  let isIn = false;
  caller.on('data', () => {
    caller.write(
      Buffer.concat([isIn ? message('C', Buffer.from('SELECT 0\0')) : message('R', Buffer.alloc(4)), isReady]),
    );
    isIn = true;
  });
}

test('a statement on a connection that has gone fails as such: it ended the process', async () => {
  const postgres = await mendedClient();
  const callers: Socket[] = [];
  const server = createServer((caller) => {
    callers.push(caller);
    answer(caller);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sql = postgres({ host: '127.0.0.1', port, user: 'a', database: 'a', max: 1, fetch_types: false });
  let later: Promise<unknown> | undefined;
  const over = sql.begin(async (tx) => {
    const [caller] = callers;
    const closed = once(caller!, 'close');
    caller!.end();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 20));
    later = tx.unsafe('select 1');
    await later;
  });
  await expect(over).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  await expect.poll(() => later !== undefined).toBe(true);
  await expect(later).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  // Who comes next has a connection of his own.
  expect(await sql.unsafe('select 2')).toHaveLength(0);
  await sql.end({ timeout: 1 });
  for (const caller of callers) caller.destroy();
  server.close();
});

test('a client that is another than the one we mend is noticed', () => {
  expect(() => mendPostgres('function nextWrite() {}')).toThrow('look whether');
});
