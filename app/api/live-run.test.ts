import { expect, test } from 'vitest';
import { compile } from '../../flow/compile/compile.ts';
import { runFactsFrame } from '../../flow/contract/run-facts.ts';
import { draw } from '../../flow/testing/draw.ts';
import { catalogue } from '../canvas/testing/cards.ts';
import { serverFacts } from './facts.ts';
import { followRun } from './live-run.ts';
import type { Hearing } from './stream.ts';

const compiled = compile(draw('go:start.manual -> nap:control.wait'), catalogue);
const plan = compiled.ok ? compiled.plan : expect.unreachable();
const started = { workflow: { id: 'w', name: 'W', version: 1 }, trigger: { kind: 'manual' }, start: 'go', plan: 'p' };
const facts = [
  [1, 1_000, 'run.started', { ...started, engine: plan.engine, mode: 'live', lane: 'realtime', input: [] }],
  [2, 2_000, 'run.cancelled', { reason: 'enough' }],
];
const row = {
  id: 'run_1',
  workflow: 'w',
  workflowName: 'W',
  version: 1,
  status: 'running',
  trigger: 'manual',
  start: 'go',
  startedAt: '2026-11-21T08:00:00.000Z',
  finishedAt: null,
  durationMs: null,
  needs: [],
};

test('a run that the server has no room to stream is followed by asking, and is over when it is', async () => {
  let known = 1;
  const stood: Hearing[] = [];
  const seen: string[] = [];
  await followRun('run_1', {
    tell: ({ run }) => void seen.push(run.status),
    stand: (hearing) => void stood.push(hearing),
    signal: new AbortController().signal,
    source: {
      ...serverFacts,
      stretch: async (_id, after) =>
        runFactsFrame.parse({ run: row, plan: 'p', upTo: known, facts: facts.slice(after, known) }),
      plan: async () => plan,
      hear: (_id, _after, { stand, signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve());
          known = 2;
          stand('full');
        }),
    },
  });
  expect(stood).toEqual(['full', 'over']);
  expect(seen.at(0)).toBe('running');
  expect(seen.at(-1)).toBe('cancelled');
});
