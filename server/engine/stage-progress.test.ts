import * as z from 'zod';
import { expect, test, vi } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { trace } from '../../flow/facts/trace.ts';
import { draw } from '../../flow/testing/draw.ts';
import { defineNode } from '../../nodes/kit/define-node.ts';
import { farSide, InMemoryRun } from './testing/in-memory.ts';
import { testNodes } from './testing/nodes.ts';

/** A node that is at work until it is let go or stopped, as code that takes long. */
function slowly() {
  const gate = Promise.withResolvers<void>();
  const slow = defineNode({
    version: 1,
    title: 'Slow',
    icon: 'box',
    summary: 'A node of the tests.',
    examples: [],
    type: 'test.slow',
    params: z.object({}),
    inputs: { in: {} },
    outputs: { out: {} },
    effect: 'pure',
    all: async ({ items }) => {
      await gate.promise;
      return [...items];
    },
  });
  return { slow, go: () => gate.resolve(), stop: () => gate.reject(new Fault('code.timeout', 'too long')) };
}

const told = (run: InMemoryRun) => run.facts.filter(({ type }) => type === 'stage.progressed');
const standing = (run: InMemoryRun) =>
  trace(run.plan, run.facts).map(({ key, path, status, output }) => [`${key}${path}`, status, output['out'] ?? []]);

test('code that took long was shown as the webhook before it: the node at work is told of, and what came before it is done', async () => {
  const { slow, go } = slowly();
  const document = draw('a:test.start -> b:test.pure -> c:test.slow -> d:test.pure');
  const run = new InMemoryRun(document, { nodes: [...testNodes, slow], far: farSide(), input: [{ n: 1 }] });
  expect(run.plan.stages).toHaveLength(1);
  const playing = run.play();
  await vi.waitUntil(() => told(run).length === 1, { timeout: 20_000 });
  expect(standing(run)).toEqual([
    ['a', 'finished', [{ n: 1 }]],
    ['b', 'finished', [{ n: 1, via: 'p' }]],
    ['c', 'running', []],
  ]);
  expect(trace(run.plan, run.facts).at(-1)?.input).toEqual({ in: [{ n: 1, via: 'p' }] });
  const cancelled = [...run.facts, { seq: 3, type: 'run.cancelled', at: run.now, data: { reason: 'enough' } } as const];
  expect(trace(run.plan, cancelled).map(({ key, status }) => [key, status])).toEqual([
    ['a', 'finished'],
    ['b', 'finished'],
    ['c', 'cancelled'],
  ]);
  const crash = { stage: run.plan.stages[0]!.id, path: '', epoch: 1, worker: 'w' };
  const crashed = [...run.facts, { seq: 3, type: 'stage.crashed', at: run.now, data: crash } as const];
  expect(trace(run.plan, crashed).map(({ key, status }) => [key, status])).toEqual([['a', 'running']]);
  go();
  await playing;
  expect(standing(run)).toEqual([
    ['a', 'finished', [{ n: 1 }]],
    ['b', 'finished', [{ n: 1, via: 'p' }]],
    ['c', 'finished', [{ n: 1, via: 'p' }]],
    ['d', 'finished', [{ n: 1, via: 'pp' }]],
  ]);
});

test('in a loop that runs whole in one stage the loop and the node at work in its turn are shown', async () => {
  const { slow, go } = slowly();
  const document = draw(
    'a:test.start -> l:test.loop\nl.each -> b:test.pure -> c:test.slow -> l.next\nl.done -> d:test.pure',
  );
  const run = new InMemoryRun(document, { nodes: [...testNodes, slow], far: farSide(), input: [{ n: 1 }, { n: 2 }] });
  const playing = run.play();
  await vi.waitUntil(() => told(run).length === 1, { timeout: 20_000 });
  const live = trace(run.plan, run.facts).filter(({ status }) => status === 'running');
  expect(live.map(({ key, path, input }) => [key, path, input['in']])).toEqual([
    ['l', '', [{ n: 1 }, { n: 2 }]],
    ['c', '/l:0', [{ n: 1, via: 'p' }]],
  ]);
  // A checkpoint tells of its turns: what was told of them before is not shown beside it, nor as if it went on.
  const { stage } = told(run)[0]!.data as { stage: string };
  const done = { status: 'finished' as const, path: '/l:0', out: { out: { items: [{ n: 1 }] } }, attempt: 1, ms: 1 };
  const kept = ['b', 'c'].map((key) => ({ ...done, key }));
  const data = { stage, path: '', node: 'l', turn: 1, back: [[{ n: 1 }]], kept };
  const reached: StoredFact[] = [
    ...run.facts,
    { seq: run.facts.length + 1, type: 'loop.progressed', at: run.now, data },
  ];
  const inTurn = trace(run.plan, reached).filter(({ path }) => path === '/l:0');
  expect(inTurn.map(({ key, status }) => [key, status])).toEqual([
    ['b', 'finished'],
    ['c', 'finished'],
  ]);
  go();
  await playing;
  const steps = trace(run.plan, run.facts);
  expect(steps.filter(({ status }) => status !== 'finished')).toEqual([]);
  expect(new Set(steps.map(({ id, turns }) => `${id} ${turns !== undefined}`)).size).toBe(steps.length);
});

test.each([
  ['a chain', 'a:test.start -> b:test.pure -> c:test.slow -> d:test.pure', 'c'],
  ['a loop', 'a:test.start -> l:test.loop\nl.each -> b:test.pure -> c:test.slow -> l.next', 'c/l:0'],
])('code of 30 s that ran into its limit was said to have failed after 0 ms: in %s', async (_, drawn, id) => {
  const { slow, stop } = slowly();
  const run = new InMemoryRun(draw(drawn), { nodes: [...testNodes, slow], far: farSide(), input: [{ n: 1 }] });
  const playing = run.play();
  await vi.waitUntil(() => told(run).length === 1, { timeout: 20_000 });
  run.now += 30_000;
  stop();
  await playing;
  // What came before took its time, by another clock than the one that facts are dated by.
  for (const { data } of run.facts) if ('before' in data) for (const record of data.before ?? []) record.ms = 40;
  const steps = trace(run.plan, run.facts);
  const [failed] = steps.filter((step) => step.id === id);
  expect((failed?.finishedAt ?? 0) - (failed?.startedAt ?? 0)).toBeGreaterThanOrEqual(29_990);
  // What came before it was over before it began; what its loop took is known too.
  for (const { key, startedAt, finishedAt } of steps.filter(({ turns }) => turns === undefined))
    if (key === 'b') expect([startedAt, finishedAt].every((at) => at !== null && at <= failed!.startedAt!)).toBe(true);
  for (const { key, startedAt } of steps) expect([key, startedAt]).not.toEqual(['l', null]);
});
