import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { limitsOf } from './limits.ts';

test('a batch of a million gathers a thousand: all that was gathered is read with each that comes', () => {
  const sizeOf = (size: number) => {
    const document = { ...draw('a:test.start'), settings: { batch: { size, within: '1m' } } };
    return limitsOf(document, (name) => name).batch?.size;
  };
  expect([sizeOf(3), sizeOf(1_000), sizeOf(1_000_000)]).toEqual([3, 1_000, 1_000]);
});
