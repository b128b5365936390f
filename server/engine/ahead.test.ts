import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { draw } from '../../flow/testing/draw.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import type { Actor } from './actor.ts';
import { farSide } from './testing/in-memory.ts';
import { openTestEngine } from './testing/test-engine.ts';
import type { TestEngine } from './testing/test-engine.ts';

let base: TestDatabase;
let process: TestEngine;
beforeAll(async () => {
  base = await createTestDatabase();
  process = await openTestEngine({ url: base.url, far: farSide() });
});
afterAll(async () => {
  await process[Symbol.asyncDispose]();
  await base[Symbol.asyncDispose]();
});

/** What a run came to, but for its own names, the times, and how long each node took. */
async function told({ run }: Actor): Promise<unknown> {
  const plain = (fact: StoredFact) =>
    JSON.stringify({ ...fact, at: 0 }, (key, value: unknown) => (key === 'ms' || key === 'at' ? 0 : value));
  return (await process.facts(run)).map((fact) => plain(fact).replaceAll(run, 'run'));
}

const stored = async ({ run }: Actor) => {
  const [row] = await process.ledger.sql`select status, seq from runs where id = ${run}`;
  return row;
};

const items = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));
const pattern = { params: { fields: [{ name: 'link', type: 'string', value: '{{ $step.resumeUrl }}' }] } };

test.each([
  ['a pure chain', 'a:test.start -> b -> c', true],
  ['branches that join', 'a:test.start -> b:test.two\nb.a -> c -> j\nb.b -> j', true],
  ['a branch that nothing took', 'a:test.start -> b:test.empty -> c -> d', true],
  ['a node that fails', 'a:test.start -> b -> c:test.fail', false],
  ['a reply', 'a:test.start -> b -> c:test.respond', true],
  ['a stop', 'a:test.start -> b -> s:test.stop -> c', true],
  ['an effect after it', 'a:test.start -> b -> c:test.effect -> d', false],
  ['a loop in one stage', 'a:test.start -> l:test.loop\nl.each -> b -> l.next\nl.done -> d', false],
  ['a link to itself', 'a:test.start -> s:data.set -> w:test.called', false],
])(
  '%s is told by the same facts, whether its first stage goes with the start or after it',
  async (_, drawing, isOver) => {
    const document = draw(drawing, drawing.includes('data.set') ? { s: pattern } : {});
    const more = { input: items(3), vars: {} };
    const begin = () => process.start(document, { ...more, isAwaited: true });
    let ahead = await begin();
    // Code that was never run before, or a collection of garbage, may be more than a moment's work.
    for (let tries = 1; isOver && !ahead.settled.isOver && tries < 5; tries++) ahead = await begin();
    // What was awaited is durable when the start is.
    if (isOver) expect([ahead.settled.isOver, (await stored(ahead))?.['status']]).toEqual([true, 'finished']);
    const after = await process.start(document, more);
    if (drawing.includes('called')) {
      // Both wait for their call, which never comes.
      for (const actor of [ahead, after]) while (!actor.isIdle) await new Promise((resolve) => setImmediate(resolve));
    } else await Promise.all([ahead.whenOver(), after.whenOver()]);
    const links = (facts: unknown) =>
      JSON.stringify(facts).replaceAll(/http:\/\/test[^"\\]*|"hash\\*":\\*"[^"\\]*/g, 'link');
    expect(links(await told(ahead))).toEqual(links(await told(after)));
    expect(await stored(ahead)).toEqual(await stored(after));
    const left = await process.ledger
      .sql`select stage, state from stages where run in ${process.ledger.sql([ahead.run, after.run])}`;
    expect(left.length).toBe(drawing.includes('called') ? 2 : 0);
    expect(process.broken).toEqual([]);
  },
);

test('time that went by on a machine that is busy with others is no work: a pure start goes with its first stage all the same', async () => {
  const real = performance.now.bind(performance);
  let asked = 0;
  using _ = vi.spyOn(performance, 'now').mockImplementation(() => real() + 50 * ++asked);
  const actor = await process.start(draw('a:test.start -> b -> c'), { input: items(3), vars: {}, isAwaited: true });
  expect(actor.settled.isOver).toBe(true);
});

test('a first stage that is more than a moment’s work starts again after its start is stored', async () => {
  const loop = '{{ (() => { let n = 0; for (let i = 0; i < 20000; i++) n += i; return n; })() }}';
  const fields = [{ name: 'n', value: loop }];
  const document = draw('a:test.start -> s:data.set', { s: { params: { fields, keep: 'all' } } });
  const actor = await process.start(document, { input: items(100), isAwaited: true });
  expect(actor.settled.isOver).toBe(false);
  await actor.whenOver();
  expect(actor.state.output).toHaveLength(100);
});

test('a start refused for its dedupe key leaves nothing of the stage that was carried out ahead of it', async () => {
  const event = { source: 's', type: 't', data: 1, trigger: 'wf/hook', dedupeKey: 'once' };
  const document = draw('a:test.start -> b');
  const first = await process.start(document, { event: { ...event, id: 'evt_1' }, isAwaited: true });
  const again = process.start(document, { run: 'run_again', event: { ...event, id: 'evt_2' }, isAwaited: true });
  await expect(again).rejects.toMatchObject({ result: { why: 'duplicate', run: first.run } });
  expect(await process.facts('run_again').catch(() => [])).toEqual([]);
  expect(process.engine.carrying).toBe(0);
});
