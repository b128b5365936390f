import { expect, test } from 'vitest';
import { inRounds } from './rounds.ts';

test('rounds go on until one finds less than it may take', async () => {
  const found = [5, 5, 5, 2];
  expect(await inRounds(5, async () => found.shift() ?? 0)).toBe(17);
  expect(found).toEqual([]);
});

test('they end after the round in which they are told to', async () => {
  const stopping = new AbortController();
  let rounds = 0;
  const endless = async () => {
    if (++rounds === 3) stopping.abort();
    return 5;
  };
  expect(await inRounds(5, endless, stopping.signal)).toBe(15);
});
