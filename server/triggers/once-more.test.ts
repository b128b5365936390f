import { expect, test } from 'vitest';
import { OnceMore } from './once-more.ts';

test('fifty who ask while something is read have it read once more, and find what was there when they asked', async () => {
  const reads = new OnceMore();
  let stored = 0;
  let begun = 0;
  const work = (seen: number[]) => async () => {
    begun++;
    const found = stored;
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(found);
  };
  const seen: number[] = [];
  const first = reads.do('ws_a', work(seen));
  stored = 1;
  await Promise.all([first, ...Array.from({ length: 50 }, () => reads.do('ws_a', work(seen)))]);
  expect([begun, seen]).toEqual([2, [0, 1]]);
  await Promise.all([reads.do('ws_a', work(seen)), reads.do('ws_b', work(seen))]);
  expect(begun).toBe(4);
});

test('what failed is done again for who asked meanwhile', async () => {
  const reads = new OnceMore();
  const first = reads.do('ws_a', () => Promise.reject(new Error('away')));
  const second = reads.do('ws_a', async () => undefined);
  await expect(first).rejects.toThrow('away');
  await second;
});
