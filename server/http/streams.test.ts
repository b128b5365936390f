import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import type { Caller, Member } from './caller.ts';
import type { House } from './open-http.ts';
import { Refusal } from './refusal.ts';
import { sendFacts } from './sse.ts';
import type { FactSource } from './sse.ts';
import { Streams } from './streams.ts';
import { openBare } from './testing/bare.ts';

afterEach(() => vi.useRealTimers());

interface Fact {
  readonly seq: number;
  readonly text?: string;
}

const silent: FactSource<Fact> = { replay: async () => [], subscribe: () => () => {} };

/** A server of one stream at `/stream`; `opened` counts how often something was done for one. */
async function openStreams(source: FactSource<Fact>, identify?: (name: string) => Promise<Caller>) {
  let house: House | undefined;
  let opened = 0;
  const responses: ServerResponse[] = [];
  const http = await openBare({
    streams: 1_000,
    ...(identify ? { identify: ({ headers }) => identify(String(headers['x-caller'])) } : {}),
    annexes: [
      (app, given) => {
        house = given;
        app.get('/stream', { config: { role: 'viewer' } }, (request, reply) =>
          sendFacts(request, reply, given, {
            role: 'viewer',
            open: () => {
              opened += 1;
              responses.push(reply.raw);
              return source;
            },
            show: (fact) => fact,
          }),
        );
      },
    ],
  });
  const port = await http.listen();
  return {
    open: () => house!.streams.open,
    opened: () => opened,
    connections: promisify(http.app.server.getConnections.bind(http.app.server)),
    responses,
    port,
    [Symbol.asyncDispose]: () => http.close(0),
  };
}

