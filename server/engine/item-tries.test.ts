import { expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import { trace } from '../../flow/facts/trace.ts';
import { draw } from '../../flow/testing/draw.ts';
import { farSide, httpReply, InMemoryRun } from './testing/in-memory.ts';
import { testNodes } from './testing/nodes.ts';

test('a node whose items were tried again looked as if it had gone at once: its step tells the attempts, and took them all', async () => {
  let calls = 0;
  const far = farSide(() => {
    calls++;
    if (calls < 3) throw new Fault('http.status', 'busy', { done: 'no' });
    return httpReply();
  });
  const document = draw('a:test.start -> b:test.effect', { b: { settings: { retry: { times: 5, wait: '10s' } } } });
  const run = await new InMemoryRun(document, { nodes: testNodes, far }).play();
  const step = trace(run.plan, run.facts).find(({ key }) => key === 'b');
  expect(step).toMatchObject({ status: 'finished', tries: 3 });
  expect(step!.finishedAt! - step!.startedAt!).toBeGreaterThan(15_000);
  const plain = await new InMemoryRun(document, { nodes: testNodes }).play();
  expect(trace(plain.plan, plain.facts).some((one) => 'tries' in one)).toBe(false);
});
