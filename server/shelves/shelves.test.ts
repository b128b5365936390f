import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import postgres from 'postgres';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../db/connect.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { openHttpClient } from '../wire/http-client.ts';
import { openBlobs } from '../journal/blobs.ts';
import { readFacts } from '../journal/journal.ts';
import { forgetOld } from '../journal/retention.ts';
import { spool } from '../journal/spool.ts';
import type { Shelf } from '../journal/shelf.ts';
import { openTestStore, start, startedFact } from '../engine/testing/store.ts';
import { openFolder } from './folder.ts';
import { shelfHealth } from './health.ts';
import { openS3 } from './s3.ts';
import { sha256 } from './sigv4.ts';
import { openFakeS3 } from './testing/fake-s3.ts';

const day = 86_400_000;
/** Where bytes stand, and how somebody else damages or loses them. */
interface Stand extends AsyncDisposable {
  readonly shelf?: Shelf;
  count(): Promise<number>;
  damage(): Promise<void>;
  lose(): Promise<void>;
}

const stands: Record<string, (database: Database) => Promise<Stand>> = {
  Postgres: async ({ engine: { sql } }) => ({
    count: async () => (await sql`select distinct hash from blob_chunks`).length,
    damage: async () => void (await asOwner((own) => own`update blob_chunks set bytes = substr(bytes, 2)`)),
    lose: async () => void (await asOwner((own) => own`delete from blobs`.then(() => own`delete from blob_chunks`))),
    [Symbol.asyncDispose]: async () => {},
  }),
  'a folder': async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'heddle-shelf-'));
    const files = async () =>
      (await readdir(root, { recursive: true, withFileTypes: true })).flatMap((entry) =>
        entry.isFile() ? [path.join(entry.parentPath, entry.name)] : [],
      );
    return {
      shelf: openFolder(path.join(root, 'values')),
      count: async () => (await files()).length,
      damage: async () => {
        for (const file of await files()) await writeFile(file, (await readFile(file)).subarray(1));
      },
      lose: async () => {
        for (const file of await files()) await rm(file);
      },
      [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
    };
  },
  S3: async () => {
    const fake = await openFakeS3();
    const http = openHttpClient({ allowHosts: [] });
    return {
      shelf: openS3(http, fake.bucket, { pause: async () => {} }),
      count: async () => fake.objects.size,
      damage: async () => {
        for (const [name, bytes] of fake.objects) fake.objects.set(name, bytes.subarray(1));
      },
      lose: async () => fake.objects.clear(),
      [Symbol.asyncDispose]: async () => {
        await http.close();
        await fake[Symbol.asyncDispose]();
      },
    };
  },
};

const noise = (size: number) => new Uint8Array(randomBytes(size));
async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 70_000) yield bytes.subarray(from, from + 70_000);
}

let base: TestDatabase;
let database: Database;
beforeAll(async () => {
  base = await createTestDatabase();
  database = await base.open();
  await database.app.sql`insert into workspaces (id, slug, name) values ('ws_1', 'one', 'One')`;
});
afterAll(() => base[Symbol.asyncDispose]());

async function asOwner(work: (own: Sql) => Promise<unknown>): Promise<void> {
  const own = postgres(base.url, { max: 1, onnotice: () => {} });
  await work(own).finally(() => own.end());
}

