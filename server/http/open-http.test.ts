import { Fault } from '../../flow/facts/faults.ts';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readers } from './readers.ts';
import { anonymous } from './caller.ts';
import type { Caller } from './caller.ts';
import type { IdentifiableRequest as Asked } from './door.ts';
import { Refusal } from './refusal.ts';
import { nothing, route } from './route.ts';
import { sendFacts } from './sse.ts';
import { openBare } from './testing/bare.ts';

const json = { 'content-type': 'application/json', 'x-caller': 'owner' };

const echo = route({
  method: 'POST',
  path: '/api/echo/:id',
  role: 'viewer',
  summary: 'Gives back what came',
  params: z.object({ id: z.string() }),
  query: z.object({ n: z.coerce.number().optional() }),
  body: z.object({ value: z.unknown() }),
  replies: { 200: z.unknown(), 204: nothing },
  handle: async ({ params, query, body, warnings, workspace }) => ({
    status: 200,
    body: { ...params, ...query, ...body, warnings, workspace },
  }),
});

const long = { text: `å${'x'.repeat(32 * 1024 * 1024)}` };
const gives = route({
  method: 'GET',
  path: '/api/long',
  role: 'viewer',
  summary: 'Gives much',
  replies: { 200: z.unknown() },
  handle: async () => ({ status: 200, body: long }),
});

const failing = (error: unknown) =>
  route({
    method: 'GET',
    path: '/api/fail',
    role: 'public',
    summary: 'Fails',
    replies: { 200: nothing },
    handle: async () => {
      throw error;
    },
  });

