import { expect, test } from 'vitest';
import { bytesOf } from './text-pieces.ts';
import { CountedTurns } from './testing/counted-turns.ts';

test('the bytes of a text in parts are those of the whole, written in turns: 96 MB took an eighth of a second in one go', async () => {
  for (const before of ['', 'x']) {
    const parts = [before, '"', 'å🎈'.repeat(500_000), '', '\u0001'.repeat(70_000), '"'];
    const turns = new CountedTurns();
    const bytes = await bytesOf(parts, turns);
    expect(Buffer.from(parts.join('')).equals(bytes)).toBe(true);
    expect(turns.times).toBeGreaterThan(20);
  }
});
