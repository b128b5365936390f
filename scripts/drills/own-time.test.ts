import { expect, test } from 'vitest';
import { measured } from './own-time.ts';

const tickMs = 10;
/** Works until this process has had so much processor time since, and gives how much that was. */
function work(ms: number): number {
  const began = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(began);
    if (user + system >= ms * 1_000) return (user + system) / 1_000;
  }
}

test.runIf(process.platform === 'linux')(
  'what a process worked is told, and what it did not work is no more than the clock',
  () => {
    const took = measured(() => [process.pid]);
    const worked = work(200);
    const { own, alone, clock } = took();
    expect(own).toBeGreaterThanOrEqual(worked - 2 * tickMs);
    expect(alone).toBeGreaterThanOrEqual(own);
    expect(alone).toBeLessThanOrEqual(Math.max(own, clock));
  },
);

test.runIf(process.platform === 'linux')('what another process does counts as what others had', () => {
  const took = measured(() => []);
  const worked = work(200);
  const { own, alone, clock } = took();
  expect(own).toBe(0);
  // The kernel counts by looking each hundredth of a second who works: half of it is there whatever it saw.
  expect(alone).toBeLessThanOrEqual(clock - worked / 2);
});
