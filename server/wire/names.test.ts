import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../engine/testing/test-engine.ts';
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
  const resolvConf = path.join(folder, 'resolv.conf');
  const system = async (name: string): Promise<readonly Address[]> => {
    asked.push(name);
    throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  };
  const around = { servers: [server.at], hostsFile, resolvConf, system, now: () => clock.now };
  const lookup = openNames({ ...around, ...more });
  const close = async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  return { lookup, server, asked, clock, hostsFile, resolvConf, [Symbol.asyncDispose]: close };
}

const asksOf = ({ asked }: NameServer, name: string) => asked.filter((one) => one === name).length;
const quick = (name: string): Named => (name.startsWith('quick') ? public4 : 'gone');

test('names that nobody answers for hold up no other and no thread: eight of them kept the next waiting for four seconds', async () => {
  const answer = (name: string): Named => (name.startsWith('slow') ? 'silent' : public4);
  await using one = await open(answer);
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

test('a listed service may start anew elsewhere at any moment: its answer holds for five seconds', async () => {
  await using one = await open(quick);
  await one.lookup('quick.test', true);
  one.clock.now = 4_999;
  await one.lookup('quick.test', true);
  expect(asksOf(one.server, 'quick.test')).toBe(2);
  one.clock.now = 5_000;
  await one.lookup('quick.test', true);
  expect(asksOf(one.server, 'quick.test')).toBe(4);
});

test('a name that takes its server seconds to find is found: cold ones do, and c-ares expects of a server what it took of late', async () => {
  await using one = await open((name) => (name.startsWith('cold') ? 'silent' : public4));
  for (let n = 0; n < 10; n++) await one.lookup(`quick-${n}.test`, false);
  const cold = one.lookup('cold.test', false);
  await until('it was asked for three times', () => asksOf(one.server, 'cold.test') >= 6);
  one.server.letGo();
  await expect(cold).rejects.toMatchObject({ message: 'cold.test could not be resolved to an address (ENOTFOUND).' });
});

test('what is too long for a datagram is asked for over TCP', async () => {
  await using one = await open(() => ({ ...public4, isLong: true }));
  expect(await one.lookup('long.test', false)).toEqual(found);
});

test('where a name server refuses or is broken the next one is asked, as the system does', async () => {
  await using good = await nameServer(quick);
  for (const excuse of ['refused', 'broken'] as const) {
    await using bad = await nameServer(() => excuse);
    await using one = await open(() => excuse, { servers: [bad.at, good.at] });
    expect(await one.lookup('quick.test', false)).toEqual(found);
    await expect(one.lookup('gone.test', false)).rejects.toMatchObject({ mend: expect.stringContaining('is spelled') });
  }
  await using one = await open(() => 'broken');
  await expect(one.lookup('quick.test', false)).rejects.toMatchObject({
    code: 'http.dns',
    mend: expect.stringContaining('Try again later'),
  });
});

const inside: readonly Address[] = [{ address: '10.0.0.7', family: 4 }];

test('a listed name is spelled out as the machine does it, so that an inside one is no stranger outside; others and whole ones stand for themselves', async () => {
  const names: Record<string, Named> = {
    'ollama.ai.svc.cluster.test': { address: '10.0.0.7', ttl: 30 },
    'ollama.ai': public4,
    'api.two.dots.test': public4,
    'past.broken.test': 'broken',
    past: public4,
  };
  await using one = await open((name) => names[name] ?? 'gone');
  writeFileSync(
    one.resolvConf,
    '; ours\nsearch other.test svc.Cluster.test. broken.test # both\noptions edns0 ndots:2\n',
  );
  expect(await one.lookup('ollama.ai', true)).toEqual(inside);
  expect(await one.lookup('ollama.ai.', true)).toEqual(found);
  expect(await one.lookup('ollama.ai', false)).toEqual(found);
  expect(await one.lookup('past', true)).toEqual(found);
  const before = one.server.asked.length;
  expect(await one.lookup('api.two.dots.test', true)).toEqual(found);
  expect(one.server.asked.slice(before)).toEqual(['api.two.dots.test', 'api.two.dots.test']);
});

test('while nobody says whether there is an inside name, its stranger outside is not called', async () => {
  await using one = await open((name) => (name.endsWith('cluster.test') ? 'silent' : public4), { tries: 1 });
  writeFileSync(one.resolvConf, 'search cluster.test\noptions ndots:5\n');
  await expect(one.lookup('ollama.ai', true)).rejects.toMatchObject({ code: 'http.dns' });
  expect([new Set(one.server.asked), one.asked]).toEqual([new Set(['ollama.ai.cluster.test']), []]);
});

test('the system is asked where no outsider could be silent to it: for names without a zone, and for those that there are not', async () => {
  const asked: string[] = [];
  const system = async (name: string) => (asked.push(name), inside);
  await using one = await open((name) => (name === 'gone.test' ? 'gone' : 'broken'), { system });
  for (const name of ['gone.test', 'nas', 'nas.local']) expect(await one.lookup(name, true)).toEqual(inside);
  await expect(one.lookup('broken.test', true)).rejects.toMatchObject({ code: 'http.dns' });
  expect([asked, one.server.asked.includes('nas.local')]).toEqual([['gone.test', 'nas', 'nas.local'], false]);
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
