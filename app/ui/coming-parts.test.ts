import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ComingParts } from './coming-parts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function page() {
  const parts = new ComingParts();
  const told: boolean[] = [];
  parts.whenAllThere((isThere) => void told.push(isThere));
  return { parts, told };
}

test('parts are coming until the last of them is there, which is told once', () => {
  const { parts, told } = page();
  const [one, other] = [parts.begin(), parts.begin()];
  one();
  expect([parts.isAny, told]).toEqual([true, []]);
  other();
  other();
  expect([parts.isAny, told]).toEqual([false, [true]]);
});

test('nobody waits with a key for what a server that is away does not send', () => {
  const { parts, told } = page();
  const late = parts.begin();
  parts.begin();
  vi.runAllTimers();
  expect([parts.isAny, told]).toEqual([false, [false]]);
  late();
  expect(told).toEqual([false]);
});
