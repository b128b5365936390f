import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Workflow } from '../../flow/document/workflow.ts';
import { Budget, TooLong } from '../../flow/facts/budget.ts';
import type { Used } from '../../flow/facts/budget.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { isObject } from '../../flow/document/json.ts';
import { allNodes } from '../../nodes/all.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import type { Carriage } from '../engine/carriage.ts';
import { mayLeave } from '../engine/stage-budget.ts';
import { generatedGraph } from '../engine/testing/graphs.ts';
import { InMemoryRun } from '../engine/testing/in-memory.ts';
import type { PlayOptions } from '../engine/testing/in-memory.ts';
import { testNodes } from '../engine/testing/nodes.ts';
import { Failed, faultRecordOf } from '../../nodes/kit/fault-record.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { processorMs } from '../processor-time.ts';
import { carryJob } from './carry-job.ts';
import { openCompute } from './compute.ts';
import { nodeJob, outcomeOf } from './node-job.ts';

type Compute = NonNullable<Carriage['compute']>;
const nodes = [
  ...allNodes.filter(({ type }, at) => allNodes.findLastIndex((one) => one.type === type) === at),
  ...testNodes,
];
const find = (type: string, version: number): AnyNode | undefined =>
  nodes.find((node) => node.type === type && node.version === version);
const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** As another process does it, in this one: all that passes between the two is JSON. */
const inJson: Compute = async (call, ready) => {
  const { job, values } = await nodeJob(call, ready);
  const sent = throughJson({ ...job, limits: call.budget.left(), values });
  try {
    const { outcome, made } = await carryJob(sent, find, ready.logs, new Budget(sent.limits, processorMs));
    return outcomeOf(throughJson(outcome), [...values, ...throughJson(made)]);
  } catch (error) {
    const { item, ...fault } = throughJson(error instanceof Failed ? error.record : faultRecordOf(error, { node: '' }));
    throw new Failed(new Fault(fault.code, fault.message, fault as never), { node: call.node.key, item });
  }
};

/** Every pure node is too long for this process, from its first word on. */
class LeavingRun extends InMemoryRun {
  left = 0;
  protected override prepared(node: Parameters<Carriage['prepared']>[0]): ReturnType<Carriage['prepared']> {
    const prepared = super.prepared(node);
    if (!prepared || !mayLeave(node)) return prepared;
    return {
      ...prepared,
      batch: () => {
        this.left += 1;
        throw new TooLong();
      },
    };
  }
}

/** What happened, without how long it took and what was told on the way, from which nothing follows. */
const told = (facts: readonly StoredFact[]): string =>
  JSON.stringify(
    facts.filter(({ type }) => type !== 'stage.progressed').map(({ seq: _seq, ...fact }) => fact),
    (name, value: unknown) => (name === 'ms' ? undefined : value),
  );

async function isSame(document: Workflow, options: PlayOptions, compute: Compute): Promise<number> {
  const here = await new InMemoryRun(document, options).play();
  const away = new LeavingRun(document, { ...options, compute });
  await away.play();
  expect(told(away.facts)).toBe(told(here.facts));
  return away.left;
}

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(null, true, 0, 2.5, 1e21, '', 'a', '\0', '\ud800', '🎈', '2026-01-15', '12'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('id', 'n', 'name', 'a', 'items', '__proto__', '9'), tie('value'), { maxKeys: 4 }),
  ),
})).value;

test('a generated workflow leaves the same facts whether its pure nodes are carried out here or elsewhere', async () => {
  let left = 0;
  await fc.assert(
    fc.asyncProperty(generatedGraph, fc.array(json, { maxLength: 4 }), async (document, input) => {
      left += await isSame(document, { nodes, input }, inJson);
    }),
    { numRuns: 60 },
  );
  expect(left).toBeGreaterThan(100);
});

