import { expect, test } from 'vitest';
import { soon } from './when.ts';

test('five runs of a schedule of ten seconds were all “11:37”: a time that is near has its seconds', () => {
  const now = new Date(2026, 10, 29, 11, 37, 2);
  const at = (second: number, minute = 37, day = 29) => new Date(2026, 10, day, 11, minute, second).toISOString();
  expect([at(10), at(20), at(0, 38)].map((one) => soon(one, now))).toEqual(['11:37:10', '11:37:20', '11:38']);
  expect([at(10, 59), at(10, 37, 30)].map((one) => soon(one, now))).toEqual(['11:59', 'tomorrow 11:37']);
});
