import { expect, test } from 'vitest';
import type { RunStep } from '../api/run-shapes.ts';
import { stepFor } from './iterations.ts';
import { joined } from './step-bars.ts';
import { lastAttempts, lineAfter, linesOfSteps, loudestOf, speakerOf, sumsOf, turnsIn } from './step-groups.ts';
import { stepOf } from './testing/steps.ts';

const step = (key: string, path: string, more: Partial<RunStep> = {}) => stepOf(key, { path, ...more });
const turns = Array.from({ length: 120 }, (_, n) => [step('loop', `/loop:${n}`), step('send', `/loop:${n}`)]).flat();
const run = [step('start', ''), ...turns, step('loop', ''), step('sum', '')];
const idsOf = (open: readonly string[]) => linesOfSteps(run, new Set(open)).map(({ id }) => id);

test('a loop that sent 120 requests was 240 lines: a node is one line, and its iterations lie under it', () => {
  expect(idsOf([])).toEqual(['start', 'all loop', 'all send', 'sum']);
  expect(idsOf(['send'])).toHaveLength(124);
  expect(idsOf(['send']).slice(2, 5)).toEqual(['all send', 'send/loop:0', 'send/loop:1']);
});

test('a node that is tried again in its only iteration stays as it was, attempt by attempt', () => {
  const tried = [step('send', '/loop:0', { status: 'failed' }), step('send', '/loop:0', { attempt: 2 })];
  expect(linesOfSteps(tried, new Set()).map(({ is }) => is)).toEqual(['step', 'step']);
});

test('a line of all iterations speaks of the failure in one of them, and not of an attempt that was made good', () => {
  const mended = [step('send', '/loop:0', { status: 'failed' }), step('send', '/loop:0', { attempt: 2 })];
  expect(lastAttempts(mended)).toHaveLength(1);
  expect(loudestOf([...mended, step('send', '/loop:1')])?.id).toBe('send/loop:1');
  const failed = step('send', '/loop:2', { status: 'failed' });
  expect(loudestOf([...mended, failed, step('send', '/loop:3')])).toBe(failed);
});

test('the times of many iterations are drawn as the stretches that can be told apart', () => {
  const at = (from: number, to: number) => ({ work: [{ from, to }], waits: [] });
  expect(joined([at(0, 10), at(11, 20), at(90, 95)], 5).work).toEqual([
    { from: 0, to: 20 },
    { from: 90, to: 95 },
  ]);
});

test('a loop that is one line counted what came back as items that came in: only what is from outside counts, and what left for good', () => {
  const one = (path: string, input: RunStep['input'], output: RunStep['output']) =>
    step('loop', path, { input, output });
  const loop = [
    one('/loop:0', { in: [1, 2] }, { each: [1] }),
    one('/loop:1', { in: [1, 2], next: [1] }, { each: [2] }),
    one('', { in: [1, 2], next: [1, 2] }, { done: [1, 2] }),
  ];
  const [line] = linesOfSteps(loop, new Set());
  expect(sumsOf(line!)).toEqual({ in: 2, out: 2, failed: 0 });
  expect(turnsIn(line!)).toBe(2);
});

test('keys go from line to line and past the line of an open group', () => {
  const lines = linesOfSteps(run, new Set(['loop']));
  expect(lines.slice(0, 3).map(({ id }) => id)).toEqual(['start', 'all loop', 'loop/loop:0']);
  expect(lineAfter(lines, 0, 'ArrowDown')).toBe(2);
  expect(lineAfter(lines, 2, 'ArrowUp')).toBe(0);
  expect(lineAfter(lines, 0, 'ArrowUp')).toBe(0);
  expect(lineAfter(lines, 0, 'a')).toBeUndefined();
});

test('iterations whose items failed and went on add up in one line, and one of them speaks for it', () => {
  const steps = [0, 1, 2].map((turn) =>
    stepOf('b', { path: `/l:${turn}`, input: { in: [1, 2] }, ...(turn < 2 ? { failed: turn + 1 } : {}) }),
  );
  const [line] = linesOfSteps(steps, new Set());
  expect(sumsOf(line!).failed).toBe(3);
  expect(speakerOf(line!)?.path).toBe('/l:1');
  expect(stepFor(steps, 'b')?.path).toBe('/l:1');
});
