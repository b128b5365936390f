import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { AnswerFile } from './answer-size.ts';
import { openHttpClient } from './http-client.ts';
import type { HttpClient, OutgoingRequest } from './http-client.ts';
import { farSide, rawSide } from './testing/far-side.ts';
import type { FarSide } from './testing/far-side.ts';

const clients: HttpClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

const MB = 1_000_000;

function clientFor(far: FarSide, fileBytes = 3 * MB, maxBytes = MB): HttpClient {
  const client = openHttpClient({ allowHosts: [far.pair], limits: { fileBytes, maxBytes } });
  clients.push(client);
  return client;
}

/** Sends a request whose answer becomes a file, and gives what came: by which way, and which bytes. */
async function download(client: HttpClient, url: string, more: Partial<OutgoingRequest> & Partial<AnswerFile> = {}) {
  const { becomes = 'file', anyStatus = false, into, ...request } = more;
  const parts: Uint8Array[] = [];
  let isFile = false;
  const gather = async (body: AsyncIterable<Uint8Array>) => {
    isFile = true;
    for await (const part of body) parts.push(part);
  };
  const reply = await client.send({
    method: 'GET',
    url,
    timeoutMs: 20_000,
    room: { free: 100_000, enter: async ({ most }) => ({ bytes: most, letGo: () => {} }) },
    file: { becomes, anyStatus, into: into ?? gather },
    ...request,
  });
  return { ...reply, isFile, bytes: Buffer.concat([...parts, reply.body]) };
}

/** Bytes that no encoding makes much smaller, and that are no text. */
const noise = (size: number) => {
  const bytes = Buffer.alloc(size);
  for (let at = 0, state = 1; at < size; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >> 16;
  }
  return bytes;
};

describe('an answer becomes a file while it comes', () => {
  const body = noise(2 * MB);
  test.each([
    ['as it is', undefined, body],
    ['by gzip', 'gzip', gzipSync(body)],
    ['by deflate', 'deflate', deflateSync(body)],
    ['by deflate without its header', 'deflate', deflateRawSync(body)],
    ['by br', 'br', brotliCompressSync(body)],
    ['by zstd', 'zstd', zstdCompressSync(body)],
    ['by two', 'gzip, br', brotliCompressSync(gzipSync(body))],
    ['by one that nobody knows', 'zip', body],
  ])('sent %s', async (_, encoding, sent) => {
    await using far = await farSide((_, __, response) =>
      response.writeHead(200, encoding === undefined ? {} : { 'content-encoding': encoding }).end(sent),
    );
    const { isFile, bytes, body: read } = await download(clientFor(far), far.url);
    expect({ isFile, read: read.length, isSame: bytes.equals(body) }).toEqual({ isFile: true, read: 0, isSame: true });
  });

  test('unless it is small, or is text: then it is read', async () => {
    await using far = await farSide(({ url }, _, response) => {
      const [, type, size] = url.split('/');
      response.setHeader('content-type', type === 'text' ? 'text/csv' : 'application/octet-stream');
      response.end(type === 'noise' ? noise(Number(size)) : Buffer.alloc(Number(size), 'x'));
    });
    const client = clientFor(far);
    const wayOf = async (path: string, becomes: AnswerFile['becomes']) => {
      const { isFile, bytes } = await download(client, `${far.url}/${path}`, { becomes });
      return `${isFile ? 'file' : 'read'} ${bytes.length}`;
    };
    expect(await wayOf('noise/3000', 'file')).toBe('read 3000');
    expect(await wayOf('text/3000000', 'file')).toBe('file 3000000');
    expect(await wayOf('text/900000', 'file-unless-text')).toBe('read 900000');
    expect(await wayOf('unsaid/900000', 'file-unless-text')).toBe('read 900000');
    expect(await wayOf('noise/3000000', 'file-unless-text')).toBe('file 3000000');
    for (const path of ['text/1000001', 'unsaid/1000001'])
      await expect(wayOf(path, 'file-unless-text')).rejects.toMatchObject({ code: 'http.too-large' });
  });

  test('unless its status is an error: that says what went wrong, and is read', async () => {
    await using far = await farSide((_, __, response) => response.writeHead(500).end(noise(MB)));
    const client = clientFor(far);
    expect(await download(client, far.url)).toMatchObject({ status: 500, isFile: false });
    expect(await download(client, far.url, { anyStatus: true })).toMatchObject({ status: 500, isFile: true });
  });

  test('after its redirects', async () => {
    await using far = await farSide(({ url }, _, response) =>
      url === '/end' ? response.end(noise(MB)) : response.writeHead(302, { location: '/end' }).end(noise(MB)),
    );
    expect(await download(clientFor(far), far.url)).toMatchObject({ isFile: true, redirects: 1 });
  });
});

