import { expect, test } from 'vitest';
import { WaitingCallers } from './waiting-callers.ts';

/** How many of so many come in, and how they leave. */
function enter(callers: WaitingCallers, workspace: string, count: number): (() => void)[] {
  const leaves: (() => void)[] = [];
  for (let n = 0; n < count; n++)
    try {
      leaves.push(callers.enter(workspace));
    } catch (error) {
      expect(error).toMatchObject({ status: 429, code: 'too-many' });
    }
  return leaves;
}

test('callers of one workspace who wait leave room for those of others, and who leaves makes room', () => {
  const callers = new WaitingCallers(40);
  const many = enter(callers, 'ws_a', 100);
  const others = enter(callers, 'ws_b', 20);
  expect([many.length, others.length, callers.size]).toEqual([30, 10, 40]);
  for (const leave of [...many, ...others]) leave();
  expect([callers.size, enter(callers, 'ws_b', 100).length]).toEqual([0, 30]);
});
