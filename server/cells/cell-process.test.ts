import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { CellProcess } from './cell-process.ts';
import type { Child } from './launch.ts';
import { Priority } from './priority.ts';

/** A process without a child. */
function opened(): CellProcess {
  const pipes = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const child = Object.assign(new EventEmitter(), pipes) as unknown as Child;
  return new CellProcess(child, {
    name: 'A process',
    frameMost: 1,
    onFrame: () => undefined,
    onTooLarge: () => undefined,
    onGone: () => undefined,
  });
}

it('a job that ends in the very moment at which it would be late is not, nor is the one after it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const cell = opened();
  const onLate = vi.fn<() => void>();
  const watched = { withinMs: 100, onLate, signal: undefined, onGivenUp: () => undefined };
  const over = cell.begins(watched);
  vi.advanceTimersByTime(100);
  over();
  const next = cell.begins(watched);
  await turn();
  expect(onLate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  await turn();
  expect(onLate).toHaveBeenCalledOnce();
  next();
});

it.skipIf(process.platform !== 'linux')(
  'a job that takes long by the clock and computes little stays where it was: a busy machine made short code wait behind everything',
  async () => {
    // A session of its own, as children are.
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const group = `/proc/${child.pid}/autogroup`;
    const standing = () => [getPriority(child.pid), existsSync(group) ? readFileSync(group, 'utf8') : ''];
    const before = standing();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const over = new Priority(() => child.pid).watch();
    vi.advanceTimersByTime(20_000);
    expect(standing()).toEqual(before);
    over();
    expect(vi.getTimerCount()).toBe(0);
  },
);
