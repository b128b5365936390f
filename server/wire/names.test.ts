import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Address } from './dial.ts';
import { openNames } from './names.ts';
import type { NamesOptions } from './names.ts';
import { nameServer } from './testing/name-server.ts';
import type { NameServer, Named } from './testing/name-server.ts';

const public4: Named = { address: '93.184.216.34', ttl: 30 };
const found = [{ address: '93.184.216.34', family: 4 }];

/** Names asked of a name server of a test, on a machine whose own resolver and hosts file are the test's too. */
async function open(answer: (name: string) => Named, more: NamesOptions = {}) {
  const server = await nameServer(answer);
  const asked: string[] = [];
  const clock = { now: 0 };
  const folder = mkdtempSync(path.join(tmpdir(), 'heddle-names-'));
  const hostsFile = path.join(folder, 'hosts');
  const system = async (name: string): Promise<readonly Address[]> => {
    asked.push(name);
    throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  };
  const lookup = openNames({ servers: [server.at], hostsFile, system, now: () => clock.now, ...more });
  const close = async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  return { lookup, server, asked, clock, hostsFile, [Symbol.asyncDispose]: close };
}

const asksOf = ({ asked }: NameServer, name: string) => asked.filter((one) => one === name).length;
const quick = (name: string): Named => (name.startsWith('quick') ? public4 : 'gone');

test('names that nobody answers for hold up no other and no thread: eight of them kept the next waiting for four seconds', async () => {
  await using one = await open((name) => (name.startsWith('slow') ? 'silent' : public4));
  let isOver = 0;
  const slow = Array.from({ length: 100 }, (_, n) => one.lookup(`slow-${n}.test`, n % 2 === 0).finally(() => isOver++));
  const ended = Promise.allSettled(slow);
  expect(await one.lookup('quick.test', false)).toEqual(found);
  expect([isOver, one.asked]).toEqual([0, []]);
  one.server.letGo();
  expect((await ended).map(({ status }) => status)).toEqual(slow.map(() => 'rejected'));
});

test('what many ask for at once is asked for once, and holds for as long as its server says', async () => {
  await using one = await open(quick);
  const all = await Promise.all(Array.from({ length: 50 }, () => one.lookup('QUICK.test.', false)));
  expect(all.every((addresses) => addresses[0]?.address === '93.184.216.34')).toBe(true);
  await one.lookup('quick.test', false);
  // IPv4 and IPv6.
  expect(asksOf(one.server, 'quick.test')).toBe(2);
  one.clock.now = 30_000;
  await one.lookup('quick.test', false);
  expect(asksOf(one.server, 'quick.test')).toBe(4);
});

test('the hosts file of the machine counts before any name server, and what changes in it', async () => {
  await using one = await open(quick);
  writeFileSync(one.hostsFile, '# ours\n10.1.2.3 Quick.test other\nfe80::1%lo0 other # a word\nnonsense quick.test\n');
  expect(await one.lookup('quick.test', false)).toEqual([{ address: '10.1.2.3', family: 4 }]);
  expect(await one.lookup('other', true)).toEqual([
    { address: '10.1.2.3', family: 4 },
    { address: 'fe80::1', family: 6 },
  ]);
  expect(one.server.asked).toEqual([]);
  rmSync(one.hostsFile);
  one.clock.now += 5_000;
  expect(await one.lookup('quick.test', false)).toEqual(found);
  writeFileSync(one.hostsFile, '10.1.2.4 quick.test\n');
  one.clock.now += 5_000;
  expect((await one.lookup('quick.test', false))[0]?.address).toBe('10.1.2.4');
});

test('localhost is this machine, whoever is asked', async () => {
  await using one = await open(quick);
  for (const name of ['localhost', 'app.localhost'])
    expect((await one.lookup(name, true)).map(({ address }) => address)).toEqual(['127.0.0.1', '::1']);
  expect(one.server.asked).toEqual([]);
});

test('a name that only the machine knows is asked of it when it is listed; one that is not is told what would help', async () => {
  const inside: readonly Address[] = [{ address: '10.0.0.7', family: 4 }];
  const asked: string[] = [];
  const system = async (name: string) => (asked.push(name), inside);
  await using one = await open(quick, { system });
  expect(await one.lookup('printer.local', true)).toEqual(inside);
  await expect(one.lookup('printer.local', false)).rejects.toMatchObject({
    code: 'http.dns',
    message: 'printer.local could not be resolved to an address (ENOTFOUND).',
    mend: expect.stringContaining('an owner has added its host:port'),
  });
  await expect(one.lookup('outside.test', false)).rejects.toMatchObject({ code: 'http.dns' });
  expect(asked).toEqual(['printer.local']);
});

test('the machine is asked for one name at a time, and seldom for one that took it long', async () => {
  let now = 0;
  let most = 0;
  const under = new Set<string>();
  const asked: string[] = [];
  const system = async (name: string): Promise<readonly Address[]> => {
    asked.push(name);
    under.add(name);
    most = Math.max(most, under.size);
    await new Promise((resolve) => setImmediate(resolve));
    under.delete(name);
    now += 5_000;
    throw Object.assign(new Error('no'), { code: 'EAI_AGAIN' });
  };
  await using one = await open(quick, { system, now: () => now });
  const names = ['a.lan', 'b.lan', 'c.lan', 'd.lan'];
  const ask = () => Promise.allSettled(names.map((name) => one.lookup(name, true)));
  for (let round = 0; round < 3; round++)
    expect((await ask()).map((told) => told.status === 'rejected' && told.reason.code)).toEqual(
      names.map(() => 'http.dns'),
    );
  expect([asked.toSorted(), most]).toEqual([names, 1]);
  now += 200_000;
  await ask();
  expect([asked.length, most]).toEqual([8, 1]);
});
