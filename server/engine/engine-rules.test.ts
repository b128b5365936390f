import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { decide } from '../../flow/facts/decide.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { nodeOf } from '../../flow/facts/items.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { InMemoryRun, farSide, httpReply, play } from './testing/in-memory.ts';
import type { PlayOptions } from './testing/in-memory.ts';
import { processorMs } from '../processor-time.ts';
import { Fenced } from './holding.ts';
import { testNodes } from './testing/nodes.ts';

const pureNode = testNodes.find(({ type }) => type === 'test.pure') as AnyNode;
const S = 'a:test.start';
const run = (drawing: string, options: Partial<PlayOptions> = {}, nodes: Parameters<typeof draw>[1] = {}) =>
  play(draw(drawing, nodes), { nodes: testNodes, ...options });
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));
const via = (output: readonly unknown[] | undefined) => output?.map((item) => (item as { via?: string }).via ?? '');

describe('chains, branches and joins (E6, E27)', () => {
  test('a chain of pure nodes is one stage and ends in two facts after the start', async () => {
    const done = await run(`${S} -> b -> c -> d`);
    expect(done.plan.stages).toHaveLength(1);
    expect(done.facts.map((fact) => fact.type)).toEqual(['run.started', 'stage.finished', 'run.finished']);
    expect(via(done.state.output)).toEqual(['ppp']);
  });

  test('a branch that got nothing is skipped, and so is what follows it', async () => {
    const done = await run(`${S} -> b:test.two\nb.a -> c\nb.b -> d -> e:test.effect`, { input: items(1) });
    expect(done.state.ended?.status).toBe('finished');
    expect(via(done.state.output)).toEqual(['p']);
    expect(done.facts.filter((fact) => fact.type === 'stage.skipped').flatMap((fact) => fact.data.stages)).toHaveLength(
      2,
    );
  });

  test('a join waits for every branch and joins the lists in edge order', async () => {
    const done = await run(`${S} -> b:test.two\nb.a -> slow:test.idempotent -> j\nb.b -> j`, {
      input: items(4),
      far: farSide(),
    });
    expect(via(done.state.output)).toEqual(['ip', 'ip', 'p', 'p']);
  });

  test('a join with one skipped branch runs with the other', async () => {
    const done = await run(`${S} -> b:test.two\nb.a -> c:test.idempotent -> j\nb.b -> d:test.idempotent -> j`, {
      input: items(1),
      far: farSide(),
    });
    expect(via(done.state.output)).toEqual(['ip']);
  });

  test('a node set to run on empty runs on a list delivered empty, not on a branch that was skipped', async () => {
    const ran = await run(`${S} -> b:test.empty -> c:test.count`);
    expect(ran.state.output).toEqual([{ count: 0 }]);
    const skipped = await run(`${S} -> b:test.empty -> x -> c:test.count`);
    expect(skipped.state.output).toEqual([]);
  });

  test('a port that takes the first runs once, with the first delivery', async () => {
    const done = await run(`${S} -> b:test.wait -> f:test.join-first\na -> c:test.idempotent -> f`, { far: farSide() });
    expect(via(done.state.output)).toEqual(['if']);
    expect(
      done.facts.filter((fact) => fact.type === 'stage.finished' && fact.data.nodes.some((node) => node.key === 'f')),
    ).toHaveLength(1);
  });

  test('a disabled node passes its items on and does nothing', async () => {
    const far = farSide();
    const done = await run(`${S} -> b:test.effect -> c`, { far }, { b: { settings: { disabled: true } } });
    expect(far.sent).toHaveLength(0);
    expect(via(done.state.output)).toEqual(['p']);
  });

  test('a second start that did not start the run is skipped with its branch', async () => {
    const done = await run(`${S} -> j\nb:test.start -> x -> j`, { start: 'a' });
    expect(via(done.state.output)).toEqual(['p']);
  });

  test('pins stand in for a node', async () => {
    const far = farSide();
    const done = await run(`${S} -> b:test.effect -> c`, { far, pins: { b: { out: [{ pinned: true }] } } });
    expect(done.state.output).toEqual([{ pinned: true, via: 'p' }]);
    expect(far.sent).toHaveLength(0);
  });
});