describe('a file that is too large is refused, with the setting that says so', () => {
  test.each([
    ['its length is said', (size: number) => ({ 'content-length': String(size) })],
    ['its length is not said', () => ({})],
  ])('when %s', async (_, headers) => {
    await using far = await farSide((_, __, response) => {
      response.writeHead(200, headers(3 * MB + 1));
      response.write(noise(MB));
      response.write(noise(2 * MB));
      response.end('x');
    });
    await expect(download(clientFor(far), far.url)).rejects.toMatchObject({
      code: 'http.too-large',
      done: 'yes',
      mend: expect.stringContaining('HEDDLE_DOWNLOAD_SIZE'),
    });
    expect((await download(clientFor(far, 4 * MB), far.url)).bytes.length).toBe(3 * MB + 1);
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(50 * MB))],
    ['br', brotliCompressSync(Buffer.alloc(50 * MB))],
    ['zstd', zstdCompressSync(Buffer.alloc(50 * MB))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50 * MB)))],
  ])('of a bomb in %s no more is unfolded than a file may have', async (encoding, bomb) => {
    await using far = await farSide((_, __, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
    );
    let unfolded = 0;
    const into = async (body: AsyncIterable<Uint8Array>) => {
      for await (const part of body) unfolded += part.length;
    };
    await expect(download(clientFor(far), far.url, { into })).rejects.toMatchObject({
      code: 'http.too-large',
      done: 'yes',
      mend: expect.stringContaining('HEDDLE_DOWNLOAD_SIZE'),
    });
    expect(unfolded).toBeLessThanOrEqual(3 * MB);
  });
});

