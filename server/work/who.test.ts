import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isGone, whoAmI } from './who.ts';

test('a process is gone when its number is nobody’s, or another’s by now', async () => {
  const me = whoAmI();
  expect(isGone(me)).toBe(false);
  // Whoever does not say when it began is judged by its number alone.
  expect(isGone({ pid: me.pid, began: '' })).toBe(false);
  const child = spawn(process.execPath, ['-e', '']);
  const pid = child.pid ?? 0;
  await once(child, 'exit');
  expect(isGone({ pid, began: '' })).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'a number that was given out again after a restart is not the same process',
  () => {
    const me = whoAmI();
    expect(me.began).toMatch(/^[0-9]+$/);
    expect(me.place).toMatch(/^[-0-9a-f]{36}.pid:.[0-9]+.$/);
    expect(isGone({ ...me, began: String(Number(me.began) - 1) })).toBe(true);
  },
);
