import { expect, test } from 'vitest';
import { newEventId, newRunId } from './ids.ts';

test('ids are never twice the same, however many are made of one pool', () => {
  const ids = Array.from({ length: 5_000 }, () => [newRunId(1_800_000_000_000), newEventId()]).flat();
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^(run_[0-9a-hjkmnp-tv-z]{26}|evt_[0-9a-hjkmnp-tv-z]{24})$/);
});

test('run ids sort as they were made', () => {
  const times = [0, 1, 31, 32, 1_800_000_000_000, 1_800_000_000_001, 2 ** 49];
  const ids = times.map(newRunId);
  expect(ids.toSorted()).toEqual(ids);
});

test('every letter comes about as often as the others', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 2_000; n++)
    for (const letter of newEventId().slice(4)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(32);
  for (const count of counts.values()) expect(Math.abs(count - 1_500)).toBeLessThan(300); // seven standard deviations
});
