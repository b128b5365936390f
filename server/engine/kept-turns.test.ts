import { expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import { trace } from '../../flow/facts/trace.ts';
import { draw } from '../../flow/testing/draw.ts';
import { KeptTurns, mostKept } from './kept-turns.ts';
import { farSide, httpReply, InMemoryRun } from './testing/in-memory.ts';
import type { PlayOptions } from './testing/in-memory.ts';
import { testNodes } from './testing/nodes.ts';

const drawn = draw('a:test.start -> l:test.loop\nl.each -> b:test.pure -> l.next\nl.done -> c:test.pure');
const numbers = (many: number) => Array.from({ length: many }, (_, n) => ({ n }));
const play = (many: number, options: Partial<PlayOptions> = {}, document = drawn) =>
  new InMemoryRun(document, { nodes: testNodes, input: numbers(many), ...options }).play();
const stepsOf = (run: InMemoryRun) => trace(run.plan, run.facts);

test('after two turns the body said that nothing came in: a run by hand keeps what went in and out of each', async () => {
  const steps = stepsOf(await play(2));
  const body = steps.filter(({ key, turns }) => key === 'b' && !turns);
  expect(body.map(({ path, input, output }) => [path, input, output])).toEqual([
    ['/l:0', { in: [{ n: 0 }] }, { out: [{ n: 0, via: 'p' }] }],
    ['/l:1', { in: [{ n: 1 }] }, { out: [{ n: 1, via: 'p' }] }],
  ]);
  const whole = steps.find(({ key, turns }) => key === 'b' && turns);
  expect(whole).toMatchObject({
    status: 'finished',
    turns: [
      { at: '/l:0', in: 1 },
      { at: '/l:1', in: 1 },
    ],
  });
});

test('after a thousand turns the body was called skipped: a checkpoint takes the counts with it', async () => {
  const run = await play(1_000);
  expect(run.facts.filter(({ type }) => type === 'loop.progressed')).toHaveLength(1);
  const steps = stepsOf(run);
  const body = steps.find(({ key, turns }) => key === 'b' && turns);
  expect(body?.status).toBe('finished');
  expect(body?.turns).toHaveLength(1_000);
  expect(steps.find(({ key, turns }) => key === 'l' && turns)?.turns).toHaveLength(1_000);
  expect(steps.filter(({ key, turns }) => key === 'b' && !turns)).toHaveLength(1_000);
});

test('a run that nobody started by hand keeps counts alone, unless the settings of its workflow ask for the data', async () => {
  const published = await play(3, { mode: 'live', trigger: 'webhook' });
  expect(published.facts.some(({ data }) => 'kept' in data)).toBe(false);
  expect(stepsOf(published).filter(({ key }) => key === 'b')).toMatchObject([
    { turns: [{ in: 1 }, { in: 1 }, { in: 1 }] },
  ]);
  const asked = await play(3, { mode: 'live', trigger: 'webhook' }, { ...drawn, settings: { iterations: 'data' } });
  expect(stepsOf(asked).filter(({ key, turns }) => key === 'b' && !turns)).toHaveLength(3);
});

test('a published version started by hand kept counts alone: who starts it decides, not whether it is a draft', async () => {
  const byHand = await play(3, { mode: 'live', trigger: 'manual' });
  const body = stepsOf(byHand).filter(({ key, turns }) => key === 'b' && !turns);
  expect(body.map(({ input }) => input)).toEqual([{ in: [{ n: 0 }] }, { in: [{ n: 1 }] }, { in: [{ n: 2 }] }]);
});

test('a turn that fails names its node and its turn, and shows what went in', async () => {
  const failing = draw('a:test.start -> l:test.loop\nl.each -> b:test.pure -> f:test.fail -> l.next');
  const run = await play(0, { input: [{ n: 0 }, { n: 1, is: 'bad' }, { n: 2 }] }, failing);
  expect(run.state.failing).toMatchObject({ node: 'f' });
  const failed = stepsOf(run).find(({ status }) => status === 'failed');
  expect(failed).toMatchObject({ key: 'f', path: '/l:1', input: { in: [{ n: 1, is: 'bad' }] } });
  expect(stepsOf(run).find(({ key, turns }) => key === 'b' && turns)?.turns).toHaveLength(2);
});

test('a published run said that nothing came into the turn that failed, and that it took as long as the run: that turn is kept', async () => {
  const failing = draw('a:test.start -> d:test.effect -> l:test.loop\nl.each -> b:test.pure -> f:test.fail -> l.next', {
    d: { settings: { retry: { times: 2, wait: '1m' } } },
  });
  let calls = 0;
  const far = farSide(() => {
    if (calls++ === 0) throw new Fault('http.status', 'busy', { done: 'no' });
    return httpReply();
  });
  const input = [{ n: 0 }, { n: 1, is: 'bad' }, { n: 2 }];
  const run = await play(0, { input, mode: 'live', trigger: 'webhook', far }, failing);
  const failed = stepsOf(run).find(({ status }) => status === 'failed');
  expect(failed).toMatchObject({ key: 'f', path: '/l:1', input: { in: [{ n: 1, is: 'bad' }] } });
  expect(failed!.startedAt! - run.state.startedAt).toBeGreaterThan(30_000);
  expect(stepsOf(run).filter(({ key, turns }) => key === 'b' && !turns)).toHaveLength(1);
});

test('what is kept has a bound: the oldest turns go first, and checkpoints that used it up keep no more', () => {
  const record = (size: number) => [
    { key: 'b', path: '', status: 'finished' as const, out: { out: { items: ['x'.repeat(size)] } }, attempt: 1 },
  ];
  const many = new KeptTurns(0);
  for (let turn = 0; turn < 1_200; turn++) many.add(`/l:${turn}`, record(1));
  expect(many.all()).toHaveLength(1_000);
  const large = new KeptTurns(0);
  for (let turn = 0; turn < 20; turn++) large.add(`/l:${turn}`, record(1_000_000));
  expect(large.all()).toHaveLength(15);
  const later = new KeptTurns(mostKept);
  later.add('/l:1000', record(10));
  expect([later.told(), later.all().length]).toEqual([{}, 1]);
});
