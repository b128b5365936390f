import { expect, test } from 'vitest';
import type { Workflow } from '../../flow/document/workflow.ts';
import { Budget } from '../../flow/facts/budget.ts';
import { allNodes } from '../../nodes/all.ts';
import { InMemoryRun } from '../engine/testing/in-memory.ts';
import { fillParams } from './fill-params.ts';
import { paramsJob } from './node-job.ts';
import type { ParamsJob } from './protocol.ts';

type Sent = Parameters<typeof fillParams>[0];

/** The job that a request with this address asks for, of all its items. */
async function jobOf(url: string, input: readonly unknown[]): Promise<{ job: ParamsJob; values: readonly unknown[] }> {
  const made = Promise.withResolvers<Awaited<ReturnType<typeof paramsJob>>>();
  const document: Workflow = {
    heddle: 1,
    name: 'One request',
    nodes: [
      { key: 'start', type: 'start.manual' },
      { key: 'node', type: 'connect.http-request', params: { url, text: 'x'.repeat(1_000), method: 'PUT' } },
    ],
    edges: [{ from: 'start', to: 'node' }],
  };
  const params = {
    away: <Value>(wait: () => Promise<Value>) => wait(),
    fill: async (...[call, ready]: Parameters<typeof paramsJob>) => {
      made.resolve(
        paramsJob(
          call,
          ready,
          input.map((_, index) => index),
        ),
      );
      return { filled: [{ params: { url: 'https://example.com/' } }], drawn: 0 };
    },
  };
  await new InMemoryRun(document, { nodes: allNodes, input, params }).play();
  return made.promise;
}

const find = (type: string, version: number) => allNodes.find((node) => node.type === type && node.version === version);
const long = '{{ (() => { let s = 0; for (let i = 0; i < 200000; i++) s += i; return s })() }}';
const limits = { ms: 30_000, bytes: 1_000_000, items: 1_000 };

async function filled(url: string, input: readonly unknown[], budget: Budget) {
  const { job, values } = await jobOf(url, input);
  const sent: Sent = { ...job, limits: budget.limits, values };
  return { job, values, ...fillParams(sent, find, budget) };
}

test('what travels is the items that are asked for and what their expressions make, unless they reach further', async () => {
  const input = [{ n: 1, big: 'x' }, { n: 2 }];
  const near = await filled(`https://example.com/{{ $json.n }}${long}`, input, new Budget(limits, () => 0));
  expect(near.values).toEqual(input);
  expect(near.made).toHaveLength(2);
  expect(near.filled).toEqual([2, 3].map((from) => ({ names: ['url'], values: { from, count: 1 } })));
  const far = await filled(`https://example.com/{{ $input.all().length }}${long}`, input, new Budget(limits, () => 0));
  expect(far.made[0]).toContain('https://example.com/2');
});

test('an item that the budget has no more for ends the job, and is asked for again by itself', async () => {
  const input = [{ n: 1 }, { n: 100_000 }, { n: 1 }];
  const url = `${long}{{ 'x'.repeat($json.n) }}`;
  const some = await filled(url, input, new Budget({ ...limits, bytes: 50_000 }, () => 0));
  expect(some.filled).toHaveLength(1);
  expect(some.used.bytes).toBeLessThan(50_000);
  const alone = await filled(url, input.slice(1), new Budget({ ...limits, bytes: 50_000 }, () => 0));
  expect(alone.filled).toMatchObject([{ fault: { code: 'stage.limit' } }]);
  expect(alone.used.bytes).toBeGreaterThan(50_000);
});

test('a job ends after a moment, with what it has', async () => {
  let now = 0;
  const input = Array.from({ length: 20 }, (_, n) => ({ n }));
  // Each look at the clock is ten milliseconds after the one before.
  const some = await filled(long, input, new Budget(limits, () => (now += 10)));
  expect(some.filled.length).toBeGreaterThan(0);
  expect(some.filled.length).toBeLessThan(5);
});
