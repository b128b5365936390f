import { expect, test } from 'vitest';
import { Idle } from './idle.ts';

const kB = 1_000;

test('what is used longest ago goes first, by how much it weighs and not by how many there are', () => {
  const idle = new Idle<string>(300 * kB);
  expect([idle.add('a', 100 * kB), idle.add('b', 100 * kB), idle.add('a', 120 * kB)]).toEqual([[], [], []]);
  expect(idle.weight).toBe(220 * kB);
  expect(idle.add('c', 150 * kB)).toEqual(['b']);
  idle.remove('a');
  expect(idle.add('d', 140 * kB)).toEqual([]);
  // One that is too large by itself is not kept, nor anything before it.
  expect(idle.add('e', 400 * kB)).toEqual(['c', 'd', 'e']);
  expect(idle.weight).toBe(0);
});

test('a run of nothing still weighs something: ten thousand of them are not kept for ever', () => {
  const idle = new Idle<number>(1_000 * kB);
  let gone = 0;
  for (let n = 0; n < 10_000; n++) gone += idle.add(n, 0).length;
  expect(gone).toBeGreaterThan(9_900);
});
