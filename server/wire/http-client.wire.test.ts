import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openHttpClient, type HttpClient, type HttpClientOptions, type IncomingReply } from './http-client.ts';
import { certificate } from './testing/certificate.ts';
import { rawSide, type FarSide } from './testing/far-side.ts';

// What is known to be done after each way in which the far side can fail (SAFETY.md 1.2, point 6), byte by byte.

const clients: HttpClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function clientFor(side: { pair: string }, more: Partial<HttpClientOptions> = {}): HttpClient {
  const client = openHttpClient({ allowHosts: [side.pair], ...more });
  clients.push(client);
  return client;
}

const ask = (client: HttpClient, url: string, method = 'POST', timeoutMs = 3000): Promise<IncomingReply> =>
  client.send({ method, url, timeoutMs, ...(method === 'POST' ? { body: 'x'.repeat(10) } : {}) });

/** Answers the first bytes of each connection with these, then does what `then` says. */
const says = (text: string, then: (socket: Socket) => void = () => {}): Promise<FarSide> =>
  rawSide((_, socket) => void (text === '' ? then(socket) : socket.write(text, 'latin1', () => then(socket))));

const ok = 'HTTP/1.1 200 OK\r\n';
const fin = (socket: Socket) => socket.end();
// The answer must have been read before the reset overtakes it, else the kernel drops what is still unread.
const rst = (socket: Socket) => setTimeout(() => socket.resetAndDestroy(), 50);

test.each([
  ['nothing, then a reset', '', (socket: Socket) => socket.resetAndDestroy(), 'http.reset', 'unknown'],
  ['nothing, then an end', '', fin, 'http.reset', 'unknown'],
  ['nothing at all', '', () => {}, 'http.timeout', 'unknown'],
  ['half a status line', 'HTTP/1.1 20', fin, 'http.reset', 'unknown'],
  ['half its headers', `${ok}content-le`, fin, 'http.reset', 'unknown'],
  ['headers only', `${ok}content-length: 5\r\n\r\n`, fin, 'http.truncated', 'unknown'],
  ['less than it promised', `${ok}content-length: 5\r\n\r\nabc`, fin, 'http.truncated', 'unknown'],
  ['less than it promised, reset', `${ok}content-length: 5\r\n\r\nabc`, rst, 'http.truncated', 'unknown'],
  ['less than it promised, then waits', `${ok}content-length: 5\r\n\r\nabc`, () => {}, 'http.timeout', 'unknown'],
  ['chunks without the last', `${ok}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`, fin, 'http.truncated', 'unknown'],
  [
    'chunks without the last, reset',
    `${ok}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    rst,
    'http.truncated',
    'unknown',
  ],
  ['a body without a length, reset', `${ok}\r\nabc`, rst, 'http.truncated', 'unknown'],
  ['a 500 cut short', 'HTTP/1.1 500 No\r\ncontent-length: 5\r\n\r\nabc', fin, 'http.truncated', 'unknown'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', () => {}, 'http.protocol', 'unknown'],
  ['a wrong chunk', `${ok}transfer-encoding: chunked\r\n\r\nzz\r\n`, () => {}, 'http.protocol', 'unknown'],
  ['two lengths', `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\nabcde`, () => {}, 'http.truncated', 'unknown'],
  ['too many headers', `${ok}x: ${'a'.repeat(40_000)}\r\n\r\n`, () => {}, 'http.too-large', 'unknown'],
  [
    'an upgrade nobody asked for',
    'HTTP/1.1 101 Switch\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    () => {},
    'http.reset',
    'unknown',
  ],
])('%s', async (_, text, then, code, done) => {
  await using far = await says(text, then);
  for (const method of ['POST', 'GET']) {
    await expect(ask(clientFor(far), far.url, method, 400)).rejects.toMatchObject({ code, done });
  }
  expect(far.connections).toBe(2); // no retry on a connection of its own
});

test.each([
  ['a length', `${ok}content-length: 3\r\n\r\nabc`, fin],
  ['chunks', `${ok}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, rst],
  ['its own end', `${ok}\r\nabc`, fin],
  ['an early hint before it', `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok}content-length: 3\r\n\r\nabc`, fin],
])('a body with %s is whole', async (_, text, then) => {
  await using far = await says(text, then);
  const reply = await ask(clientFor(far), far.url);
  expect({ status: reply.status, text: new TextDecoder().decode(reply.body) }).toEqual({ status: 200, text: 'abc' });
});

test('heads that announce an answer without end are not read without end', async () => {
  const early = 'HTTP/1.1 103 Early Hints\r\n\r\n';
  await using some = await says(`${early.repeat(100)}${ok}content-length: 3\r\n\r\nabc`, fin);
  expect(new TextDecoder().decode((await ask(clientFor(some), some.url)).body)).toBe('abc');
  await using far = await says(`${early.repeat(101)}${ok}content-length: 3\r\n\r\nabc`);
  await expect(ask(clientFor(far), far.url)).rejects.toMatchObject({ code: 'http.protocol', done: 'unknown' });
});

