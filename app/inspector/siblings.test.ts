import { expect, test } from 'vitest';
import type { Run } from '../../flow/contract/run.ts';
import { sayOf } from './siblings.tsx';

const run = (more: Partial<Run>): Run => ({
  id: 'run_1',
  workflow: 'w',
  version: null,
  status: 'finished',
  trigger: 'manual',
  start: 'go',
  startedAt: '2026-11-29T17:00:00Z',
  finishedAt: null,
  durationMs: null,
  needs: [],
  ...more,
});

test('waiting and failed runs of a draft did not say that they were of a draft', () => {
  const error = { code: 'x', message: 'No answer' };
  expect([
    sayOf(run({ status: 'waiting', needs: [{ kind: 'review' }] })),
    sayOf(run({ status: 'waiting' })),
    sayOf(run({ status: 'failed', error })),
    sayOf(run({ status: 'running' })),
    sayOf(run({ durationMs: 12 })),
    sayOf(run({ status: 'failed', error, version: 2 })),
  ]).toEqual([
    'Waits for an answer · draft',
    'Waits · draft',
    'draft · No answer',
    'Under way · draft',
    '12 ms · draft',
    'No answer',
  ]);
});

test('a retry stood beside the run that it retried without a word', () => {
  const retryOf = 'run_0123456789';
  expect(sayOf(run({ version: 2, durationMs: 12, retryOf }))).toBe('12 ms · Retry of 456789');
  expect(sayOf(run({ status: 'failed', error: { code: 'x', message: 'No answer' }, retryOf }))).toBe(
    'Retry of 456789 · draft · No answer',
  );
});
