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

test('two passwords are hashed at once, a short queue waits, and whoever comes then is refused before anything is done', async () => {
  const queue = new HashQueue();
  const { going, work, letGo } = openWork();
  const asked = Array.from({ length: 40 }, (_, n) => queue.run(`10.0.0.${n}`, work).catch(codeOf));
  await turns();
  expect(going).toHaveLength(2);
  for (let n = 0; n < 34; n++) {
    await letGo();
    expect(going.length).toBeLessThanOrEqual(2);
  }
  const answers = await Promise.all(asked);
  expect(answers).toEqual([...Array(34).fill('done'), ...Array(6).fill('too-many')]);
  const after = queue.run('10.0.0.1', work);
  await turns();
  await letGo();
  expect(await after).toBe('done');
});

test('one place has half of the queue, and others come in beside it', async () => {
  const queue = new HashQueue();
  const { going, work, letGo } = openWork();
  const asked = Array.from({ length: 20 }, () => queue.run('10.0.0.1', work).catch(codeOf));
  const other = queue.run('10.0.0.2', work).catch(codeOf);
  await turns();
  while (going.length > 0) await letGo();
  expect(await other).toBe('done');
  expect((await Promise.all(asked)).filter((answer) => answer === 'too-many')).toHaveLength(4);
});

test('work that fails hands its turn on', async () => {
  const queue = new HashQueue();
  const fails = Array.from({ length: 5 }, () => queue.run('10.0.0.1', async () => Promise.reject(new Error('away'))));
  expect((await Promise.allSettled(fails)).map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  expect(await queue.run('10.0.0.1', async () => 'done')).toBe('done');
});

test('whatever hashes a password waits in the one queue of its process', async () => {
  const { going, work } = openWork();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only what hashes is asked
  const loaded = { hashPassword: work, logIn: work, changePassword: work } as unknown as LoadedAuth;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options are for the library
  const auth = openAuth({ url: 'http://localhost:4000' } as AuthOptions, async () => loaded);
  const sent = (n: number) => ({ cookie: undefined, userAgent: undefined, ip: `10.0.1.${n}` });
  for (let n = 0; n < 10; n++) {
    void auth.hashPassword('a long password', sent(n).ip);
    void auth.logIn('nobody@example.com', 'wrong', sent(n));
    void auth.changePassword('wrong', 'a long password', sent(n));
  }
  await turns();
  expect(going).toHaveLength(2);
});
