import { expect, test } from 'vitest';
import type { WireFact } from '../flow/contract/run-facts.ts';
import { fromWire } from '../flow/contract/run-facts.ts';
import { draw } from '../flow/testing/draw.ts';
import { InMemoryRun } from '../server/engine/testing/in-memory.ts';
import { testNodes } from '../server/engine/testing/nodes.ts';
import type { FactSource } from '../app/api/facts.ts';
import type { StoredFact } from '../flow/facts/fact.ts';
import { followRun } from '../app/api/live-run.ts';
import type { Seen } from '../app/api/live-run.ts';

const played = await new InMemoryRun(draw('a:test.start -> b:test.effect -> c:test.effect'), {
  nodes: testNodes,
}).play();
const wire: WireFact[] = played.facts.map(({ seq, at, type, data }) => [seq, at, type, data]);
const { length } = wire;

type Tell = (facts: StoredFact[]) => void;

/** A server that has the first facts, gives stretches of `size`, and whose stream tells what `script` says. */
function server(
  has: number,
  size: number,
  script: (tell: Tell, stand: (now: 'live' | 'broken') => void) => Promise<void>,
) {
  const asked: string[] = [];
  let upTo = has;
  const source: FactSource = {
    stretch: (_, after) => {
      asked.push(`facts ${after}`);
      const facts = wire.slice(after, Math.min(after + size, upTo));
      const run = {
        id: 'r',
        workflow: 'w',
        workflowName: 'W',
        version: null,
        status: 'running' as const,
        trigger: 'manual',
        start: 'hook',
        startedAt: '',
        finishedAt: null,
        durationMs: null,
        needs: [],
      };
      return Promise.resolve({ run, plan: upTo === 0 ? null : 'p', upTo, facts });
    },
    plan: () => {
      asked.push('plan');
      return Promise.resolve(played.plan);
    },
    hear: (_, after, { tell, stand }) => {
      asked.push(`stream ${after()}`);
      return script(tell, stand);
    },
  };
  return { source, asked, grow: (to: number) => void (upTo = to) };
}

async function followed(source: FactSource) {
  let last: Seen | undefined;
  await followRun('r', { source, tell: (seen) => void (last = seen), signal: new AbortController().signal });
  await expect.poll(() => last?.run.finishedAt).toBeTruthy();
  return last!;
}
const facts = (from: number, to = length) => wire.slice(from, to).map(fromWire);

test('a run is read once and then heard: its own doors were asked again and again, four times a second', async () => {
  const { source, asked } = server(2, 10, async (tell) => {
    for (let at = 2; at < length; at++) tell(facts(at, at + 1));
  });
  const seen = await followed(source);
  expect(asked).toEqual(['facts 0', 'plan', 'stream 2']);
  expect(seen.run.workflowName).toBe('W');
  expect(seen.steps.map(({ key, status }) => [key, status])).toEqual([
    ['a', 'finished'],
    ['b', 'finished'],
    ['c', 'finished'],
  ]);
});

test('a run that is over is read in stretches, side by side, and no stream is opened', async () => {
  const { source, asked } = server(length, 2, () => Promise.reject(new Error('Nothing more comes.')));
  const seen = await followed(source);
  expect(seen.facts).toHaveLength(length);
  expect(asked.filter((one) => one.startsWith('facts'))).toHaveLength(Math.ceil(length / 2));
});

test('what a stream lost is asked for, and what it tells twice changes nothing', async () => {
  const given = server(2, 10, async (tell) => {
    given.grow(length - 1);
    tell(facts(1, 2));
    // The fact between got lost.
    tell(facts(3, length - 1));
    await expect.poll(() => given.asked).toContain('facts 2');
    tell(facts(length - 1));
  });
  const seen = await followed(given.source);
  expect(seen.facts.map(({ seq }) => seq)).toEqual(wire.map(([seq]) => seq));
});

test('where no stream comes through, what happened is asked for whenever one was tried', async () => {
  const given = server(2, 10, (_, stand) => {
    given.grow(length);
    stand('broken');
    return Promise.resolve();
  });
  expect((await followed(given.source)).facts).toHaveLength(length);
});

test('a run that waits in the queue has no plan; its first facts bring it', async () => {
  const given = server(0, 10, (tell) => {
    given.grow(length);
    tell(facts(0));
    return Promise.resolve();
  });
  expect((await followed(given.source)).facts).toHaveLength(length);
});
