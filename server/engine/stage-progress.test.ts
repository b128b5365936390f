import * as z from 'zod';
import { expect, test, vi } from 'vitest';
import { trace } from '../../flow/facts/trace.ts';
import { draw } from '../../flow/testing/draw.ts';
import { defineNode } from '../../nodes/kit/define-node.ts';
import { farSide, InMemoryRun } from './testing/in-memory.ts';
import { testNodes } from './testing/nodes.ts';

/** A node that is at work until it is let go, as code that takes long. */
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
  return { slow, go: () => gate.resolve() };
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
  go();
  await playing;
  const steps = trace(run.plan, run.facts);
  expect(steps.filter(({ status }) => status !== 'finished')).toEqual([]);
  expect(new Set(steps.map(({ id, turns }) => `${id} ${turns !== undefined}`)).size).toBe(steps.length);
});