/** Somebody who opens a stream on a socket of his own; `head` is the beginning of what he is answered. */
async function ask(port: number, caller = 'viewer') {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET /stream HTTP/1.1\r\nhost: 127.0.0.1\r\nx-caller: ${caller}\r\n\r\n`);
  return { socket, head: async () => String(await once(socket, 'data').then(([data]) => data)) };
}

test('of 101 streams that one key opens the last is refused before anything is done for it; one that is closed makes room at once', async () => {
  await using server = await openStreams(silent);
  const readers = await Promise.all(Array.from({ length: 100 }, () => ask(server.port)));
  const heads = await Promise.all(readers.map(({ head }) => head()));
  const metrics = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  expect(await metrics.text()).toMatch(/^heddle_streams_open 100$/m);
  expect(heads.filter((head) => head.startsWith('HTTP/1.1 200'))).toHaveLength(100);
  const refused = await ask(server.port);
  const said = await refused.head();
  expect(said).toMatch(/^HTTP\/1\.1 429 /);
  expect(said).toMatch(/\r\nretry-after: 10\r\n/i);
  expect(said).toContain('"code":"too-many"');
  expect(said).toContain('This key has 100 streams open');
  expect([server.opened(), server.open()]).toEqual([100, 100]);
  // Another key has room all the while.
  const other = await ask(server.port, 'editor');
  expect(await other.head()).toMatch(/^HTTP\/1\.1 200 /);
  // One says good-bye, one is torn off.
  readers[0]?.socket.end();
  readers[1]?.socket.resetAndDestroy();
  await expect.poll(() => server.open()).toBe(99);
  const back = await Promise.all([ask(server.port), ask(server.port)]);
  for (const { head } of back) expect(await head()).toMatch(/^HTTP\/1\.1 200 /);
  for (const { socket } of [...readers, ...back, other, refused]) socket.destroy();
  await expect.poll(() => server.open()).toBe(0);
});

test('who leaves while it is looked up who he is holds no place', async () => {
  const known = Promise.withResolvers<Caller>();
  const asked = Promise.withResolvers<void>();
  await using server = await openStreams(silent, () => {
    asked.resolve();
    return known.promise;
  });
  const { socket } = await ask(server.port);
  await asked.promise;
  socket.resetAndDestroy();
  await expect.poll(() => server.connections()).toBe(0);
  known.resolve({ kind: 'key', keyId: 'key_1', workspace: 'ws_1', role: 'viewer' });
  await expect.poll(() => server.opened()).toBe(1);
  expect(server.open()).toBe(0);
});

test('streams that wait behind another on one connection hold places as long as it does', async () => {
  await using server = await openStreams(silent);
  const { socket } = await ask(server.port);
  socket.write('GET /stream HTTP/1.1\r\nhost: 127.0.0.1\r\nx-caller: viewer\r\n\r\n'.repeat(2));
  await expect.poll(() => server.open()).toBe(3);
  socket.destroy();
  await expect.poll(() => server.open()).toBe(0);
});

test('a reader that takes nothing has one event and a buffer waiting for it, is read nothing for, and is let go after 20 s', async () => {
  const text = 'x'.repeat(64 * 1024);
  const last = 4_000;
  let read = 0;
  // 256 MB in all, ten at a time.
  const source: FactSource<Fact> = {
    replay: async (after) =>
      Array.from({ length: Math.min(10, last - after) }, (_, n) => {
        read = Math.max(read, after + n + 1);
        return { seq: after + n + 1, text };
      }),
    subscribe: () => () => {},
  };
  await using server = await openStreams(source);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { socket } = await ask(server.port);
  socket.pause();
  await expect.poll(() => server.responses[0]?.writableNeedDrain).toBe(true);
  let most = 0;
  const isGone = () => {
    most = Math.max(most, server.responses[0]?.writableLength ?? 0);
    vi.advanceTimersByTime(20_000);
    return server.responses[0]?.destroyed;
  };
  await expect.poll(isGone).toBe(true);
  // What the machine's own buffers took, some MB, is no memory of ours.
  expect(read).toBeLessThan(last / 4);
  expect(most).toBeLessThan(3 * text.length);
  await expect.poll(() => server.open()).toBe(0);
  socket.destroy();
});

test('a reader that takes all but the end of the last word is let go as well', async () => {
  const source: FactSource<Fact> = {
    replay: async (after) => (after < 1 ? [{ seq: 1, text: 'x'.repeat(32 * 1024 * 1024) }] : []),
    subscribe: () => () => {},
    isLast: () => true,
  };
  await using server = await openStreams(source);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { socket } = await ask(server.port);
  socket.pause();
  await expect.poll(() => server.responses[0]?.writableEnded).toBe(true);
  await expect.poll(() => (vi.advanceTimersByTime(20_000), server.open())).toBe(0);
  socket.destroy();
});

test('every fact comes to a slow reader that goes on in time, once and in order', async () => {
  const text = 'x'.repeat(256 * 1024);
  const source: FactSource<Fact> = {
    replay: async (after) =>
      Array.from({ length: Math.min(10, 100 - after) }, (_, n) => ({ seq: after + n + 1, text })),
    subscribe: () => () => {},
    isLast: ({ seq }) => seq === 100,
  };
  await using server = await openStreams(source);
  const { socket } = await ask(server.port);
  socket.pause();
  await expect.poll(() => server.responses[0]?.writableNeedDrain).toBe(true);
  let heard = '';
  socket.on('data', (data) => (heard += String(data))).resume();
  await expect.poll(() => heard.includes('event: end')).toBe(true);
  expect([...heard.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq))).toEqual(
    Array.from({ length: 100 }, (_, n) => n + 1),
  );
  socket.destroy();
});

const someone = (n: number, workspace = 'ws_1'): Member => ({
  kind: 'key',
  keyId: `key_${n}`,
  workspace,
  role: 'viewer',
});
const response = () => Object.assign(new EventEmitter(), { destroyed: false }) as unknown as ServerResponse;
const refusalOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error instanceof Refusal ? [error.status, error.message] : error;
  }
  return undefined;
};

test('a workspace with any number of keys leaves a quarter of the streams to others', () => {
  const streams = new Streams(80);
  const responses = Array.from({ length: 60 }, response);
  responses.forEach((one, n) => streams.enter(someone(n), one));
  expect(refusalOf(() => streams.enter(someone(61), response()))).toEqual([
    429,
    'The server has no room for another stream.',
  ]);
  for (let n = 0; n < 20; n++) streams.enter(someone(n, 'ws_2'), response());
  expect(streams.open).toBe(80);
  responses[0]!.emit('close');
  streams.enter(someone(0, 'ws_3'), response());
});

test('64 MB wait in all for readers that do not take them; what is over, or was taken, does not count', () => {
  const streams = new Streams(80);
  const responses = Array.from({ length: 3 }, response);
  const [one, other, third] = responses.map((at, n) => streams.enter(someone(n), at));
  const mb = 1024 * 1024;
  expect([one!.waits(40 * mb), other!.waits(20 * mb), third!.waits(10 * mb)]).toEqual([true, true, false]);
  expect(third!.waits(4 * mb)).toBe(true);
  expect(one!.waits(0)).toBe(true);
  expect(third!.waits(40 * mb)).toBe(true);
  responses[2]!.emit('close');
  // Told late: it is over.
  third!.waits(60 * mb);
  expect(other!.waits(64 * mb)).toBe(true);
});
