import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spool } from './spool.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'heddle-spool-'))));
afterAll(() => rm(folder, { recursive: true }));

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield part;
}
const whole = async (parts: AsyncIterable<Uint8Array>) => {
  const list: Uint8Array[] = [];
  for await (const part of parts) list.push(part);
  return Buffer.concat(list);
};
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes);

test.each([
  ['none', [], 'none'],
  ['what can be packed', [Buffer.alloc(900_000, 'ab'), Buffer.alloc(1)], 'zstd'],
  ['what cannot', [randomBytes(300_000), randomBytes(1)], 'none'],
] as const)('bytes on the disk are what came, as often as they are read: %s', async (_, parts, codec) => {
  await using spooled = await spool(folder, chunks(...parts));
  const given = Buffer.concat(parts);
  expect(spooled).toMatchObject({ size: given.length, hash: sha(given).digest('base64url'), codec });
  for (const kept of ['none', 'zstd', 'none'] as const) {
    const { size, sha256, read } = spooled.bytes(kept);
    const bytes = await whole(read());
    expect({ size, sha256 }).toEqual({ size: bytes.length, sha256: sha(bytes).digest('hex') });
    if (kept === 'none') expect(bytes.equals(given)).toBe(true);
  }
});

test('nothing of it has a name, while it comes and when it breaks off', async () => {
  const broken = new Error('broke off');
  const seen: string[][] = [];
  async function* breaking(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 20; n++) {
      yield randomBytes(100_000);
      seen.push(await readdir(folder));
    }
    throw broken;
  }
  await expect(spool(folder, breaking())).rejects.toBe(broken);
  expect(seen.flat()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('a disk that does not take it is a fault for the operator, and what comes is asked no more', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  let isAsked = false;
  async function* more(): AsyncGenerator<Uint8Array> {
    isAsked = true;
    yield randomBytes(10);
  }
  await expect(spool(path.join(file, 'downloads'), more())).rejects.toMatchObject({
    code: 'store.away',
    message: expect.stringContaining('ENOTDIR'),
    mend: expect.stringContaining(file),
  });
  expect(isAsked).toBe(false);
  await rm(file);
});
