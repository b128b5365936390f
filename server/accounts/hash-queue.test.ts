import { expect, test } from 'vitest';
import { openAuth } from './auth.ts';
import type { AuthOptions, LoadedAuth } from './auth.ts';
import { HashQueue } from './hash-queue.ts';

const turns = async () => {
  for (let n = 0; n < 20; n++) await Promise.resolve();
};

/** Work that waits until it is let go. */
function openWork() {
  const going: (() => void)[] = [];
  const work = () => new Promise<string>((resolve) => going.push(() => resolve('done')));
  const letGo = async () => {
    going.shift()?.();
    await turns();
  };
  return { going, work, letGo };
}

const codeOf = (error: { code: string }) => error.code;

const at = (n: number) => ({ ip: `10.${n}.0.1` });

test('two passwords are hashed at once, a short queue waits, and whoever comes then is refused before anything is done', async () => {
  const queue = new HashQueue();
  const { going, work, letGo } = openWork();
  const asked = Array.from({ length: 40 }, (_, n) => queue.run(at(n), work).catch(codeOf));
  await turns();
  expect(going).toHaveLength(2);
  for (let n = 0; n < 26; n++) {
    await letGo();
    expect(going.length).toBeLessThanOrEqual(2);
  }
  const answers = await Promise.all(asked);
  expect(answers).toEqual([...Array(26).fill('done'), ...Array(14).fill('too-many')]);
  const after = queue.run(at(1), work);
  await turns();
  await letGo();
  expect(await after).toBe('done');
});

test.each([
  ['one place has half of the queue', 12, () => '10.0.0.1'],
  ['one network has three quarters', 18, (n: number) => `10.0.0.${n}`],
  ['one network of IPv6 has three quarters', 18, (n: number) => `2001:db8:1:${n}::1`],
])('%s, and others come in beside it', async (_, most, ipOf) => {
  const queue = new HashQueue();
  const { going, work, letGo } = openWork();
  const asked = Array.from({ length: 30 }, (__, n) => queue.run({ ip: ipOf(n) }, work).catch(codeOf));
  const other = queue.run({ ip: '10.0.9.2' }, work).catch(codeOf);
  await turns();
  while (going.length > 0) await letGo();
  expect(await other).toBe('done');
  expect((await Promise.all(asked)).filter((answer) => answer === 'done')).toHaveLength(most);
});

test('who is known by a device comes in beside any number of strangers, and next', async () => {
  const queue = new HashQueue();
  const { going, work, letGo } = openWork();
  const strangers = Array.from({ length: 40 }, (_, n) => queue.run(at(n), work).catch(codeOf));
  let isIn = false;
  const known = queue.run({ ...at(1), knownAs: 'olga@example.com' }, work).then((done) => ((isIn = true), done));
  await turns();
  // Of those that go on, some were first; of the next two turns one is theirs.
  for (let n = 0; n < 4; n++) await letGo();
  expect(isIn).toBe(true);
  // Nor do the many browsers of one person keep out another one.
  const same = Array.from({ length: 4 }, () => queue.run({ ...at(2), knownAs: 'eve@example.com' }, work).catch(codeOf));
  const next = queue.run({ ...at(3), knownAs: 'ada@example.com' }, work).catch(codeOf);
  await turns();
  while (going.length > 0) await letGo();
  expect([await known, await next]).toEqual(['done', 'done']);
  expect(await Promise.all(same)).toEqual(['done', 'done', 'too-many', 'too-many']);
  expect((await Promise.all(strangers)).filter((answer) => answer === 'done')).toHaveLength(26);
});

test('work that fails hands its turn on', async () => {
  const queue = new HashQueue();
  const fails = Array.from({ length: 5 }, () => queue.run(at(1), async () => Promise.reject(new Error('away'))));
  expect((await Promise.allSettled(fails)).map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  expect(await queue.run(at(1), async () => 'done')).toBe('done');
});

test('whatever hashes a password waits in the one queue of its process', async () => {
  const { going, work } = openWork();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only what hashes is asked
  const loaded = { hashPassword: work, logIn: work, changePassword: work } as unknown as LoadedAuth;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options are for the library
  const auth = openAuth({ url: 'http://localhost:4000' } as AuthOptions, async () => loaded);
  const sent = (n: number) => ({ cookie: undefined, userAgent: undefined, ip: `10.${n}.1.1` });
  for (let n = 0; n < 8; n++) {
    void auth.hashPassword('a long password', sent(n).ip);
    void auth.logIn('nobody@example.com', 'wrong', sent(n));
    void auth.changePassword('wrong', 'a long password', sent(n));
  }
  await turns();
  expect(going).toHaveLength(2);
});