describe('a route', () => {
  test('gets its parts parsed and answers in JSON', async () => {
    await using http = await openBare({ routes: [echo] });
    const payload = '{"value":{"big":12345678901234567890,"text":"é\\u0000😀","none":null,"list":[]}}';
    const answer = await http.app.inject({ method: 'POST', url: '/api/echo/a%2Fb?n=2', headers: json, payload });
    expect(answer.json()).toEqual({
      id: 'a/b',
      n: 2,
      value: { big: '12345678901234567890', text: 'é\ufffd😀', none: null, list: [] },
      warnings: [
        { code: 'number-as-text', at: '/value/big' },
        { code: 'character-replaced', at: '/value/text' },
      ],
      workspace: 'ws_test',
    });
  });

  test('that declares no role keeps the server from starting', async () => {
    const opening = openBare({ annexes: [(app) => void app.get('/secret', async () => 'all of it')] });
    await expect(opening).rejects.toThrow('GET /secret declares no role');
  });

  test.each([
    ['no JSON', { payload: '{"value":' }, 400, 'json-invalid'],
    ['not UTF-8', { payload: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'json-invalid'],
    ['too deep', { payload: '['.repeat(5000) }, 400, 'json-too-much'],
    ['too large', { payload: JSON.stringify({ value: 'x'.repeat(1024 * 1024) }) }, 413, 'too-large'],
    ['another type', { payload: '<a/>', headers: { ...json, 'content-type': 'application/xml' } }, 415, 'content-type'],
    ['no type', { payload: 'x', headers: { 'x-caller': 'owner' } }, 415, 'content-type'],
    [
      'compressed',
      { payload: gzipSync('{"value":1}'), headers: { ...json, 'content-encoding': 'gzip' } },
      400,
      'json-invalid',
    ],
    ['no body', {}, 400, 'body-missing'],
    ['an unknown field', { payload: '{"value":1,"role":"owner"}' }, 400, 'invalid'],
    ['a parameter twice', { payload: '{"value":1}', url: '/api/echo/x?n=1&n=2' }, 400, 'query-twice'],
    ['a workspace twice', { payload: '{"value":1}', url: '/api/echo/x?workspace=a&workspace=b' }, 400, 'query-twice'],
    ['an unknown query', { payload: '{"value":1}', url: '/api/echo/x?admin=1' }, 400, 'invalid'],
    ['nobody', { payload: '{"value":1}', headers: { 'content-type': 'application/json' } }, 401, 'unauthenticated'],
    ['NUL in an address', { payload: '{"value":1}', url: '/api/echo/a%00' }, 400, 'bad-url'],
    ['a broken address', { payload: '{"value":1}', url: '/api/echo/%zz' }, 400, 'bad-url'],
  ])('refuses %s', async (_name, sent, status, code) => {
    await using http = await openBare({ routes: [echo] });
    const answer = await http.app.inject({ method: 'POST', url: '/api/echo/x', headers: json, ...sent });
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
    expect(http.logged).toEqual([]);
  });
});

describe('an error', () => {
  test('of ours is logged whole with a number and shown by the number only', async () => {
    await using http = await openBare({ routes: [failing(new Error('select secret from t'))] });
    const answer = await http.app.inject('/api/fail');
    expect(answer.statusCode).toBe(500);
    const { error } = answer.json();
    expect(error).toMatchObject({ code: 'our-fault', message: expect.stringContaining(error.details.number) });
    expect(answer.body).not.toMatch(/select|secret|stack|at .*\.ts/);
    expect(http.logged[0]?.fields).toMatchObject({
      number: error.details.number,
      route: '/api/fail',
      err: { message: 'select secret from t' },
    });
  });

  test('that is a refusal is shown as it is, with its headers', async () => {
    const refusal = new Refusal(409, 'stale', 'It has changed.', {
      mend: 'Load it anew.',
      details: { revision: 3 },
      headers: { 'x-a': 'b' },
    });
    await using http = await openBare({ routes: [failing(refusal)] });
    const answer = await http.app.inject('/api/fail');
    expect([answer.statusCode, answer.headers['x-a']]).toEqual([409, 'b']);
    expect(answer.json()).toEqual({
      error: { code: 'stale', message: 'It has changed.', mend: 'Load it anew.', details: { revision: 3 } },
    });
  });

  test.each([
    ['store.away', 503, 'values-away'],
    ['value.missing', 410, 'value-gone'],
    ['value.damaged', 410, 'value-gone'],
    ['node.failed', 500, 'our-fault'],
  ])('of the store of large values, %s, is %i without its words', async (code, status, shown) => {
    await using http = await openBare({ routes: [failing(new Fault(code, 'in /srv/values', { mend: 'See /srv' }))] });
    const answer = await http.app.inject('/api/fail');
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, shown]);
    expect(answer.body).not.toContain('/srv');
  });

  test.each([
    ['ECONNREFUSED', 503, 'database-away'],
    ['CONNECTION_CLOSED', 503, 'database-away'],
    ['57P01', 503, 'database-away'],
    ['08006', 503, 'database-away'],
    ['55P03', 503, 'database-away'],
    ['57014', 503, 'database-away'],
    ['NO_CONNECTION', 503, 'database-away'],
    ['53100', 507, 'storage-full'],
    ['23505', 500, 'our-fault'],
  ])('of the database with code %s is %i', async (code, status, shown) => {
    const cause = Object.assign(new Error('Key (email)=(x) already exists'), { code });
    await using http = await openBare({ routes: [failing(new Error('Failed query: insert …', { cause }))] });
    const answer = await http.app.inject('/api/fail');
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, shown]);
    expect(answer.body).not.toContain('Key (email)');
    if (status === 503) expect(answer.headers['retry-after']).toBe('5');
  });

  test('of the HTTP itself is 400 in our shape', async () => {
    await using http = await openBare();
    const port = await http.listen();
    const said = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (bytes) => (text += bytes)).on('close', () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"bad-request"/);
  });
});

test('too many requests of one caller wait, others do not', async () => {
  await using http = await openBare({ routes: [echo], budget: { known: 3, unknown: 2 } });
  const ask = (caller: string) =>
    http.app.inject({
      method: 'POST',
      url: '/api/echo/x',
      headers: { ...json, 'x-caller': caller },
      payload: '{"value":1}',
    });
  for (let n = 0; n < 3; n++) expect((await ask('owner')).statusCode).toBe(200);
  const late = await ask('owner');
  expect([late.statusCode, late.json().error.code]).toEqual([429, 'too-many']);
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask('editor')).statusCode).toBe(200);
  expect([(await ask('x')).statusCode, (await ask('x')).statusCode, (await ask('x')).statusCode]).toEqual([
    401, 401, 429,
  ]);
  expect((await http.app.inject('/healthz')).statusCode).toBe(200);
});