describe.for(Object.entries(stands))('values in %s', ([, open]) => {
  test('come back as they were, to their workspace alone, whatever the bytes', async () => {
    await using stand = await open(database);
    const blobs = openBlobs(database.engine.sql, stand.shelf);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.tuple(fc.nat(255), fc.nat(3_000_000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (given) => {
        const hash = await blobs.writeBytes('ws_1', 'run_1', given);
        expect(await blobs.writeBytes('ws_1', 'run_2', given)).toBe(hash);
        expect(Buffer.compare((await blobs.readBytes('ws_1', hash))!, given)).toBe(0);
        expect(await blobs.readBytes('ws_2', hash)).toBeUndefined();
      }),
      { numRuns: 15 },
    );
  });

  test('come from the disk in pieces as they come from memory, and are the same', async () => {
    await using stand = await open(database);
    const blobs = openBlobs(database.engine.sql, stand.shelf);
    const folder = await mkdtemp(path.join(tmpdir(), 'heddle-spool-'));
    const given = [new Uint8Array(), noise(10), noise(2_500_000), noise(6_000_000), new Uint8Array(9_000_000).fill(7)];
    for (const [n, bytes] of given.entries()) {
      await using spooled = await spool(folder, chunked(bytes));
      const known = n % 2 === 0 ? await blobs.writeBytes('ws_1', 'run_1', bytes) : undefined;
      const hash = await blobs.writeSpooled('ws_1', 'run_2', spooled);
      expect(hash).toBe(known ?? (await blobs.writeBytes('ws_1', 'run_3', bytes)));
      expect(Buffer.compare((await blobs.readBytes('ws_1', hash))!, bytes)).toBe(0);
      if (n > 2) await stand.lose();
      await blobs.writeSpooled('ws_1', 'run_4', spooled);
      expect(Buffer.compare((await blobs.readBytes('ws_1', hash))!, bytes)).toBe(0);
    }
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('written at once in memory and from the disk, where they are packed otherwise, are whole', async () => {
    await using stand = await open(database);
    const blobs = openBlobs(database.engine.sql, stand.shelf);
    const folder = await mkdtemp(path.join(tmpdir(), 'heddle-spool-'));
    for (let turn = 0; turn < 3; turn++) {
      // About as long as so many chunks are: one way to pack it may take one more than the other.
      const bytes = new Uint8Array(Buffer.concat([noise(999_900), Buffer.alloc(4_000_000 + turn)]));
      await using spooled = await spool(folder, chunked(bytes));
      const hashes = await Promise.all([
        blobs.writeSpooled('ws_1', 'run_1', spooled),
        blobs.writeBytes('ws_1', 'run_2', bytes),
        blobs.writeSpooled('ws_1', 'run_3', spooled),
      ]);
      expect(new Set(hashes).size).toBe(1);
      expect(Buffer.compare((await blobs.readBytes('ws_1', hashes[0]))!, bytes)).toBe(0);
    }
    await rm(folder, { recursive: true });
  });

  test('are kept once, and go when no run names them', async () => {
    await using stand = await open(database);
    const blobs = openBlobs(database.engine.sql, stand.shelf);
    const before = await stand.count();
    const value = (text: string) => Buffer.from(`${text} ${crypto.randomUUID()}`);
    const [shared, own, young] = [value('shared'), value('own'), value('young')];
    const hashes = await Promise.all(
      [shared, own, young, shared].map((bytes, n) => blobs.writeBytes('ws_1', `run_${n}`, bytes)),
    );
    expect(await stand.count()).toBe(before + 3);
    const { sql } = database.engine;
    await asOwner((sql) => sql`update blobs set at = now() - interval '2 days' where hash <> ${hashes[2]!}`);
    await sql`delete from blob_refs where run in ('run_0', 'run_1', 'run_2')`;
    await forgetOld(sql, 0, stand.shelf);
    expect(await blobs.readBytes('ws_1', hashes[1]!)).toBeUndefined();
    expect(Buffer.compare((await blobs.readBytes('ws_1', hashes[0]!))!, shared)).toBe(0);
    expect(Buffer.compare((await blobs.readBytes('ws_1', hashes[2]!))!, young)).toBe(0);
    // What went is whole again once somebody writes it.
    await blobs.writeBytes('ws_1', 'run_5', own);
    expect(Buffer.compare((await blobs.readBytes('ws_1', hashes[1]!))!, own)).toBe(0);
  });

  test('are what was written or a fault, never something else; what was lost heals when it is written again', async () => {
    await using stand = await open(database);
    await using store = openTestStore(database, {}, stand.shelf);
    const run = `run_${crypto.randomUUID()}`;
    const fact = startedFact(run, [{ text: `${run} `.repeat(2_000) }]);
    expect(await store.flusher.append(start(run, { facts: [fact] }))).toEqual({ ok: true, seq: 1 });
    const read = () => readFacts(database.engine.sql, store.blobs, run);
    const isWhole = async () => isDeepStrictEqual(await read(), [{ ...fact, seq: 1 }]);
    expect(await isWhole()).toBe(true);
    await stand.damage();
    await expect(isWhole()).rejects.toMatchObject({ code: 'value.damaged', mend: expect.any(String) });
    await stand.lose();
    await expect(isWhole()).rejects.toMatchObject({ code: 'value.missing', mend: expect.any(String) });
    const again = `${run}_again`;
    await store.flusher.append(
      start(again, { facts: [{ ...fact, data: { ...fact.data, root: run } } as typeof fact] }),
    );
    expect(await read()).toEqual([{ ...fact, seq: 1 }]);
  });

  test('doctor says where they stand', async () => {
    await using stand = await open(database);
    const { where, isWritable, words } = await shelfHealth(stand.shelf);
    expect({ where, isWritable }).toEqual({ where: stand.shelf?.where ?? 'Postgres', isWritable: true });
    expect(words).toHaveLength(1);
    expect(await stand.shelf?.get({ workspace: 'doctor', hash: 'gone' })).toBeUndefined();
  });
});

test('what was written before a shelf was set is still read, and what stands on one is not looked for elsewhere', async () => {
  await using stand = await stands['a folder']!(database);
  const { sql } = database.engine;
  const [old, young] = [Buffer.from('old'), Buffer.from('young')];
  const hash = await openBlobs(sql).writeBytes('ws_1', 'run_1', old);
  const withShelf = openBlobs(sql, stand.shelf);
  expect(Buffer.compare((await withShelf.readBytes('ws_1', hash))!, old)).toBe(0);
  const onShelf = await withShelf.writeBytes('ws_1', 'run_1', young);
  await expect(openBlobs(sql).readBytes('ws_1', onShelf)).rejects.toMatchObject({ code: 'store.away' });
  await openBlobs(sql).writeBytes('ws_1', 'run_1', young);
  expect(Buffer.compare((await openBlobs(sql).readBytes('ws_1', onShelf))!, young)).toBe(0);
});

test('who was quicker, and packed the same into fewer chunks, gets none of the others added', async () => {
  const blobs = openBlobs(database.engine.sql);
  const bytes = noise(900_000);
  const folder = await mkdtemp(path.join(tmpdir(), 'heddle-spool-'));
  await using spooled = await spool(folder, chunked(bytes));
  await rm(folder, { recursive: true });
  const slow = {
    size: 3_500_000,
    sha256: '',
    async *read() {
      await blobs.writeBytes('ws_1', 'run_1', bytes);
      yield new Uint8Array(3_500_000);
    },
  };
  const hash = await blobs.writeSpooled('ws_1', 'run_2', { ...spooled, bytes: () => slow });
  expect(Buffer.compare((await blobs.readBytes('ws_1', hash))!, bytes)).toBe(0);
});

describe('a folder', () => {
  test('that cannot be used is a fault for the operator, and an append waits for it', async () => {
    await using stand = await stands['a folder']!(database);
    const file = `${stand.shelf!.where}-file`;
    await writeFile(file, '');
    const blocked = openFolder(path.join(file, 'values'));
    expect(await shelfHealth(blocked)).toMatchObject({
      isWritable: false,
      words: expect.arrayContaining(['  The folder of large values cannot be used now (ENOTDIR).']),
    });
    const told: unknown[] = [];
    await using store = openTestStore(database, { onAway: (error) => void told.push(error) }, blocked);
    const result = await store.flusher.append(
      start('run_blocked', { facts: [startedFact('run_blocked', [{ text: 'x'.repeat(70_000) }])] }),
    );
    expect(result).toEqual({ ok: false, why: 'unavailable' });
    expect(told).toEqual([expect.objectContaining({ code: 'store.away' })]);
  });

  test('is rid of what writers left that died, and of nothing that one is writing', async () => {
    await using stand = await stands['a folder']!(database);
    const shelf = stand.shelf!;
    await shelf.put({ workspace: 'ws_1', hash: 'abc' }, Buffer.from('x'));
    const aside = path.join(shelf.where, '.unfinished');
    for (const name of ['old', 'young']) await writeFile(path.join(aside, name), '');
    const long = new Date(Date.now() - 2 * day);
    await utimes(path.join(aside, 'old'), long, long);
    await shelf.tidy();
    expect(await readdir(aside)).toEqual(['young']);
    expect(await shelf.has({ workspace: 'ws_1', hash: 'abc' })).toBe(true);
  });

  test.for(['../x', 'a/b', '', '.', 'ü'])('keeps nothing under the name %j', async (name) => {
    const shelf = openFolder('/nowhere');
    await expect(shelf.put({ workspace: name, hash: 'abc' }, Buffer.from('x'))).rejects.toThrow('no such place');
    await expect(shelf.get({ workspace: 'ws_1', hash: name })).rejects.toThrow('no such place');
  });
});

describe('S3', () => {
  const place = { workspace: 'ws_1', hash: 'abc' };

  test('is asked again while its trouble may pass, with pauses that grow', async () => {
    await using fake = await openFakeS3();
    await using stack = new AsyncDisposableStack();
    const http = stack.adopt(openHttpClient({ allowHosts: [] }), (client) => client.close());
    const pauses: number[] = [];
    const shelf = openS3(http, fake.bucket, { pause: async (ms) => void pauses.push(ms) });
    fake.troubles.push([503, 'SlowDown'], [500, 'InternalError'], [503, 'SlowDown']);
    const folder = await mkdtemp(path.join(tmpdir(), 'heddle-spool-'));
    await using spooled = await spool(folder, chunked(noise(500_000)));
    await rm(folder, { recursive: true });
    await shelf.put(place, spooled.bytes('zstd'));
    expect(fake.asked).toHaveLength(4);
    expect([...fake.objects.values()].map(sha256)).toEqual([spooled.bytes('zstd').sha256]);
    expect([...fake.objects.keys()]).toEqual(['/heddle/a%20b/c%27/ws_1/ab/abc']);
    for (const [n, most] of [100, 200, 400].entries()) {
      expect(pauses[n]).toBeGreaterThanOrEqual(most / 2);
      expect(pauses[n]).toBeLessThanOrEqual(most);
    }
    for (let n = 0; n < 5; n++) fake.troubles.push([503, 'SlowDown']);
    await expect(shelf.get(place)).rejects.toMatchObject({
      code: 'store.away',
      message: 'The bucket heddle of large values cannot be used now: it answered 503 SlowDown.',
    });
  });

  test.for([
    [{ secretKey: 'wrong' }, 'it answered 403 SignatureDoesNotMatch'],
    [{ bucket: 'other' }, 'it answered 404 NoSuchBucket'],
  ] as const)('set as %j is a fault at once, without its keys', async ([wrong, trouble]) => {
    await using fake = await openFakeS3();
    await using stack = new AsyncDisposableStack();
    const http = stack.adopt(openHttpClient({ allowHosts: [] }), (client) => client.close());
    const shelf = openS3(http, { ...fake.bucket, ...wrong });
    const fault = await shelf.put(place, Buffer.from('x')).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'store.away', message: expect.stringContaining(trouble) });
    expect(fake.asked).toHaveLength(1);
    expect(JSON.stringify({ ...(fault as Error) })).not.toContain(fake.bucket.secretKey);
  });

  test('may be private because the operator named it; the same client still calls it for nobody else', async () => {
    await using fake = await openFakeS3();
    await using stack = new AsyncDisposableStack();
    const http = stack.adopt(openHttpClient({ allowHosts: [] }), (client) => client.close());
    await openS3(http, fake.bucket).put(place, Buffer.from('x'));
    const request = { method: 'GET', url: fake.bucket.endpoint, timeoutMs: 1_000 };
    await expect(http.send(request)).rejects.toMatchObject({ code: 'egress-denied' });
    expect(fake.asked).toHaveLength(1);
  });

  test('that does not answer is a fault that names no socket of the database', async () => {
    const fake = await openFakeS3();
    await fake[Symbol.asyncDispose]();
    await using stack = new AsyncDisposableStack();
    const http = stack.adopt(openHttpClient({ allowHosts: [] }), (client) => client.close());
    const shelf = openS3(http, fake.bucket, { pause: async () => {} });
    await expect(shelf.get(place)).rejects.toMatchObject({
      code: 'store.away',
      message: expect.stringContaining('could not be reached'),
    });
  });
});
