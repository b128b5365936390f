import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { Readers, sendInPieces } from './readers.ts';

afterEach(() => vi.useRealTimers());

const MB = 1024 * 1024;
const lookEveryMs = 5_000;
const bytes = Buffer.alloc(64 * MB, 'x');

/** A server whose every answer has 64 MB, and how many readers look after it. */
async function open({ most = 1024 * MB, bytesPerSecond = 32 * 1024 } = {}) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const readers = new Readers({ pace: { graceMs: 20_000, bytesPerSecond, lookEveryMs }, most });
  const responses: ServerResponse[] = [];
  const listeners: number[] = [];
  const server = createServer((request, response) => {
    const heard = () => response.listenerCount('close');
    const before = heard();
    readers.watch(response);
    responses.push(response);
    const { workspace } = request.headers;
    if (!readers.enter(response, bytes.length, { workspace: String(workspace) }))
      return void response.writeHead(503).end();
    listeners.push(heard() - before);
    response.writeHead(200, { 'content-length': bytes.length });
    void sendInPieces(response, bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    readers,
    responses,
    listeners,
    look: (times = 1) => void vi.advanceTimersByTime(times * lookEveryMs),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
    /** Asks for so many answers on one connection, and takes nothing of them. */
    ask: async (workspace = 'a', times = 1) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      let taken = 0;
      socket.on('data', (data) => void (taken += data.length)).pause();
      await once(socket, 'connect');
      const nth = responses.length;
      const call = `GET / HTTP/1.1\r\nhost: a\r\nworkspace: ${workspace}\r\n`;
      socket.write(`${`${call}\r\n`.repeat(times - 1)}${call}connection: close\r\n\r\n`);
      await expect.poll(() => responses.length).toBe(nth + times);
      await expect.poll(() => responses[nth]?.writableNeedDrain).toBe(true);
      return {
        socket,
        response: responses[nth]!,
        taken: () => taken,
        /** Takes so much more, and what is on its way. */
        take: async (more: number) => {
          const until = taken + more;
          socket.resume();
          await expect.poll(() => taken, { interval: 1 }).toBeGreaterThanOrEqual(until);
          socket.pause();
        },
      };
    },
  };
}

test('who takes nothing of an answer is cut off after 20 s, and nothing is held for him any more', async () => {
  await using server = await open();
  const reader = await server.ask();
  expect(server.readers.waiting).toBe(bytes.length);
  server.look(4);
  expect(reader.response.destroyed).toBe(false);
  server.look();
  expect(reader.response.destroyed).toBe(true);
  expect(server.readers.waiting).toBe(0);
});

test.each([
  ['less than is asked of him is cut off, however steadily', 32 * MB, true],
  ['enough has it all', 32 * 1024, false],
])('who takes %s', async (_, bytesPerSecond, isCut) => {
  await using server = await open({ bytesPerSecond });
  const reader = await server.ask();
  server.look();
  for (let n = 0; n < 8 && !reader.response.destroyed; n++) {
    await reader.take(2 * MB);
    server.look();
  }
  expect(reader.response.destroyed).toBe(isCut);
  reader.socket.resume();
  await once(reader.socket, 'close');
  expect(reader.taken() > bytes.length).toBe(!isCut);
});

test('when all that waits is too much the slowest makes room; without one that is slow there is none', async () => {
  await using server = await open({ most: 128 * MB });
  const first = await server.ask('a');
  const second = await server.ask('b');
  // Both are new: nobody can be said to be slow.
  expect(server.readers.enter(first.response, bytes.length)).toBe(false);
  server.look();
  await second.take(8 * MB);
  server.look();
  const third = await server.ask('c');
  expect([first, second, third].map(({ response }) => response.destroyed)).toEqual([true, false, false]);
  expect(server.readers.waiting).toBe(2 * bytes.length);
});

test('what one workspace leaves waiting takes no room from others: of its own readers the slowest makes it', async () => {
  await using server = await open({ most: 256 * MB });
  const [first, second, third] = [await server.ask('a'), await server.ask('a'), await server.ask('a')];
  server.look();
  await first.take(8 * MB);
  await third.take(8 * MB);
  server.look();
  // There is room, but not for this workspace.
  const fourth = await server.ask('a');
  const other = await server.ask('b');
  expect([first, second, third, fourth, other].map(({ response }) => response.destroyed)).toEqual([
    false,
    true,
    false,
    false,
    false,
  ]);
  expect(server.readers.waiting).toBe(256 * MB);
});

test('an answer that is to be made waits for its turn; one for which there is no room in two looks is told so', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const readers = new Readers({ pace: { graceMs: 20_000, bytesPerSecond: 1, lookEveryMs }, most: 100 });
  const response = () => {
    const made = new ServerResponse(new IncomingMessage(new Socket()));
    readers.watch(made);
    return made;
  };
  const first = response();
  expect(await readers.turn(first, 75, { workspace: 'a' })).toBe(true);
  const next = readers.turn(response(), 75, { workspace: 'a' });
  const late = readers.turn(response(), 75, { workspace: 'a' });
  // Who waits keeps nobody of another workspace waiting.
  expect(await readers.turn(response(), 25, { workspace: 'b' })).toBe(true);
  first.emit('close');
  expect(await next).toBe(true);
  vi.advanceTimersByTime(3 * lookEveryMs);
  expect(await late).toBe(false);
  expect(readers.waiting).toBe(100);
});

test('nothing is held for who is gone by the time of his answer', async () => {
  await using server = await open();
  const { socket, response } = await server.ask();
  socket.destroy();
  await expect.poll(() => server.readers.waiting).toBe(0);
  server.readers.enter(response, bytes.length);
  expect([server.readers.waiting, server.listeners]).toEqual([0, [1]]);
});

test('what waits behind another answer makes room for those that can be taken', async () => {
  await using server = await open({ most: 192 * MB });
  const behind = await server.ask('a', 2);
  const other = await server.ask('b');
  const third = await server.ask('c');
  await expect.poll(() => [behind.response.destroyed, server.readers.waiting]).toEqual([true, 2 * bytes.length]);
  expect([other, third].map(({ response }) => response.destroyed)).toEqual([false, false]);
});
