import { expect, test } from 'vitest';
import { jsonInTurns, isLarge } from '../text/known-json.ts';
import type { BlobStore } from './blobs.ts';
import { readJson } from './large-values.ts';

const keeping = (text: string): BlobStore => ({
  writeBytes: async () => 'hash',
  readBytes: async () => new TextEncoder().encode(text),
});

test('a large value comes back as it was written, in turns: 16 MB of one took half a second in one go', async () => {
  const rows = Array.from({ length: 100_000 }, (_, n) => ({
    n,
    big: 12345678901234567000,
    lone: '\ud800',
    text: `å${n}`,
  }));
  const text = JSON.stringify({ rows });
  let turns = 0;
  let isOver = false;
  const count = () => void (isOver || (turns++, setImmediate(count)));
  setImmediate(count);
  const value = await readJson(keeping(text), 'w', 'hash');
  isOver = true;
  expect(JSON.stringify(value) === text).toBe(true);
  expect(turns).toBeGreaterThan(5);
  expect(isLarge(value)).toBe(true);
  expect((await jsonInTurns(value)) === text).toBe(true);
});