describe('loops (E7)', () => {
  test('a loop with a pure body runs whole in one stage', async () => {
    const done = await run(
      `${S} -> l:test.loop\nl.each -> b -> l.next\nl.done -> c`,
      { input: items(5) },
      { l: { params: { size: 2 } } },
    );
    expect(done.plan.stages.map((stage) => stage.kind)).toEqual(['nodes', 'turns', 'nodes']);
    expect(via(done.state.output)).toEqual(['pp', 'pp', 'pp', 'pp', 'pp']);
    const turns = done.facts.find((fact) => fact.type === 'stage.finished' && fact.data.stage === 's2');
    expect(turns).toMatchObject({
      data: { nodes: [{ key: 'l' }, { key: 'b', turns: [{ in: 2 }, { in: 2 }, { in: 1 }] }] },
    });
  });

  test('a loop with effects in its body goes a turn at a time, in turn order', async () => {
    const far = farSide();
    const done = await run(`${S} -> l:test.loop\nl.each -> b:test.effect -> l.next\nl.done -> c`, {
      input: items(3),
      far,
    });
    expect(done.plan.stages.map((stage) => stage.kind)).toEqual(['nodes', 'loop', 'nodes', 'nodes']);
    expect(far.sent.map((request) => request.body)).toEqual(['{"n":0}', '{"n":1}', '{"n":2}']);
    expect(via(done.state.output)).toEqual(['ep', 'ep', 'ep']);
  });

  test('loops nest, with and without effects', async () => {
    const nested = `${S} -> l:test.loop\nl.each -> m:test.loop\nm.each -> b:KIND -> m.next\nm.done -> l.next\nl.done -> c`;
    for (const kind of ['test.pure', 'test.idempotent']) {
      const done = await run(
        nested.replace('KIND', kind),
        { input: items(4), far: farSide() },
        { l: { params: { size: 2 } } },
      );
      expect(via(done.state.output)).toEqual(Array(4).fill(kind === 'test.pure' ? 'pp' : 'ip'));
    }
  });

  test('a repeat goes on until its end and waits between tries', async () => {
    const done = await run(
      `${S} -> r:test.repeat\nr.try -> b:test.idempotent -> r.next\nr.done -> c`,
      { far: farSide() },
      { r: { params: { turns: 3, waitMs: 60_000 } } },
    );
    expect(via(done.state.output)).toEqual(['iiip']);
    expect(done.now).toBeGreaterThanOrEqual(1_000_000 + 120_000);
    const pure = await run(
      `${S} -> r:test.repeat\nr.try -> b -> r.next\nr.done -> c`,
      {},
      { r: { params: { turns: 3, waitMs: 60_000 } } },
    );
    expect(via(pure.state.output)).toEqual(['pppp']);
  });

  test('a branch inside a body that is not taken settles the turn', async () => {
    const done = await run(
      `${S} -> l:test.loop\nl.each -> t:test.two\nt.a -> b:test.idempotent -> l.next\nt.b -> x:test.effect -> l.next\nl.done -> c`,
      { input: items(2), far: farSide() },
    );
    expect(via(done.state.output)).toEqual(['ip', 'ip']);
  });
});

