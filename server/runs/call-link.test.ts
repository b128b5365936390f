import { expect, test } from 'vitest';
import { copyOf, emptyState } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { Actor } from '../engine/actor.ts';
import type { Engine } from '../engine/engine.ts';
import { openLinkedRuns } from './call-link.ts';
import type { LinkPlace } from './call-link.ts';

const MB = 1024 * 1024;
const place: LinkPlace = {
  workspace: 'ws_1',
  run: 'run_1',
  stage: 's1',
  path: '',
  node: 'wait',
  seq: 5,
  bytes: 7 * MB,
};

/** Runs that are in no memory, or only in it: counts what is read. */
function engineOf(stateOf: () => Partial<RunState>, inMemory = false) {
  const counted = { reads: 0, now: 0 };
  const actor = () => ({ state: { ...copyOf(emptyState), ...stateOf() } }) as Actor;
  const engine = {
    known: () => (inMemory ? actor() : undefined),
    actor: async () => {
      counted.reads++;
      await new Promise((resolve) => setImmediate(resolve));
      return actor();
    },
  } as unknown as Engine;
  return { counted, linked: openLinkedRuns(engine, { now: () => counted.now }) };
}

const statuses = async (asked: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(asked)).map((one) => (one.status === 'fulfilled' ? 200 : one.reason.status));

test('what a link says is worked out once for each fact of its run, however many ask and however often', async () => {
  const { counted, linked } = engineOf(() => ({ seq: 5 }));
  for (let round = 0; round < 20; round++)
    expect(new Set(await statuses(Array.from({ length: 50 }, () => linked.mayBeCalled(place))))).toEqual(
      new Set([200]),
    );
  expect(counted.reads).toBe(1);
  await linked.mayBeCalled({ ...place, seq: 6 }).catch(() => undefined);
  expect(counted.reads).toBe(2);
});

test('a large run is read for its links a few times at once, and then as its bytes allow; another run is not held up by it', async () => {
  const { counted, linked } = engineOf(() => ({ seq: 100 }));
  const goesOn = (from: number) =>
    Array.from({ length: 20 }, (_, n) => linked.mayBeCalled({ ...place, seq: from + n }));
  expect((await statuses(goesOn(100))).filter((status) => status === 429).length).toBe(20 - 9);
  expect(counted.reads).toBe(9);
  expect(await statuses([linked.mayBeCalled({ ...place, run: 'run_2' })])).toEqual([200]);
  counted.now += 7_000;
  expect((await statuses(goesOn(200))).filter((status) => status === 200).length).toBe(1);
  // A refusal is not what the link says: who asks again is judged.
  counted.now += 60_000;
  expect(await statuses([linked.mayBeCalled({ ...place, seq: 219 })])).toEqual([200]);
});

test('small runs, and those in memory, are read as often as they go on', async () => {
  const { linked } = engineOf(() => ({ seq: 1_000 }));
  const small = Array.from({ length: 500 }, (_, n) => linked.mayBeCalled({ ...place, bytes: 20_000, seq: n }));
  expect(new Set(await statuses(small))).toEqual(new Set([200]));
  const here = engineOf(() => ({ seq: 1_000 }), true);
  const large = Array.from({ length: 500 }, (_, n) => here.linked.mayBeCalled({ ...place, seq: n }));
  expect(new Set(await statuses(large))).toEqual(new Set([200]));
});

test('what memory has ahead of the journal is said, and not kept: it may never come to be', async () => {
  const called = new Map([['s1@', { called: { value: 1 }, calls: new Map() }]]) as never;
  let state: Partial<RunState> = { seq: 6, instances: called };
  const { linked } = engineOf(() => state, true);
  expect(await statuses([linked.mayBeCalled(place)])).toEqual([409]);
  state = { seq: 5 };
  expect(await statuses([linked.mayBeCalled(place)])).toEqual([200]);
});
