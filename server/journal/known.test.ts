import { expect, test } from 'vitest';
import { Known } from './known.ts';

test('a name is known for so long since it was added, however often it is met', () => {
  let now = 0;
  const known = new Known(2, 100, () => now);
  known.add('a');
  now = 90;
  expect(known.has('a')).toBe(true);
  known.add('a');
  now = 110;
  expect(known.has('a')).toBe(false);
  known.add('a');
  now = 200;
  expect(known.has('a')).toBe(true);
});