/** `$('…')` by lineage, by place, by a name that is worked out; random numbers; a log; a pick of a pick. */
const reading: Workflow = {
  heddle: 1,
  name: 'Reads what others delivered',
  nodes: [
    { key: 'start', type: 'start.manual' },
    {
      key: 'kept',
      type: 'rules.filter',
      params: { where: { all: [{ left: '{{ $json.n }}', op: 'gt', right: 1 }] } },
    },
    { key: 'sorted', type: 'data.sort', params: { by: [{ field: 'n', order: 'desc' }] } },
    {
      key: 'seen',
      type: 'data.set',
      params: {
        fields: Object.entries({
          lineage: "{{ $('start').item.n }}",
          last: "{{ $('kept').last() }}",
          named: "{{ $(['kept', 'sorted'][$itemIndex % 2]).all().length }}",
          chance: '{{ Math.random() }}',
          run: '{{ $runIndex }} {{ $now.toISO() }} {{ $workflow.name }}',
        }).map(([name, value]) => ({ name, value })),
      },
    },
    { key: 'single', type: 'data.aggregate', params: { into: 'all' } },
  ],
  edges: [
    { from: 'start', to: 'kept' },
    { from: 'kept', to: 'sorted' },
    { from: 'sorted', to: 'seen' },
    { from: 'seen', to: 'single' },
  ],
};

test('expressions see there what they see here: items by their way, outputs by name, random numbers, the moment', async () => {
  const run = await new InMemoryRun(reading, { nodes, input: [{ n: 2 }, { n: 3 }] }).play();
  expect(run.state.ended?.status).toBe('finished');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ n: fc.integer({ min: 0, max: 5 }) }), { maxLength: 8 }), async (input) => {
      await isSame(reading, { nodes, input }, inJson);
    }),
    { numRuns: 60 },
  );
});

test('what it used there its stage has used, as if it had been done here', async () => {
  const compute = openCompute({ memoryMb: 256, most: 1 });
  onTestFinished(() => compute.close());
  const used: { before: Used; after: Used }[] = [];
  const charging: Compute = async (call, ready) => {
    const before = call.budget.used();
    const outcome = await compute.node('acme', call, ready);
    used.push({ before, after: call.budget.used() });
    return outcome;
  };
  const input = Array.from({ length: 10 }, (_, n) => ({ n }));
  const fields = [{ name: 'text', value: "{{ 'x'.repeat(1000) }}" }];
  const document: Workflow = {
    heddle: 1,
    name: 'Makes texts',
    nodes: [
      { key: 'start', type: 'start.manual' },
      { key: 'texts', type: 'data.set', params: { fields } },
      { key: 'more', type: 'data.set', params: { fields } },
    ],
    edges: [
      { from: 'start', to: 'texts' },
      { from: 'texts', to: 'more' },
    ],
  };
  await new LeavingRun(document, { nodes, input, compute: charging }).play();
  expect(used.length).toBe(2);
  for (const { before, after } of used) {
    expect(after.items - before.items).toBe(10);
    expect(after.bytes - before.bytes).toBeGreaterThanOrEqual(10_000);
    expect(after.ms).toBeGreaterThan(before.ms);
  }
});

const pure = allNodes.filter(
  (node) => nodes.includes(node) && node.effect === 'pure' && node.role !== 'start' && !node.turn,
);

test('every example of every pure node comes to the same in a real process of its own', async () => {
  const compute = openCompute({ memoryMb: 256, most: 1 });
  onTestFinished(() => compute.close());
  let left = 0;
  for (const node of pure)
    for (const example of node.examples) {
      const ports = Object.entries(example.given);
      const document: Workflow = {
        heddle: 1,
        name: example.name,
        nodes: [
          { key: 'start', type: 'start.manual' },
          ...ports.map(([port]) => ({ key: `from-${port}`, type: 'control.no-op' })),
          { key: 'node', type: node.type, ...(isObject(example.params) ? { params: { ...example.params } } : {}) },
        ],
        edges: ports.flatMap(([port]) => [
          { from: 'start', to: `from-${port}` },
          { from: `from-${port}`, to: `node.${port}` },
        ]),
      };
      const pins = Object.fromEntries(ports.map(([port, items]) => [`from-${port}`, { '': [...(items ?? [])] }]));
      left += await isSame(document, { nodes, pins, input: [{}] }, (call, ready) => compute.node('acme', call, ready));
    }
  expect(left).toBeGreaterThan(pure.length);
});
