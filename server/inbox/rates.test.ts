import { expect, test } from 'vitest';
import { openRates } from './rates.ts';

const trigger = { workspace: 'ws_a', workflow: 'w', key: 'hook' };
const refusals = (take: () => void, count: number): number => {
  let refused = 0;
  for (let n = 0; n < count; n++)
    try {
      take();
    } catch (error) {
      expect(error).toMatchObject({ status: 429, more: { headers: { 'retry-after': expect.any(String) } } });
      refused += 1;
    }
  return refused;
};

test('a flood on one trigger is refused beyond its budget, and leaves others alone (W7)', () => {
  let now = 0;
  const rates = openRates({ perSecond: 100, isFull: () => false, now: () => now });
  expect(refusals(() => rates.take(trigger), 2_000)).toBe(1_800);
  expect(refusals(() => rates.take({ ...trigger, key: 'other' }), 200)).toBe(0);
  now = 1_000;
  expect(refusals(() => rates.take(trigger), 150)).toBe(50);
  now = 1_000_000;
  expect(refusals(() => rates.take(trigger), 300)).toBe(100);
});

test('a workspace with too much to do already gets no more, the next one does (E4)', () => {
  const rates = openRates({ perSecond: 100, isFull: (workspace) => workspace === 'ws_a' });
  expect(refusals(() => rates.take(trigger), 1)).toBe(1);
  expect(refusals(() => rates.take({ ...trigger, workspace: 'ws_b' }), 1)).toBe(0);
});

test('a process whose event loop is held lets no new calls in, whoever they are of', () => {
  let isHeld = true;
  const rates = openRates({ perSecond: 100, isFull: () => false, isHeld: () => isHeld });
  expect(refusals(() => rates.take(trigger), 1)).toBe(1);
  isHeld = false;
  expect(refusals(() => rates.take(trigger), 1)).toBe(0);
});

test('a workflow of which no more may wait is refused, and no other of its workspace', () => {
  const rates = openRates({ perSecond: 100, isFull: () => false, isQueueFull: (_, workflow) => workflow === 'w' });
  expect(refusals(() => rates.take(trigger), 1)).toBe(1);
  expect(refusals(() => rates.take({ ...trigger, workflow: 'x' }), 1)).toBe(0);
});