test('a body that drips for ever ends at the deadline', async () => {
  const drips = new Set<NodeJS.Timeout>();
  await using far = await rawSide((_, socket) => {
    socket.write(`${ok}\r\n`);
    const drip = setInterval(() => socket.write('x'), 20);
    drips.add(drip);
    socket.on('close', () => clearInterval(drip));
  });
  const began = performance.now();
  await expect(ask(clientFor(far), far.url, 'GET', 300)).rejects.toMatchObject({
    code: 'http.timeout',
    done: 'unknown',
  });
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('a name that does not resolve, a closed port and a port that never accepts are known not done', async () => {
  const far = await says(ok);
  const unnamed = clientFor(far, {
    lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
  });
  await expect(ask(unnamed, 'http://nowhere.test/')).rejects.toMatchObject({ code: 'http.dns', done: 'no' });
  await expect(ask(clientFor(far, { lookup: async () => [] }), 'http://empty.test/')).rejects.toMatchObject({
    code: 'http.dns',
    done: 'no',
  });
  const slow = clientFor(far, { lookup: () => new Promise(() => {}), limits: { connectMs: 400 } });
  await expect(ask(slow, 'http://slow.test/', 'POST', 100)).rejects.toMatchObject({ code: 'http.timeout', done: 'no' });
  const stuck = clientFor(far, { lookup: () => new Promise(() => {}), limits: { connectMs: 100 } });
  await expect(ask(stuck, 'http://stuck.test/')).rejects.toMatchObject({ code: 'http.timeout', done: 'no' });
  await far[Symbol.asyncDispose]();
  await expect(ask(clientFor(far), far.url)).rejects.toMatchObject({ code: 'http.refused', done: 'no' });
});

/** Closes each connection at its second request without an answer, as a server does whose keep-alive ends at that moment. */
const closesAtTheSecond = (count: Map<string, number>, end: (socket: Socket) => void) => {
  const seen = new WeakSet<Socket>();
  return rawSide((text, socket) => {
    const id = / \/(\S+)/.exec(text)?.[1] ?? '';
    count.set(id, (count.get(id) ?? 0) + 1);
    if (seen.has(socket)) return end(socket);
    seen.add(socket);
    socket.write(`${ok}content-length: 0\r\n\r\n`);
  });
};

test.each(['POST', 'GET', 'PUT', 'DELETE'])(
  'a %s that meets a closing connection is sent once and said to be unknown',
  async (method) => {
    for (const end of [fin, (socket: Socket) => socket.resetAndDestroy()]) {
      const count = new Map<string, number>();
      await using far = await closesAtTheSecond(count, end);
      const client = clientFor(far);
      await ask(client, `${far.url}/first`, method);
      await expect(ask(client, `${far.url}/second`, method)).rejects.toMatchObject({
        code: 'http.reset',
        done: 'unknown',
      });
      expect(far.connections).toBe(1);
      await ask(client, `${far.url}/third`, method);
      expect(count).toEqual(
        new Map([
          ['first', 1],
          ['second', 1],
          ['third', 1],
        ]),
      );
    }
  },
);

test('hundreds of requests against connections that close at odd moments: none is ever seen twice', async () => {
  const count = new Map<string, number>();
  await using far = await rawSide((text, socket, connection) => {
    for (const [, id] of text.matchAll(/ \/(\S+) HTTP/g)) count.set(id ?? '', (count.get(id ?? '') ?? 0) + 1);
    socket.write(`${ok}content-length: 0\r\n\r\n`);
    // Right away, next turn, or a little later: around the moment at which the next request is written.
    if (connection % 4 === 0) socket.end();
    else if (connection % 4 === 1) setImmediate(() => socket.end());
    else if (connection % 4 === 2) setTimeout(() => socket.resetAndDestroy(), 1);
  });
  const client = clientFor(far);
  const outcomes = new Map<string, string>();
  await Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      for (let i = 0; i < 60; i++) {
        const id = `${lane}-${i}`;
        const method = i % 2 === 0 ? 'POST' : 'GET';
        outcomes.set(
          id,
          await ask(client, `${far.url}/${id}`, method).then(
            () => 'reply',
            (error) => `${error.code} ${error.done}`,
          ),
        );
      }
    }),
  );
  expect(Math.max(...count.values())).toBe(1);
  // What came back was seen, and what we call known not done was not done.
  const allowed: Record<string, readonly number[]> = { reply: [1], 'http.reset unknown': [0, 1], 'http.reset no': [0] };
  for (const [id, outcome] of outcomes) expect(allowed[outcome] ?? []).toContain(count.get(id) ?? 0);
});

test('TLS: the name of the certificate must be the host of the URL, and what goes wrong is known not done', async () => {
  const { key, cert } = certificate(['good.test']);
  let requests = 0;
  const names: unknown[] = [];
  const server = createTlsServer(
    { key, cert, SNICallback: (name, done) => (names.push(name), done(null)) },
    (_, response) => response.end(String(++requests)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const options = {
    allowHosts: [`good.test:${port}`, `bad.test:${port}`, `127.0.0.1:${port}`],
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
  };
  const trusting = openHttpClient({ ...options, ca: [cert] });
  const usual = openHttpClient(options);
  for (let i = 0; i < 3; i++) expect((await ask(trusting, `https://good.test:${port}/`)).status).toBe(200);
  for (const url of [`https://bad.test:${port}/`, `https://127.0.0.1:${port}/`]) {
    await expect(ask(trusting, url)).rejects.toMatchObject({ code: 'http.tls', done: 'no' });
  }
  await expect(ask(usual, `https://good.test:${port}/`)).rejects.toMatchObject({ code: 'http.tls', done: 'no' });
  expect(requests).toBe(3);
  expect(new Set(names)).toEqual(new Set(['good.test', 'bad.test']));
  await Promise.all([trusting.close(), usual.close()]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('TLS asked of a port that speaks none is known not done', async () => {
  await using far = await says('HTTP/1.1 400 Bad Request\r\n\r\n', fin);
  await expect(ask(clientFor(far), `https://${far.pair}/`)).rejects.toMatchObject({ code: 'http.tls', done: 'no' });
});
