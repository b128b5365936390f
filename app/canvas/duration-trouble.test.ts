import { expect, test } from 'vitest';
import { durationTrouble } from './duration-trouble.ts';

test('a timeout of 0s was taken and each run failed with “did not end within 0 ms”; a wait of 0s is one', () => {
  for (const text of ['0s', '0ms', 'PT0S']) {
    expect(durationTrouble(text, 1)?.message).toBe(`“${text}” leaves no time.`);
    expect(durationTrouble(text)).toBe(undefined);
  }
  expect(durationTrouble('soon', 1)?.message).toBe('“soon” is not a duration.');
  expect([durationTrouble('', 1), durationTrouble(' 30s ', 1)]).toEqual([undefined, undefined]);
});