describe('effects, retries and errors (E8-E11)', () => {
  test('every item has its own key, the same in the journal and on the wire', async () => {
    const far = farSide();
    await run(`${S} -> b:test.effect`, { input: items(3), far });
    expect(new Set(far.sent.map((request) => request.headers?.['idempotency-key'])).size).toBe(3);
  });

  test('an answer that counts as failed leaves by error and is not sent again', async () => {
    const far = farSide((request, count) => {
      if (count === 1) throw new Fault('http.reset', 'reset', { done: 'unknown' });
      return httpReply();
    });
    const done = await run(
      `${S} -> b:test.effect`,
      {
        input: items(2),
        far,
        answer: ({ instances }) =>
          [...instances.values()].flatMap(({ stage, path, items: all }) =>
            [...all].flatMap(([item, { state }]): Fact[] => {
              const data = { stage, path, node: 'b', item, answer: 'fail' as const };
              return state === 'in-doubt' ? [{ type: 'doubt.answered', at: 1_000_001, data }] : [];
            }),
          ),
      },
      { b: { settings: { onError: 'port' } } },
    );
    expect(done.state.ended?.status).toBe('finished');
    expect(far.sent).toHaveLength(2);
    expect(done.state.outputs.get('b@')?.record.out['error']).toMatchObject({ items: [{ item: { n: 0 } }] });
  });

  test('a slow item holds up no other: the window slides, and never holds more than it may', async () => {
    const slow = Promise.withResolvers<void>();
    const far = farSide(async (_request, count) => {
      if (count === 1) await slow.promise;
      // All others have gone out while the first is still on its way.
      if (count === 7) slow.resolve();
      return httpReply();
    });
    const done = await run(`${S} -> b:test.effect`, { input: items(7), far }, { b: { settings: { concurrency: 3 } } });
    expect(done.state.ended?.status).toBe('finished');
    let open = 0;
    for (const fact of done.facts) {
      if (fact.type === 'step.intended') open += fact.data.items.length;
      if (fact.type === 'step.answered') open--;
      expect(open).toBeLessThanOrEqual(3);
    }
  });

  test('intents of the first window are committed together before anything is sent, each next one as one ends', async () => {
    const done = await run(
      `${S} -> b:test.effect`,
      { input: items(5), far: farSide() },
      { b: { settings: { concurrency: 2 } } },
    );
    expect(done.facts.flatMap((fact) => (fact.type === 'step.intended' ? [fact.data.items] : []))).toEqual([
      [0, 1],
      [2],
      [3],
      [4],
    ]);
  });

  test('a known failure is tried again as often as the author set, then the run fails', async () => {
    const far = farSide(() => httpReply(500));
    const done = await run(
      `${S} -> b:test.effect -> c`,
      { far },
      { b: { settings: { retry: { times: 2, wait: '10s' } } } },
    );
    expect(far.sent).toHaveLength(3);
    expect(done.state.ended?.status).toBe('failed');
    expect(done.facts.at(-1)).toMatchObject({
      type: 'run.failed',
      data: { fault: { code: 'http.status', node: 'b' } },
    });
  });

  test('without a retry set nothing is sent twice', async () => {
    const far = farSide(() => httpReply(500));
    await run(`${S} -> b:test.effect`, { far });
    expect(far.sent).toHaveLength(1);
  });

  test('an unknown outcome of an effect is in doubt: nothing repeats it, and the run waits', async () => {
    const far = farSide(() => {
      throw new Fault('http.reset', 'reset', { done: 'unknown' });
    });
    const done = await run(`${S} -> b:test.effect -> c\na -> d`, { far }, { b: { settings: { retry: { times: 5 } } } });
    expect(far.sent).toHaveLength(1);
    expect(done.state.ended).toBeUndefined();
    expect(done.facts.some((fact) => fact.type === 'step.in-doubt')).toBe(true);
  });

  test.each([
    ['sent', 1, 'finished', ['p']],
    ['again', 2, 'finished', ['ep']],
    ['fail', 1, 'failed', undefined],
  ] as const)('the answer %s settles a doubt', async (answer, sent, status, output) => {
    const far = farSide((_, count) => {
      if (count === 1) throw new Fault('http.reset', 'reset', { done: 'unknown' });
      return httpReply();
    });
    const done = await run(`${S} -> b:test.effect -> c`, {
      far,
      answer: (state) =>
        [...state.instances.values()]
          .filter((one) => one.node === 'b')
          .map((one) => ({
            type: 'doubt.answered',
            at: state.at,
            data: { stage: one.stage, path: one.path, node: 'b', item: 0, answer },
          })),
    });
    expect(far.sent).toHaveLength(sent);
    expect(done.state.ended?.status).toBe(status);
    expect(output === undefined ? undefined : via(done.state.output)).toEqual(output);
  });

  test('an idempotent node sends again by itself with the same key', async () => {
    const far = farSide((_, count) => {
      if (count === 1) throw new Fault('http.reset', 'reset', { done: 'unknown' });
      return httpReply();
    });
    const done = await run(`${S} -> b:test.idempotent`, { far }, { b: { settings: { retry: { times: 1 } } } });
    expect(done.state.ended?.status).toBe('finished');
    expect(new Set(far.sent.map((request) => request.headers?.['idempotency-key'])).size).toBe(1);
  });

  test('under onError port the failing item leaves by error, the others go on', async () => {
    const done = await run(
      `${S} -> b:test.fail\nb.out -> c\nb.error -> d`,
      { input: [{ n: 1 }, { n: 'bad' }, { n: 3 }] },
      { b: { settings: { onError: 'port' } } },
    );
    expect(done.state.ended?.status).toBe('finished');
    expect(done.state.output).toEqual([
      { n: 1, via: 'kp' },
      { n: 3, via: 'kp' },
      {
        error: { code: 'data.invalid', message: 'this item is bad', node: 'b', attempt: 1 },
        item: { n: 'bad' },
        via: 'p',
      },
    ]);
  });

  test('under onError ignore the failing item leaves unchanged', async () => {
    const done = await run(
      `${S} -> b:test.effect -> c`,
      { far: farSide(() => httpReply(500)) },
      { b: { settings: { onError: 'ignore' } } },
    );
    expect(done.state.output).toEqual([{ n: 1, via: 'p' }]);
  });

  test('tries are used up before an item leaves by error', async () => {
    const far = farSide(() => httpReply(503));
    const done = await run(
      `${S} -> b:test.effect\nb.out -> c\nb.error -> d`,
      { far },
      { b: { settings: { onError: 'port', retry: { times: 2 } } } },
    );
    expect(far.sent).toHaveLength(3);
    expect(done.state.output).toMatchObject([{ error: { code: 'http.status', attempt: 3 } }]);
  });

  test('when a run fails no new stage starts', async () => {
    const far = farSide();
    const done = await run(`${S} -> b:test.fail -> c:test.effect\na -> w:test.wait -> d:test.effect`, {
      input: [{ n: 'bad' }],
      far,
    });
    expect(done.state.ended?.status).toBe('failed');
    expect(far.sent).toHaveLength(0);
  });
});

