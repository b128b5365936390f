import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { turnsOf } from '../text/testing/turns-of.ts';
import { membersShown, shown } from './shown.ts';

const rows = Array.from({ length: 200_000 }, (_, n) => ({ n, name: `Name ${n}`, lone: '\ud800', letter: 'å' }));

test('a large value is shown by the hash of its JSON, which is written in turns: 15 MB held the server for 0.4 s', async () => {
  let named: unknown;
  const turns = await turnsOf(async () => void (named = await shown(rows)));
  const text = JSON.stringify(rows);
  const $blob = createHash('sha256').update(text).digest('base64url');
  expect(named).toEqual({ $blob, size: Buffer.byteLength(text), count: 200_000 });
  expect(turns).toBeGreaterThan(2);
});

test('what is not too large is shown as it is, by its bytes', async () => {
  const text = 'å'.repeat(40_000);
  expect(await shown(text, 100_000)).toBe(text);
  expect(await shown(text, 80_002)).toBe(text);
  expect(await shown(text, 80_001)).toMatchObject({ size: 80_002 });
  const record = { small: [1], long: 'x'.repeat(10) };
  expect(await membersShown(record, 8)).toEqual({ small: [1], long: { $blob: expect.any(String), size: 12 } });
});
