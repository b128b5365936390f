import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { countHolds } from './loop-metric.ts';

test('a turn that works long is told by its processor time, once', async () => {
  const registry = new Registry();
  countHolds(registry);
  const held = async () => Number(/^heddle_loop_held_seconds (\S+)/m.exec(await registry.metrics())?.[1]);
  const from = process.threadCpuUsage().user;
  while (process.threadCpuUsage().user - from < 150_000);
  await expect.poll(held).toBeGreaterThanOrEqual(0.15);
  expect(await held()).toBeLessThan(0.15);
});
