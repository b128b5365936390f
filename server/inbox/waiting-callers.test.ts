import { expect, test } from 'vitest';
import { WaitingCallers } from './waiting-callers.ts';

const statuses = async (asked: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(asked)).map((one) => (one.status === 'fulfilled' ? 200 : one.reason.status));

test('callers of one workspace who wait leave room for those of others, and nothing is begun for who finds none', async () => {
  const callers = new WaitingCallers(40);
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const wait = (workspace: string) =>
    callers.wait(workspace, async () => {
      begun++;
      await gate.promise;
    });
  const many = Array.from({ length: 100 }, () => wait('ws_a'));
  expect([begun, callers.size]).toEqual([30, 30]);
  const others = Array.from({ length: 10 }, () => wait('ws_b'));
  expect(begun).toBe(40);
  gate.resolve();
  expect((await statuses(many)).filter((status) => status === 429)).toHaveLength(70);
  expect(new Set(await statuses(others))).toEqual(new Set([200]));
  expect(callers.size).toBe(0);
});

test('one whose work breaks has gone, too', async () => {
  const callers = new WaitingCallers(1);
  for (let n = 0; n < 3; n++)
    expect(await statuses([callers.wait('ws_a', () => Promise.reject(new Error('broken')))])).toEqual([undefined]);
  expect(callers.size).toBe(0);
});
