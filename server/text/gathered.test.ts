import { expect, test } from 'vitest';
import { Gathered } from './gathered.ts';

const MB = 1024 * 1024;

test('a body that comes byte by byte takes no more than twice its bytes, and keeps nothing of what its pieces were cut from', () => {
  const slab = Buffer.from('abc');
  const gathered = new Gathered(16 * MB);
  for (let n = 0; n < MB; n++) gathered.add(slab.subarray(n % 3, (n % 3) + 1));
  const { bytes } = gathered;
  expect([bytes.length, bytes.buffer.byteLength <= 2 * MB, bytes.buffer === slab.buffer]).toEqual([MB, true, false]);
  expect(bytes.equals(Buffer.alloc(MB, 'abc'))).toBe(true);
});

test('a body whose length is known takes that, and one that comes whole is not copied', () => {
  const gathered = new Gathered(10_000);
  const whole = Buffer.alloc(6_000);
  gathered.add(whole);
  expect(gathered.bytes.buffer).toBe(whole.buffer);
  gathered.add(Buffer.alloc(4_000));
  expect([gathered.bytes.length, gathered.bytes.buffer.byteLength]).toEqual([10_000, 10_000]);
});
