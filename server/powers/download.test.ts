import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import { spool } from '../journal/spool.ts';
import type { Spooled } from '../journal/spool.ts';
import { Download } from './download.ts';
import { redacted } from './redaction/cover.ts';
import { redactor } from './redaction/redactor.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'heddle-download-'))));
afterAll(() => rm(folder, { recursive: true }));

async function* chunks(bytes: Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** A store of one file, and how many spools are still open. */
function store(refuse?: Error) {
  const kept = { bytes: Buffer.alloc(0), open: 0 };
  const downloads = {
    spool: async (parts: AsyncIterable<Uint8Array>) => {
      const spooled = await spool(folder, parts);
      kept.open++;
      const end = async () => {
        kept.open--;
        await spooled[Symbol.asyncDispose]();
      };
      return { ...spooled, [Symbol.asyncDispose]: end };
    },
    keep: async (spooled: Spooled) => {
      if (refuse) throw refuse;
      const parts: Uint8Array[] = [];
      for await (const part of spooled.bytes('none').read()) parts.push(part);
      kept.bytes = Buffer.concat(parts);
      return spooled.hash;
    },
  };
  return { kept, downloads };
}

describe('an answer that became a file', () => {
  const secret = 'sk_live_51H8xYz"Q&<pä';
  const noise = randomBytes(400_000);
  const body = Buffer.concat([noise, Buffer.from(`${secret} and ${encodeURIComponent(secret)}`), noise]);

  test('is stored as it is where nothing is secret', async () => {
    const { kept, downloads } = store();
    {
      await using download = new Download(downloads);
      await download.into(chunks(body));
      expect(await download.stored(undefined, 200)).toEqual({ $file: expect.any(String), size: body.length });
    }
    expect(kept.bytes.equals(body)).toBe(true);
    expect(kept.open).toBe(0);
  });

  test('is stored without the secrets that it gives back, byte for byte as an answer that is read', async () => {
    const { kept, downloads } = store();
    {
      await using download = new Download(downloads);
      await download.into(chunks(body));
      const stored = await download.stored(redactor([secret]), 200);
      expect(stored?.size).toBe(kept.bytes.length);
    }
    const text = `${redacted} and ${redacted}`;
    expect(kept.bytes.equals(Buffer.concat([noise, Buffer.from(text), noise]))).toBe(true);
    expect(kept.bytes.equals(await redactor([secret]).bytes(body))).toBe(true);
    expect(kept.open).toBe(0);
  });

  test('and cannot be stored is known to be done by whom it was asked; what the database says stays what it is', async () => {
    const away = store(new Fault('store.away', 'The bucket cannot be used now.', { mend: 'Check it.' }));
    await using download = new Download(away.downloads);
    await download.into(chunks(body));
    const refused = { code: 'store.away', message: 'The bucket cannot be used now.', mend: 'Check it.' };
    await expect(download.stored(undefined, 201)).rejects.toMatchObject({ ...refused, done: 'yes' });
    await expect(download.stored(undefined, 404)).rejects.toMatchObject({ ...refused, done: 'no' });
    const lost = Object.assign(new Error('connection lost'), { code: 'CONNECTION_CLOSED' });
    await using other = new Download(store(lost).downloads);
    await other.into(chunks(body));
    await expect(other.stored(undefined, 200)).rejects.toBe(lost);
  });

  test('of which none was made is none', async () => {
    await using download = new Download(store().downloads);
    expect(await download.stored(undefined, 200)).toBeUndefined();
  });
});
