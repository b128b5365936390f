import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { countHolds, LoopHolds } from './loop-metric.ts';

test('a turn that works long is told by its processor time, once', async () => {
  const registry = new Registry();
  countHolds(registry);
  const held = async () => Number(/^heddle_loop_held_seconds (\S+)/m.exec(await registry.metrics())?.[1]);
  const from = process.threadCpuUsage().user;
  while (process.threadCpuUsage().user - from < 150_000);
  await expect.poll(held).toBeGreaterThanOrEqual(0.15);
  expect(await held()).toBeLessThan(0.15);
});

function holdsOf() {
  const time = { now: 10_000, worked: 0 };
  const holds = new LoopHolds(
    () => time.worked,
    () => time.now,
  );
  const turn = (worked: number) => {
    time.worked += worked;
    time.now += worked;
    holds.look();
  };
  return { holds, turn };
}

test('an event loop that is held again and again lets no new work in, and one long turn keeps nobody out', () => {
  const { holds, turn } = holdsOf();
  turn(2_200);
  expect(holds.isHeld).toBe(false);
  for (let count = 0; count < 120; count++) turn(20);
  expect(holds.isHeld).toBe(false);
  for (let count = 0; count < 9; count++) turn(300);
  expect(holds.isHeld).toBe(true);
  for (let count = 0; count < 250; count++) turn(20);
  expect(holds.isHeld).toBe(false);
});

test('what was done before a door opened keeps nobody out', () => {
  const { holds, turn } = holdsOf();
  for (let count = 0; count < 20; count++) turn(300);
  expect(holds.isHeld).toBe(true);
  holds.forget();
  expect(holds.isHeld).toBe(false);
  turn(20);
  expect(holds.share).toBe(0);
});

test('long turns of long ago are let go, though nobody asks for them', () => {
  const { holds, turn } = holdsOf();
  for (let count = 0; count < 10_000; count++) turn(300);
  expect(JSON.stringify(holds).length).toBeLessThan(1_000);
});
