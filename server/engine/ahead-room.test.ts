import { expect, test } from 'vitest';
import { AheadRooms } from './ahead-room.ts';

/** Lets everything go on that can. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('what goes with starts is made one after the other, and waits while there is much that is not stored', async () => {
  const room = new AheadRooms(1_000);
  const stored: (() => void)[] = [];
  let made = 0;
  const begin = (size: number) =>
    room.through(
      'a',
      async () => (made++, 'x'.repeat(size)),
      () => new Promise<void>((resolve) => stored.push(resolve)),
    );
  const small = Array.from({ length: 50 }, () => begin(10));
  await settled();
  expect([made, stored.length]).toEqual([50, 50]);
  for (const done of stored.splice(0)) done();
  await Promise.all(small);
  made = 0;
  const large = Array.from({ length: 50 }, () => begin(600));
  await settled();
  expect([made, stored.length]).toEqual([2, 2]);
  while (made < 50) {
    stored.shift()?.();
    await settled();
    expect(stored.length).toBeLessThanOrEqual(2);
  }
  for (const done of stored) done();
  await Promise.all(large);
  expect(room.size).toBe(0);
});

test('what one workspace has not stored yet keeps no other waiting', async () => {
  const room = new AheadRooms(100);
  const { promise: isStored, resolve: stored } = Promise.withResolvers<void>();
  let made = 0;
  const begin = () =>
    room.through(
      'a',
      async () => (made++, 'x'.repeat(200)),
      () => isStored,
    );
  const all = [begin(), begin()];
  await room.through(
    'b',
    async () => 'x',
    async () => {},
  );
  expect([made, room.size]).toEqual([1, 1]);
  stored();
  await Promise.all(all);
  expect([made, room.size]).toEqual([2, 0]);
});

test('one that cannot be made or stored keeps no room from the others', async () => {
  const room = new AheadRooms(100);
  const broken = room.through(
    'a',
    () => Promise.reject(new Error('made')),
    async () => {},
  );
  const lost = room.through(
    'a',
    async () => 'x'.repeat(200),
    () => Promise.reject(new Error('stored')),
  );
  const fine = room.through(
    'a',
    async () => 'x'.repeat(200),
    async () => {},
  );
  expect(await Promise.allSettled([broken, lost, fine])).toMatchObject([
    { reason: new Error('made') },
    { reason: new Error('stored') },
    { status: 'fulfilled' },
  ]);
  expect(room.size).toBe(0);
});
