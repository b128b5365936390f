import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { LargeAnswers } from './answer-size.ts';
import type { Becomes } from './answer-size.ts';
import { openHttpClient, type HttpClient, type OutgoingRequest } from './http-client.ts';
import { HttpFault } from './http-fault.ts';
import { canary, farSide, rawSide, type FarSide } from './testing/far-side.ts';

const clients: HttpClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function clientFor(...sides: readonly FarSide[]): HttpClient {
  const client = openHttpClient({ allowHosts: sides.map((side) => side.pair) });
  clients.push(client);
  return client;
}

const get = (url: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url,
  timeoutMs: 5000,
  ...more,
});
const post = (url: string, more: Partial<OutgoingRequest> = {}) => get(url, { method: 'POST', body: 'x', ...more });

test('a request goes out as it was given and its answer comes back whole, whatever the status', async () => {
  await using far = await farSide((ask, _, response) => {
    response.writeHead(418, 'Teapot', { 'set-cookie': ['a=1', 'b=2'], 'x-one': '1' }).end(JSON.stringify(ask));
  });
  const reply = await clientFor(far).send({
    method: 'post',
    url: `${far.url}/path%20x?q=%C3%A4&r=a b#part`,
    headers: {
      'X-Two': ['1', '2'],
      'Content-Length': '999',
      Connection: 'close',
      Expect: '100-continue',
      Host: far.pair,
    },
    body: 'grüße',
    timeoutMs: 5000,
  });
  expect(reply).toMatchObject({
    status: 418,
    statusText: 'Teapot',
    redirects: 0,
    url: `${far.url}/path%20x?q=%C3%A4&r=a b#part`,
  });
  expect(reply.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-one': '1' });
  const seen = JSON.parse(new TextDecoder().decode(reply.body));
  expect(seen).toMatchObject({ method: 'POST', url: '/path%20x?q=%C3%A4&r=a%20b', body: 'grüße' });
  expect(seen.headers).toEqual({
    host: far.pair,
    connection: 'keep-alive',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br, zstd',
    'user-agent': 'heddle',
    'x-two': '1, 2',
    'content-length': '7',
  });
});

test.each([
  [{ method: 'CONNECT' }],
  [{ method: 'TRACE' }],
  [{ method: 'GE T' }],
  [{ method: '' }],
  [{ headers: { Host: 'other.test' } }],
  [{ headers: { 'x-a': 'b\r\nx-c: d' } }],
  [{ headers: { 'x a': 'b' } }],
  [{ headers: { 'x-a': 'ж' } }],
])('%j cannot be sent', async (wrong) => {
  await using far = await canary();
  await expect(clientFor(far).send(get(far.url, wrong))).rejects.toMatchObject({
    code: 'http.bad-request',
    done: 'no',
  });
  expect(far.connections).toBe(0);
});

test('one connection serves one request after another; every method and empty bodies keep it usable', async () => {
  await using far = await farSide(({ method, body }, _, response) => response.end(`${method} ${body}`));
  const client = clientFor(far);
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    for (const beforeFirstByte of [undefined, () => {}]) {
      const reply = await client.send(get(far.url, { method, ...(beforeFirstByte ? { beforeFirstByte } : {}) }));
      expect(new TextDecoder().decode(reply.body)).toBe(`${method} `);
    }
  }
  expect(far.connections).toBe(1);
});

test('a body is sent whole through a fence', async () => {
  await using far = await farSide(({ body, headers }, _, response) =>
    response.end(`${headers['content-length']} ${headers['transfer-encoding']} ${body.length}`),
  );
  const body = 'ü'.repeat(300_000);
  const reply = await clientFor(far).send(post(far.url, { body, beforeFirstByte: async () => {} }));
  expect(new TextDecoder().decode(reply.body)).toBe(`600000 undefined ${body.length}`);
});

test('the fence is asked when the connection stands; what it throws comes out and nothing is sent', async () => {
  const seen: string[] = [];
  await using far = await farSide((ask, _, response) => response.end(seen.push(ask.url) && ''));
  const client = clientFor(far);
  const fenced = new Error('fenced');
  for (const beforeFirstByte of [
    () => {
      throw fenced;
    },
    () => Promise.reject(fenced),
  ]) {
    const connections = far.connections;
    await expect(client.send(post(`${far.url}/no`, { beforeFirstByte }))).rejects.toBe(fenced);
    await client.send(get(`${far.url}/yes`));
    expect(far.connections).toBeGreaterThanOrEqual(connections);
  }
  expect(seen).toEqual(['/yes', '/yes']);
  expect(far.connections).toBeGreaterThan(1);
});