test('a network of very many places waits as a whole, and its neighbours do not', async () => {
  await using http = await openBare({ routes: [echo], budget: { known: 3, unknown: 2 } });
  const ask = async (remoteAddress: string) =>
    (await http.app.inject({ method: 'POST', url: '/api/echo/x', remoteAddress, payload: {} })).statusCode;
  const asked = [];
  for (let n = 0; n < 12; n++) asked.push(await ask(`2001:db8:1:${n}::1`));
  expect(asked).toEqual([...Array(8).fill(401), ...Array(4).fill(429)]);
  expect(await ask('2001:db8:2::1')).toBe(401);
});

test('a place that is over what it may have is not looked up, but for who was known there lately', async () => {
  let looked = 0;
  const known: Caller = { kind: 'key', keyId: 'key_1', workspace: 'ws_test', role: 'owner' };
  const holds = ({ headers }: Asked) => headers['authorization'] === 'Bearer good';
  let seen = false;
  await using http = await openBare({
    routes: [echo],
    budget: { known: 5, unknown: 3 },
    identify: async (asked) => {
      looked++;
      seen ||= holds(asked);
      return holds(asked) ? known : anonymous;
    },
    lately: (asked) => (seen && holds(asked) ? known : undefined),
  });
  const ask = async (key: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const payload = '{"value":1}';
    return (await http.app.inject({ method: 'POST', url: '/api/echo/x', headers, payload })).statusCode;
  };
  expect([await ask('good'), await ask('a'), await ask('b')]).toEqual([200, 401, 401]);
  expect(looked).toBe(3);
  expect([await ask('c'), await ask('d')]).toEqual([429, 429]);
  expect(looked).toBe(3);
  expect([await ask('good'), await ask('good'), await ask('good'), await ask('good')]).toEqual([200, 200, 200, 200]);
  // Over its own count a known one is not looked up either.
  expect(looked).toBe(7);
  expect([await ask('good'), looked]).toEqual([429, 7]);
});

