import { PassThrough } from 'node:stream';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { BodyRoom } from './body-room.ts';
import { withBody } from './read-body.ts';

const source = (headers: Record<string, string> = { 'transfer-encoding': 'chunked' }) =>
  Object.assign(new PassThrough(), { headers });
const kB = 1024;
const length = (bytes: Buffer) => bytes.length;

test('a body is read whole, and an empty one is none', async () => {
  const request = source();
  request.end('abc');
  expect(await withBody(request, 10, (bytes) => bytes.toString())).toBe('abc');
  expect(await withBody(source({}), 10, length)).toBe(0);
});

test('a body that is too large is refused by what it says, or as soon as it is', async () => {
  await expect(withBody(source({ 'content-length': '11' }), 10, length)).rejects.toMatchObject({ code: 'too-large' });
  const request = source();
  request.write('x'.repeat(11));
  await expect(withBody(request, 10, length)).rejects.toMatchObject({ status: 413 });
});

test('a body in pieces of one byte keeps none of its pieces', async () => {
  setFlagsFromString('--expose-gc');
  const heap = () => {
    runInNewContext('gc()');
    return getHeapStatistics().used_heap_size;
  };
  const request = source();
  const reading = withBody(request, 1_000 * kB, length);
  const before = heap();
  for (let n = 0; n < 300_000; n++) request.emit('data', Buffer.allocUnsafe(1));
  expect(heap() - before).toBeLessThan(8_000 * kB);
  request.end();
  expect(await reading).toBe(300_000);
});

test('a body that trickles in is refused, one that comes fast enough is not', async () => {
  const pace = { graceMs: 0, bytesPerSecond: 1_000_000, lookEveryMs: 5 };
  const slow = source();
  slow.write('x');
  await expect(withBody(slow, 10, length, { pace })).rejects.toMatchObject({ status: 408, code: 'body-slow' });
  const fast = source();
  fast.end('x'.repeat(5));
  expect(await withBody(fast, 10, length, { pace })).toBe(5);
});

test('a large body that came fast and then brings nothing is refused, however fast it was on the whole', async () => {
  const pace = { graceMs: 3_600_000, bytesPerSecond: 32 * kB, lookEveryMs: 5 };
  const room = new BodyRoom(300 * kB);
  const stays = source();
  stays.write(Buffer.alloc(200 * kB));
  await expect(withBody(stays, 1_000 * kB, length, { pace, room })).rejects.toMatchObject({ code: 'body-slow' });
  // Nobody waits for it any more.
  const next = source();
  next.end(Buffer.alloc(200 * kB));
  expect(await withBody(next, 1_000 * kB, length, { room })).toBe(200 * kB);
});

test('a body that breaks off is refused', async () => {
  const request = source();
  const reading = withBody(request, 10, length);
  request.emit('aborted');
  await expect(reading).rejects.toMatchObject({ status: 400, code: 'body-broken' });
});

test('large bodies share the room, from their bytes on until they are done with', async () => {
  const room = new BodyRoom(300 * kB);
  const done = Promise.withResolvers<void>();
  const first = source();
  const held = withBody(first, 1_000 * kB, () => done.promise, { room });
  first.end(Buffer.alloc(200 * kB));
  await new Promise((resolve) => first.once('end', resolve));
  const send = (size: number) => {
    const request = source();
    request.end(Buffer.alloc(size));
    return withBody(request, 1_000 * kB, length, { room });
  };
  const refused = { status: 429, code: 'too-many', more: { headers: { 'retry-after': '2' } } };
  await expect(send(200 * kB)).rejects.toMatchObject(refused);
  expect(await send(20 * kB)).toBe(20 * kB);
  done.resolve();
  await held;
  expect(await send(200 * kB)).toBe(200 * kB);
  await expect(send(400 * kB)).rejects.toMatchObject(refused);
});

test('one trigger has half of the room and one workspace three quarters: others find some', () => {
  const room = new BodyRoom(400 * kB);
  const enter = (workspace: string, door: string, size: number) => {
    const held = room.enter({ workspace, door });
    held.grow(size * kB);
    return held;
  };
  const first = enter('a', '1', 100);
  const second = enter('a', '1', 100);
  const refused = expect.objectContaining({ status: 429, code: 'too-many' });
  expect(() => enter('a', '1', 70)).toThrow(refused);
  enter('a', '1', 64);
  enter('a', '2', 100);
  expect(() => enter('a', '3', 70)).toThrow(refused);
  enter('b', '1', 100);
  expect(() => enter('c', '1', 70)).toThrow(refused);
  first.letGo();
  second.letGo();
  enter('a', '1', 100);
  enter('c', '1', 100);
});