test('the fence is asked again on every hop', async () => {
  await using far = await farSide(({ url }, _, response) =>
    response.writeHead(url === '/one' ? 302 : 200, { location: '/two' }).end(),
  );
  let asked = 0;
  const beforeFirstByte = () => {
    if (++asked === 2) throw new Error('fenced at the second');
  };
  await expect(clientFor(far).send(get(`${far.url}/one`, { beforeFirstByte }))).rejects.toThrow('fenced at the second');
});

test('a fence that outlasts the deadline sends nothing, and that is known', async () => {
  await using far = await farSide((_, __, response) => response.end());
  const { promise, resolve } = Promise.withResolvers<void>();
  let requests = 0;
  await using counter = await farSide((_, __, response) => response.end(String(++requests)));
  const client = clientFor(far, counter);
  await expect(
    client.send(post(counter.url, { timeoutMs: 100, beforeFirstByte: () => promise })),
  ).rejects.toMatchObject({ code: 'http.timeout', done: 'no' });
  resolve();
  await client.send(get(far.url));
  expect(requests).toBe(0);
});

test('redirects are followed to the end, five of them, with the method and the body that the status asks for', async () => {
  await using far = await farSide(({ method, url, body }, _, response) => {
    const left = Number(url.slice(1));
    if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end('moved');
    else response.end(`${method} ${body}`);
  });
  const client = clientFor(far);
  const reply = await client.send(post(`${far.url}/5`));
  expect(reply).toMatchObject({ status: 200, redirects: 5, url: `${far.url}/0` });
  expect(new TextDecoder().decode(reply.body)).toBe('POST x');
  await expect(client.send(post(`${far.url}/6`))).rejects.toMatchObject({ code: 'http.redirects', done: 'no' });
  expect(await client.send(post(`${far.url}/6`, { followRedirects: 0 }))).toMatchObject({ status: 307, redirects: 0 });
  expect(await client.send(post(`${far.url}/6`, { followRedirects: 6 }))).toMatchObject({ status: 200, redirects: 6 });
});

test('credentials stay behind when a redirect leaves the origin', async () => {
  await using other = await farSide(({ headers }, _, response) => response.end(JSON.stringify(headers)));
  await using far = await farSide((_, __, response) => response.writeHead(302, { location: other.url }).end());
  const headers = { Authorization: 'Bearer s', Cookie: 's', 'X-Api-Key': 's', 'X-Plain': 'p' };
  const reply = await clientFor(far, other).send(get(far.url, { headers }));
  const seen = JSON.parse(new TextDecoder().decode(reply.body));
  expect(seen).toMatchObject({ 'x-plain': 'p' });
  expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['authorization']));
  expect(JSON.stringify(seen)).not.toMatch(/"s"|Bearer/);
});

test('what a POST has done is not forgotten when the GET that its redirect asked for fails', async () => {
  await using far = await rawSide((text, socket) => {
    if (text.startsWith('POST'))
      socket.write('HTTP/1.1 303 See Other\r\nlocation: /result\r\ncontent-length: 0\r\n\r\n');
    else socket.resetAndDestroy();
  });
  await expect(clientFor(far).send(post(far.url))).rejects.toMatchObject({ code: 'http.reset', done: 'yes' });
});

test('a cancelled request stops at once; before the first byte it is known that nothing happened', async () => {
  const aborted = AbortSignal.abort();
  await using far = await rawSide(() => stop.abort());
  const stop = new AbortController();
  const client = clientFor(far);
  await expect(client.send(post(far.url, { signal: aborted }))).rejects.toMatchObject({
    code: 'http.cancelled',
    done: 'no',
  });
  expect(far.connections).toBe(0);
  await expect(client.send(post(far.url, { signal: stop.signal }))).rejects.toMatchObject({
    code: 'http.cancelled',
    done: 'unknown',
  });
});