test('every answer carries the strict headers', async () => {
  await using http = await openBare({ routes: [failing(new Error('x'))] });
  for (const url of ['/healthz', '/api/fail', '/nowhere']) {
    const { headers } = await http.app.inject(url);
    expect(headers['content-security-policy']).toMatch(/script-src 'self';.*frame-ancestors 'none'/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

describe('health', () => {
  test.each([
    ['answers', async () => undefined, 200],
    ['throws', async () => Promise.reject(new Error('away')), 503],
    ['never answers', () => new Promise(() => {}), 503],
  ])('a database that %s', async (_name, ready, status) => {
    await using http = await openBare({ ready });
    expect((await http.app.inject('/readyz')).statusCode).toBe(status);
    expect((await http.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  });

  test('many who ask at once are one question to the database', async () => {
    let asked = 0;
    const answer = Promise.withResolvers<void>();
    await using http = await openBare({ ready: () => (asked++, answer.promise) });
    const all = Array.from({ length: 50 }, () => http.app.inject('/readyz'));
    await expect.poll(() => asked).toBe(1);
    setImmediate(answer.resolve);
    expect(new Set((await Promise.all(all)).map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(asked).toBeLessThan(50);
  });

  test('metrics are for loopback and keys, also when a proxy is on loopback', async () => {
    await using http = await openBare();
    const ask = (remoteAddress: string, headers = {}) => http.app.inject({ url: '/metrics', remoteAddress, headers });
    expect((await ask('127.0.0.1')).body).toContain('heddle_http_seconds');
    expect((await ask('10.1.1.1')).statusCode).toBe(401);
    expect((await ask('127.0.0.1', { 'x-forwarded-for': '10.1.1.1' })).statusCode).toBe(401);
    expect((await ask('10.1.1.1', { 'x-caller': 'viewer' })).statusCode).toBe(200);
  });
});

test('the OpenAPI document says what the routes say', async () => {
  await using http = await openBare({ routes: [echo] });
  const document = (await http.app.inject('/api/openapi.json')).json();
  expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'http://localhost:4000' }] });
  expect(document.paths['/api/echo/{id}'].post).toMatchObject({
    'x-role': 'viewer',
    security: [{ key: [] }],
    parameters: [
      { name: 'id', in: 'path', required: true },
      { name: 'n', in: 'query', required: false },
    ],
    requestBody: { required: true, content: { 'application/json': { schema: { additionalProperties: false } } } },
    responses: {
      '204': { description: 'Done' },
      '404': { description: 'Refused: not-found' },
      '413': { description: 'Refused: too-large' },
    },
  });
});

describe('the built app', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'heddle-web-'));
  const web = path.join(folder, 'web');
  beforeAll(() => {
    mkdirSync(path.join(web, 'assets'), { recursive: true });
    writeFileSync(path.join(folder, 'secret.txt'), 'root:x:0:0');
    writeFileSync(path.join(web, 'index.html'), '<title>Heddle</title>');
    writeFileSync(path.join(web, 'assets/main-4f3a9c2b.js'), 'let a');
    writeFileSync(path.join(web, 'assets/main-4f3a9c2b.js.gz'), gzipSync('let a'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is served with types, caching and compression; other addresses of a browser are its page', async () => {
    await using http = await openBare({ web });
    const script = await http.app.inject({ url: '/assets/main-4f3a9c2b.js', headers: { 'accept-encoding': 'gzip' } });
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': expect.stringContaining('immutable'),
    });
    const page = await http.app.inject({ url: '/workflows/w1', headers: { accept: 'text/html' } });
    expect([page.statusCode, page.body, page.headers['cache-control']]).toEqual([
      200,
      '<title>Heddle</title>',
      'no-cache',
    ]);
    const again = await http.app.inject({ url: '/', headers: { 'if-none-match': String(page.headers['etag']) } });
    expect(again.statusCode).toBe(304);
  });

  test.each(['/api/v1/nothing', '/trpc', '/assets/gone.js', '/hooks/main/x', '/api'])(
    '%s is 404 in JSON, also for a browser',
    async (url) => {
      await using http = await openBare({ web });
      const answer = await http.app.inject({ url, headers: { accept: 'text/html' } });
      expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not-found']);
    },
  );

  test('has no way out of its folder (W9)', async () => {
    await using http = await openBare({ web });
    const port = await http.listen();
    const ways = [
      '../',
      '..%2f',
      '%2e%2e/',
      '%2e%2e%2f',
      '..%5c',
      '..\\',
      '....//',
      '%252e%252e%252f',
      '..%c0%af',
      '..;/',
      './../',
    ];
    for (const way of ways) {
      for (const target of [
        `/${way.repeat(8)}etc/passwd`,
        `/${way}secret.txt`,
        `/assets/${way}${way}secret.txt`,
        `//${way}secret.txt`,
      ]) {
        const body = await new Promise<string>((resolve) => {
          const socket = connect(port, '127.0.0.1', () =>
            socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
          );
          let text = '';
          socket.on('data', (bytes) => (text += bytes)).on('close', () => resolve(text));
        });
        expect(body, target).toMatch(/^HTTP\/1\.1 40[04] /);
        expect(body, target).not.toContain('root:');
      }
    }
  });
});

describe('a large answer', () => {
  test('goes in pieces, whole; of one that nobody takes the process knows', async () => {
    await using http = await openBare({ routes: [gives] });
    const port = await http.listen();
    const url = `http://127.0.0.1:${port}/api/long`;
    const answer = await fetch(url, { headers: json });
    expect((await answer.text()) === JSON.stringify(long)).toBe(true);
    const head = await fetch(url, { method: 'HEAD', headers: json });
    expect([head.status, await head.text()]).toEqual([200, '']);
    await expect.poll(() => readers.waiting).toBe(0);
    const socket = connect(port, '127.0.0.1').pause();
    socket.write('GET /api/long HTTP/1.1\r\nhost: 127.0.0.1\r\nx-caller: owner\r\n\r\n');
    await expect.poll(() => readers.waiting).toBeGreaterThan(0);
    socket.resetAndDestroy();
    await expect.poll(() => readers.waiting).toBe(0);
  });

  test('is written as it is taken: what was written first held the server, and stood in memory for each who asked', async () => {
    const count = 1_000;
    let read = 0;
    const items = Array.from({ length: count }, () => ({
      get text() {
        read++;
        return 'x'.repeat(100_000);
      },
    }));
    const many = route({ ...gives, body: undefined, handle: async () => ({ status: 200, body: items }) });
    await using http = await openBare({ routes: [many] });
    const socket = connect(await http.listen(), '127.0.0.1');
    let taken = 0;
    const first = Promise.withResolvers<number>();
    socket.on('data', ({ length }) => {
      if (taken === 0) {
        first.resolve(read);
        socket.pause();
      }
      taken += length;
    });
    socket.write('GET /api/long HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-caller: owner\r\n\r\n');
    expect(await first.promise).toBeLessThan(count / 2);
    socket.resume();
    await once(socket, 'close');
    expect(taken).toBeGreaterThan(count * 100_000);
  });

  test('has room while it is made, a part of it for each workspace: twenty-five at once took the process with them', async () => {
    const goOn = Promise.withResolvers<void>();
    const making: string[] = [];
    let gone = 0;
    const roomy = route({
      ...gives,
      body: undefined,
      handle: async ({ makeRoom, workspace = '', signal }) => {
        await makeRoom(64 * 1024 * 1024);
        making.push(workspace);
        signal.addEventListener('abort', () => gone++);
        await goOn.promise;
        return { status: 200, body: {} };
      },
    });
    await using http = await openBare({ routes: [roomy] });
    const port = await http.listen();
    const ask = (workspace: string, signal: AbortSignal | null = null) =>
      fetch(`http://127.0.0.1:${port}/api/long`, { headers: { ...json, 'x-workspace': workspace }, signal }).then(
        ({ status, headers }) => [status, headers.get('retry-after')],
        () => 'gone',
      );
    const leaving = new AbortController();
    const left = [ask('a', leaving.signal), ask('a', leaving.signal), ask('a', leaving.signal)];
    await expect.poll(() => readers.waiting).toBe(192 * 1024 * 1024);
    leaving.abort();
    expect(await Promise.all(left)).toEqual(['gone', 'gone', 'gone']);
    await expect.poll(() => gone).toBe(3);
    // Who goes away before it is made makes no room for others.
    const more = Array.from({ length: 22 }, () => ask('a'));
    const other = ask('b');
    await expect.poll(() => readers.waiting).toBe(256 * 1024 * 1024);
    expect(making).toEqual(['a', 'a', 'a', 'b']);
    // One after the other, all of them.
    goOn.resolve();
    expect(await Promise.all([...more, other])).toEqual(Array.from({ length: 23 }, () => [200, null]));
    await expect.poll(() => readers.waiting).toBe(0);
  });
});

describe('closing', () => {
  test('lets what is under way finish, over connections that stay open, and ends streams', async () => {
    const going = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = route({
      method: 'GET',
      path: '/api/slow',
      role: 'public',
      summary: 'Takes its time',
      replies: { 200: z.object({ ok: z.boolean() }) },
      handle: async () => {
        going.resolve();
        await goOn.promise;
        return { status: 200, body: { ok: true } };
      },
    });
    await using http = await openBare({
      routes: [slow],
      annexes: [
        (app, house) =>
          void app.get('/stream', { config: { role: 'viewer' } }, (asked, reply) =>
            sendFacts(asked, reply, house, {
              role: 'viewer',
              open: () => ({ replay: async (after) => (after < 1 ? [{ seq: 1 }] : []), subscribe: () => () => {} }),
              show: (fact) => fact,
            }),
          ),
      ],
    });
    const port = await http.listen();
    const at = `http://127.0.0.1:${port}`;
    const stream = await request(`${at}/stream`, { headers: { 'x-caller': 'viewer' } });
    const answer = request(`${at}/api/slow`);
    await going.promise;
    const closing = http.close(5_000);
    goOn.resolve();
    expect(await (await answer).body.json()).toEqual({ ok: true });
    expect(await stream.body.text()).toBe('id: 1\ndata: {"seq":1}\n\n');
    await closing;
    await expect(request(`${at}/healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});
