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

test('of items that failed and went on no step told how many: by the port, unchanged, item by item, and in a loop', async () => {
  const input = [{ n: 1 }, { n: 2, is: 'bad' }, { n: 3, is: 'bad' }];
  const far = farSide((_, count) => httpReply(count % 3 === 0 ? 200 : 400));
  const stepsOf = async (drawing: string, onError: 'port' | 'ignore') => {
    const keys = ['b', 'f'].filter((key) => drawing.includes(`${key}:`));
    const settings = Object.fromEntries(keys.map((key) => [key, { settings: { onError } }]));
    const run = await new InMemoryRun(draw(drawing, settings), { nodes: testNodes, far, input }).play();
    return trace(run.plan, run.facts);
  };
  for (const onError of ['port', 'ignore'] as const) {
    const pure = await stepsOf('a:test.start -> f:test.fail -> c:test.pure', onError);
    expect(pure.find(({ key }) => key === 'f')).toMatchObject({ status: 'finished', failed: 2 });
    expect(pure.filter(({ key }) => key !== 'f').some((one) => 'failed' in one)).toBe(false);
    far.sent.length = 0;
    const sent = (await stepsOf('a:test.start -> b:test.effect -> c:test.pure', onError)).find(
      ({ key }) => key === 'b',
    );
    expect(sent).toMatchObject({ status: 'finished', failed: sent?.faults?.length });
    expect(sent?.error).toMatchObject({ code: 'http.status' });
    const loop = await stepsOf(
      'a:test.start -> l:test.loop\nl.each -> f:test.fail -> l.next\nl.done -> c:test.pure',
      onError,
    );
    const bodies = loop.filter(({ key }) => key === 'f');
    expect(bodies.map(({ path, failed }) => [path, failed])).toEqual([
      ['/l:0', undefined],
      ['/l:1', 1],
      ['/l:2', 1],
    ]);
  }
});
