import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeBody } from './decode-body.ts';

const text = Buffer.from('hello '.repeat(1000));
const reply = (encoding: string, body: Uint8Array, status = 200) => ({
  status,
  statusText: '',
  headers: { 'content-encoding': encoding },
  body,
});
const decode = (encoding: string, body: Uint8Array, cap = 10_000) =>
  decodeBody(reply(encoding, body), 'far.test', { bytes: cap });

test.each([
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['BR', brotliCompressSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['deflate, gzip', gzipSync(deflateSync(text))],
  ['identity, gzip', gzipSync(text)],
])('%s is decoded, and capped while it is', async (encoding, body) => {
  expect(Buffer.from(await decode(encoding, body))).toEqual(text);
  await expect(decode(encoding, body, text.length - 1)).rejects.toMatchObject({ code: 'http.too-large', done: 'yes' });
  await expect(decode(encoding, body.subarray(0, body.length - 12))).rejects.toMatchObject({
    code: 'http.truncated',
    done: 'unknown',
  });
  await expect(decode(encoding, Buffer.from('no such thing at all'))).rejects.toMatchObject({
    code: expect.stringMatching(/undecodable|truncated/),
  });
});

test('what we do not know stays as it is, and too many layers are refused', async () => {
  expect(await decode('compress', text)).toBe(text);
  expect(await decode('', text)).toBe(text);
  expect((await decode('gzip', new Uint8Array())).byteLength).toBe(0);
  await expect(decode('gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(text))))).rejects.toMatchObject({
    code: 'http.undecodable',
  });
});