describe('waits, reviews, stops (E12, E13)', () => {
  test('a wait holds nothing and goes on when it is due, with the stage clock unchanged', async () => {
    const done = await run(`${S} -> b:test.wait -> c`);
    expect(done.facts.map((fact) => fact.type)).toEqual([
      'run.started',
      'stage.finished',
      'call.suspended',
      'timer.due',
      'stage.finished',
      'stage.finished',
      'run.finished',
    ]);
    expect(done.now).toBe(1_005_000);
  });

  test('a review waits for a person and then goes the way that was chosen', async () => {
    const done = await run(`${S} -> b:test.ask\nb.yes -> c\nb.no -> d:test.effect`, {
      answer: (state) =>
        [...state.instances.values()]
          .filter((one) => one.node === 'b' && !one.ending)
          .map((one) => ({
            type: 'call.answered',
            at: state.at,
            data: {
              stage: one.stage,
              path: one.path,
              node: 'b',
              call: '0',
              op: 'review.ask',
              hash: one.calls.get('0')?.hash ?? '',
              value: { choice: 'yes', values: {} },
            },
          })),
    });
    expect(via(done.state.output)).toEqual(['p']);
  });

  test('calls answered before a failure that is tried again are not sent twice', async () => {
    const far = farSide((request, count) => {
      if (count === 2) throw new Fault('http.refused', 'refused', { done: 'no' });
      return httpReply(200, { url: request.url });
    });
    const done = await run(`${S} -> b:test.calls`, { far }, { b: { settings: { retry: { times: 1 } } } });
    expect(done.state.ended?.status).toBe('finished');
    expect(far.sent.filter((request) => request.url === 'http://far/0')).toHaveLength(1);
  });

  test('respond gives the reply and the output', async () => {
    const done = await run(`${S} -> b -> r:test.respond\na -> w:test.wait`);
    expect(done.state.reply).toMatchObject({ status: 200, body: { n: 1, via: 'p' }, node: 'r' });
    expect(done.state.output).toEqual([{ n: 1, via: 'p' }]);
  });

  test('stop ends the run early, or fails it', async () => {
    const early = await run(`${S} -> s:test.stop\na -> w:test.wait -> e:test.effect`);
    expect(early.state.ended?.status).toBe('finished');
    const failed = await run(`${S} -> s:test.stop`, {}, { s: { params: { as: 'error' } } });
    expect(failed.state.failing).toMatchObject({ code: 'stop.author', message: 'stopped here' });
  });
});

