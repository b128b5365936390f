import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
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
  const server = createServer((_request, response) => {
    readers.watch(response);
    responses.push(response);
    if (!readers.enter(response, bytes.length)) return void response.writeHead(503).end();
    response.writeHead(200, { 'content-length': bytes.length });
    void sendInPieces(response, bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    readers,
    responses,
    look: (times = 1) => void vi.advanceTimersByTime(times * lookEveryMs),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
    ask: async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      let taken = 0;
      socket.on('data', (data) => void (taken += data.length)).pause();
      await once(socket, 'connect');
      const nth = responses.length;
      socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
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
  const first = await server.ask();
  const second = await server.ask();
  // Both are new: nobody can be said to be slow.
  expect(server.readers.enter(first.response, bytes.length)).toBe(false);
  server.look();
  await second.take(8 * MB);
  server.look();
  const third = await server.ask();
  expect([first, second, third].map(({ response }) => response.destroyed)).toEqual([true, false, false]);
  expect(server.readers.waiting).toBe(2 * bytes.length);
});