describe('what breaks off is no file', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n';
  test.each([
    ['is cut off before its length', `${head}content-length: 2000000\r\n\r\n`, 'end', 'http.truncated'],
    ['is reset before its length', `${head}content-length: 2000000\r\n\r\n`, 'reset', 'http.truncated'],
    ['is reset where only its end would tell', `${head}\r\n`, 'reset', 'http.truncated'],
    ['is cut off in its chunks', `${head}transfer-encoding: chunked\r\n\r\nf4240\r\n`, 'end', 'http.truncated'],
  ] as const)('when it %s', async (_, start, how, code) => {
    await using far = await rawSide((_text, socket) => {
      socket.write(start);
      socket.write(noise(MB), () => (how === 'end' ? socket.end() : setTimeout(() => socket.resetAndDestroy(), 50)));
    });
    await expect(download(clientFor(far), far.url)).rejects.toMatchObject({ code, done: 'unknown' });
  });

  test('nor when its encoding does', async () => {
    const packed = gzipSync(noise(MB));
    await using far = await farSide(({ url }, _, response) => {
      const sent =
        url === '/short' ? packed.subarray(0, -20_000) : Buffer.concat([packed.subarray(0, 700_000), packed]);
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(sent);
    });
    const client = clientFor(far);
    await expect(download(client, `${far.url}/short`)).rejects.toMatchObject({ code: 'http.truncated' });
    await expect(download(client, `${far.url}/broken`)).rejects.toMatchObject({ code: 'http.undecodable' });
  });

  test('a window of more than 8 MB is not unfolded', async () => {
    // Magic, a head with a window of 2^27, one raw block of one byte that is the last.
    const frame = Buffer.from('28b52ffd00 88 090000 78'.replaceAll(' ', ''), 'hex');
    await using far = await farSide((_, __, response) =>
      response.writeHead(200, { 'content-encoding': 'zstd' }).end(frame),
    );
    for (const more of [{}, { file: undefined }])
      await expect(download(clientFor(far), far.url, more)).rejects.toMatchObject({ code: 'http.undecodable' });
  });

  test('nor when it is stopped, late, or nobody takes it: the connection is gone with it', async () => {
    let closed = 0;
    await using far = await farSide((_, __, response) => {
      response.on('close', () => closed++);
      response.writeHead(200, { 'content-length': 2 * MB }).write(noise(MB));
    });
    const client = clientFor(far);
    const stop = new AbortController();
    const into = async (body: AsyncIterable<Uint8Array>) => {
      for await (const _ of body) stop.abort();
    };
    await expect(download(client, far.url, { into, signal: stop.signal })).rejects.toMatchObject({
      code: 'http.cancelled',
      done: 'unknown',
    });
    await expect(download(client, far.url, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'http.timeout' });
    const full = new Error('the disk is full');
    const refuse = async (body: AsyncIterable<Uint8Array>) => {
      for await (const _ of body) throw full;
    };
    await expect(download(client, far.url, { into: refuse })).rejects.toBe(full);
    await expect.poll(() => closed).toBe(3);
  });

  test('nor when it is text that is too long: the connection is gone with it', async () => {
    let closed = 0;
    await using far = await farSide((_, __, response) => {
      response.on('close', () => closed++);
      response.write(Buffer.alloc(2 * MB, 'x'));
    });
    await expect(download(clientFor(far), far.url, { becomes: 'file-unless-text' })).rejects.toMatchObject({
      code: 'http.too-large',
    });
    await expect.poll(() => closed).toBe(1);
  });

  test.each([5_000, 2 * MB])('who waits for room is told in time, also when all %i bytes have come', async (size) => {
    await using far = await farSide((_, __, response) => response.end(noise(size)));
    const room = { free: 1_000, enter: () => new Promise<never>(() => {}) };
    await expect(download(clientFor(far), far.url, { room, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'http.timeout',
    });
  });
});

test('a far side is read no faster than its file is taken', async () => {
  let sent = 0;
  await using far = await farSide(async (_, __, response) => {
    for (; sent < 60; sent++) if (!response.write(noise(MB))) await new Promise((go) => response.once('drain', go));
    response.end();
  });
  let taken = 0;
  let most = 0;
  const into = async (body: AsyncIterable<Uint8Array>) => {
    for await (const part of body) {
      taken += part.length;
      if (taken > MB) continue;
      // Nothing else is taken meanwhile, so that whatever came is in the buffers of the two sockets.
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
      most = sent;
    }
  };
  await download(clientFor(far, 64 * MB), far.url, { into });
  expect(taken).toBe(60 * MB);
  expect(most).toBeLessThan(40);
});

test('a body that is read as it goes is sent whole, again on a redirect, and what breaks in it comes out as it is', async () => {
  let seen = 0;
  await using far = await farSide(({ url, body }, _, response) => {
    if (url === '/') return response.writeHead(307, { location: '/end' }).end();
    seen = body.length;
    response.end('ok');
  });
  const client = clientFor(far);
  const broken = new Error('the store is away');
  const source = (isBroken = false) => ({
    size: 2 * MB,
    async *read() {
      yield Buffer.alloc(MB, 'x');
      if (isBroken) throw broken;
      yield Buffer.alloc(MB, 'y');
    },
  });
  const post = (body: OutgoingRequest['body']) =>
    client.send({ method: 'POST', url: far.url, body: body!, timeoutMs: 20_000 });
  expect(await post(source())).toMatchObject({ status: 200, redirects: 1 });
  expect(seen).toBe(2 * MB);
  await expect(post(source(true))).rejects.toBe(broken);
});