test('an effect that happened and whose answer could not be used is not sent again, whatever the author set', async () => {
  const far = farSide(() => {
    throw new Fault('http.too-large', 'too much', { done: 'yes' });
  });
  const done = await run(`${S} -> b:test.effect`, { far }, { b: { settings: { retry: { times: 5 } } } });
  expect(far.sent).toHaveLength(1);
  expect(done.state.ended?.status).toBe('failed');
});

test('E5: the clock is looked at straight before the first byte: past the fence nothing is sent, and goes out once when the claim is renewed', async () => {
  for (const fencedAt of [1, 2]) {
    const far = farSide();
    let looks = 0;
    const lastLook = () => {
      if (++looks === fencedAt) throw new Fenced();
      if (looks < fencedAt) expect(far.sent).toHaveLength(0);
    };
    const run = await play(draw('a:test.start -> b:test.effect -> c'), { nodes: testNodes, far, lastLook });
    expect(run.state.ended?.status).toBe('finished');
    expect(far.sent).toHaveLength(1);
    expect(looks).toBeGreaterThan(fencedAt);
  }
});

test('E17: a node that this build lacks makes its stage wait, and a build that has it goes on when told to look again', async () => {
  const document = draw('a:test.start -> b -> c:test.effect -> d');
  const without = await play(document, { nodes: testNodes, far: farSide(), lacks: 'test.effect' });
  expect(without.state.ended).toBeUndefined();
  const [need] = decide(without.plan, without.state).needs;
  expect(need).toMatchObject({ kind: 'missing-node', node: 'c', details: { type: 'test.effect', version: 1 } });
  const far = farSide();
  const updated = new InMemoryRun(document, { nodes: testNodes, far });
  updated.resume(without.facts);
  await updated.play();
  expect(far.sent).toHaveLength(0);
  const place = { stage: nodeOf(updated.plan, 'c').stage, path: '', node: 'c' };
  updated.append([{ type: 'doubt.answered', at: updated.now, data: { ...place, answer: 'again' } }]);
  await updated.play();
  expect([updated.state.ended?.status, far.sent.length]).toEqual(['finished', 1]);
});

test('a missing node inside a stage of several was told by the name of the first; counted as failed, it was called quarantined', async () => {
  const document = draw('a:test.start -> b -> c -> d');
  const run = new InMemoryRun(document, { nodes: testNodes, far: farSide(), lacks: 'test.pure' });
  await run.play();
  const [need] = decide(run.plan, run.state).needs;
  expect(run.plan.stages[0]?.nodes[0]).toBe('a');
  expect(need).toMatchObject({ kind: 'missing-node', step: 'b', node: 'b' });
  const place = { stage: nodeOf(run.plan, 'b').stage, path: '', node: 'b' };
  run.append([{ type: 'doubt.answered', at: run.now, data: { ...place, answer: 'fail' } }]);
  await run.play();
  expect([run.state.ended?.status, run.state.failing?.code]).toEqual(['failed', 'node.missing']);
});

test.each([
  ['in a row', 'a:test.start -> b -> c -> d', 2],
  ['in one turn of a loop', 'a:test.start -> l:test.loop\nl.each -> b -> c -> d -> l.next\nl.done -> e', 3],
])('E4: a stage of long pure nodes %s lets others have their turn between them', async (_, drawing, least) => {
  const spinning: AnyNode = {
    ...pureNode,
    each: ({ item }) => {
      for (const end = processorMs() + 12; processorMs() < end;);
      return item;
    },
  };
  let pauses = 0;
  const nodes = [...testNodes.filter(({ type }) => type !== 'test.pure'), spinning];
  await play(draw(drawing), { nodes, pause: () => void pauses++ });
  expect(pauses).toBeGreaterThanOrEqual(least);
});
