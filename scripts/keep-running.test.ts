import { expect, test } from 'vitest';
import { keepRunning } from './keep-running.js';

/** Runs that end with these codes, one after the other. */
function runs(...codes: number[]) {
  const left = [...codes];
  let count = 0;
  return { run: async () => (count++, left.shift() ?? 0), count: () => count };
}

test.each([
  { what: 'a stop in order', codes: [0], ends: 0 },
  { what: 'a fault of the setting', codes: [1], ends: 1 },
  { what: 'a kill that somebody meant', codes: [137], ends: 137 },
  { what: 'no going on, twice, then a stop', codes: [75, 75, 0], ends: 0 },
  { what: 'no memory left, then a fault of the setting', codes: [134, 1], ends: 1 },
])('$what: it is started again only when it could not go on', async ({ codes, ends }) => {
  const { run, count } = runs(...codes);
  expect(await keepRunning(run, 0)).toBe(ends);
  expect(count()).toBe(codes.length);
});

test('told to stop it is not started again, whatever it ends with', async () => {
  let count = 0;
  const code = await keepRunning(async () => {
    count += 1;
    process.emit('SIGTERM');
    return 75;
  }, 0);
  expect([code, count]).toEqual([75, 1]);
});