test('proxy variables of the environment are not read', async () => {
  await using proxy = await canary();
  await using far = await farSide((_, __, response) => response.end('direct'));
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = proxy.url;
  try {
    expect(new TextDecoder().decode((await clientFor(far).send(get(far.url))).body)).toBe('direct');
    expect(proxy.connections).toBe(0);
  } finally {
    names.forEach((name, i) => {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    });
  }
});

test('after close nothing more is sent', async () => {
  await using far = await farSide((_, __, response) => response.end());
  const client = openHttpClient({ allowHosts: [far.pair] });
  await client.send(get(far.url));
  await client.close();
  await expect(client.send(post(far.url))).rejects.toMatchObject({ code: 'http.closed', done: 'no' });
});

test('a body as big as is accepted comes whole, one byte more does not, told or untold', async () => {
  await using far = await farSide(({ url }, _, response) => {
    if (url.startsWith('/told')) response.setHeader('content-length', url.slice(5));
    response.write(Buffer.alloc(Number(url.slice(5))));
    response.end();
  });
  const client = clientFor(far);
  for (const how of ['told', 'open']) {
    expect((await client.send(get(`${far.url}/${how}1000`, { maxBytes: 1000 }))).body.byteLength).toBe(1000);
    await expect(client.send(get(`${far.url}/${how}1001`, { maxBytes: 1000 }))).rejects.toMatchObject({
      code: 'http.too-large',
      done: 'yes',
    });
  }
  expect((await client.send(get(`${far.url}/told99999999`, { method: 'HEAD' }))).status).toBe(200);
});

test('what becomes a file may be larger than what is read, and what turns out to be text may not', async () => {
  await using far = await farSide(({ url }, _, response) => {
    const [, type = '', size = ''] = url.split('/');
    if (type !== 'none') response.setHeader('content-type', `${type}/x`);
    response.end(type === 'image' ? Buffer.alloc(Number(size)) : 'x'.repeat(Number(size)));
  });
  const client = openHttpClient({ allowHosts: [far.pair], limits: { maxBytes: 1_000, fileBytes: 5_000 } });
  clients.push(client);
  const sizeOf = async (path: string, becomes?: Becomes) => {
    let size = 0;
    const into = async (body: AsyncIterable<Uint8Array>) => {
      for await (const part of body) size += part.length;
    };
    const file = becomes && { becomes, anyStatus: false, into };
    return client.send(get(`${far.url}/${path}`, { file })).then(
      ({ body }) => size + body.length,
      (error: HttpFault) => error.code,
    );
  };
  expect(await sizeOf('image/5000', 'file')).toBe(5_000);
  expect(await sizeOf('image/5000', 'file-unless-text')).toBe(5_000);
  expect(await sizeOf('text/5000', 'file')).toBe(5_000);
  for (const [path, becomes] of [
    ['image/5000'],
    ['image/5001', 'file'],
    ['text/1001', 'file-unless-text'],
    ['none/1001', 'file-unless-text'],
  ] as const)
    expect(await sizeOf(path, becomes), path).toBe('http.too-large');
});

test('large answers share their room: one waits until another is done with, and all of them come', async () => {
  await using far = await farSide((_, __, response) => response.end(Buffer.alloc(5_000)));
  const client = openHttpClient({ allowHosts: [far.pair], limits: { maxBytes: 1_000, fileBytes: 5_000 } });
  clients.push(client);
  const answers = Array.from({ length: 20 }, () => client.send(get(far.url, { maxBytes: 5_000 })));
  expect((await Promise.all(answers)).map(({ body }) => body.length)).toEqual(Array(20).fill(5_000));
});

test('who finds no room for a large answer is let in, in turn, when another lets go', async () => {
  const room = new LargeAnswers(10);
  const order: string[] = [];
  const [first, second] = [await room.enter(6), await room.enter(4)];
  const waits = ['a', 'b'].map((name) => room.enter(99).then((letGo) => (order.push(name), letGo)));
  first();
  first();
  second();
  (await waits[0]!)();
  (await waits[1]!)();
  expect(order).toEqual(['a', 'b']);
});

test('48 kB that unfold to 50 MB stop at the cap', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(bomb.byteLength).toBeLessThan(50_000);
  await using far = await farSide((_, __, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  );
  const before = process.memoryUsage().arrayBuffers;
  const fault = await clientFor(far)
    .send(get(far.url))
    .catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(HttpFault);
  expect(fault).toMatchObject({ code: 'http.too-large', done: 'yes' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25_000_000);
});
