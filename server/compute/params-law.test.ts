import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { isObject } from '../../flow/document/json.ts';
import { isOfThread } from '../../flow/document/powers.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { Budget, TooLong } from '../../flow/facts/budget.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { allNodes } from '../../nodes/all.ts';
import { fakeWorld } from '../../nodes/kit/fakes.ts';
import type { Fakes } from '../../nodes/kit/fakes.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import type { Batch } from '../../nodes/kit/call.ts';
import type { Carriage } from '../engine/carriage.ts';
import type { ParamsPool } from '../engine/params-away.ts';
import { farSide, httpReply, InMemoryRun } from '../engine/testing/in-memory.ts';
import type { PlayOptions } from '../engine/testing/in-memory.ts';
import { processorMs } from '../processor-time.ts';
import { openCompute } from './compute.ts';
import { fillParams, filledOf } from './fill-params.ts';
import { paramsJob } from './node-job.ts';

const latest = allNodes.filter(({ type }, at) => allNodes.findLastIndex((one) => one.type === type) === at);
/** The nodes that stay in their process. */
const staying = allNodes.filter(({ needs = [], turn }) => !turn && !needs.every(isOfThread));
const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** As another process does it, in this one: all that passes between the two is JSON. */
const inJson =
  (nodes: readonly AnyNode[]): ParamsPool['fill'] =>
  async (call, ready, items) => {
    const { job, values } = await paramsJob(call, ready, items);
    const sent = throughJson({ ...job, limits: call.budget.left(), values });
    const find = (type: string, version: number) =>
      nodes.find((node) => node.type === type && node.version === version);
    const { filled, made, drawn } = fillParams(sent, find, new Budget(sent.limits, processorMs));
    return { filled: await filledOf(throughJson(filled), [...values, ...throughJson(made)]), drawn };
  };

/** Whatever is tried here turns out to take too long. */
function trying<Value>(work: () => Value): Value {
  try {
    work();
  } catch {
    // What it came to here does not count.
  }
  throw new TooLong();
}

/** From one of its items on, the params of a node that stays are worked out elsewhere. */
class AwayRun extends InMemoryRun {
  from = 0;
  protected override prepared(node: Parameters<Carriage['prepared']>[0]): ReturnType<Carriage['prepared']> {
    const prepared = super.prepared(node);
    const prefer = (batch: Batch, index: number): Batch => {
      if (batch.paramsElsewhere && batch.budget && index >= this.from) batch.budget.orElsewhere = trying;
      return batch;
    };
    return (
      prepared && {
        ...prepared,
        batch: (batch, powers) => prepared.batch(prefer(batch, this.from), powers),
        item: (batch, index, powers) => prepared.item(prefer(batch, index), index, powers),
      }
    );
  }
}

/** What happened, without how long it took. */
const told = (facts: readonly StoredFact[]): string =>
  JSON.stringify(facts, (name, value: unknown) => (name === 'ms' ? undefined : value));

interface Played {
  readonly params: Readonly<Record<string, unknown>>;
  readonly input: readonly unknown[];
  readonly onError: 'stop' | 'port' | 'ignore';
  readonly retries?: number;
  readonly fakes?: Fakes;
  readonly from?: number;
}

const documentOf = ({ type, version }: AnyNode, { params, onError, retries = 0 }: Played): Workflow => ({
  heddle: 1,
  name: 'One node',
  nodes: [
    { key: 'start', type: 'start.manual' },
    {
      key: 'node',
      type,
      version,
      params: { ...params },
      settings: { onError, ...(retries > 0 ? { retry: { times: retries } } : {}) },
    },
  ],
  edges: [{ from: 'start', to: 'node' }],
});

/** Plays the node here and with its params from elsewhere, which must leave the same; how many items' params were. */
async function isSame(node: AnyNode, played: Played, fill?: ParamsPool['fill']): Promise<number> {
  const nodes = [...latest.filter(({ type }) => type !== node.type), node];
  let travelled = 0;
  const pool = fill ?? inJson(nodes);
  const counting: ParamsPool = {
    away: (wait) => wait(),
    fill: async (call, ready, items) => {
      // As when no more than two were done within a moment.
      const answer = await pool(call, ready, items.slice(0, 2));
      travelled += answer.filled.length;
      return answer;
    },
  };
  const sides = (['here', 'away'] as const).map(async (side) => {
    const far = farSide(() => httpReply(200, { ok: true }));
    const world = fakeWorld(played.fakes ?? {});
    const options: PlayOptions = {
      nodes,
      input: played.input,
      far,
      lend: ((name: never, request: { item: number | undefined }) => world.powers(name, request.item)) as never,
      ...(side === 'away' ? { params: counting } : {}),
    };
    const run = new AwayRun(documentOf(node, played), options);
    run.from = played.from ?? 0;
    await run.play();
    return JSON.parse(JSON.stringify({ facts: told(run.facts), sent: far.sent, written: [...world.written.keys()] }));
  });
  const [here, away] = await Promise.all(sides);
  expect(away).toEqual(here);
  return travelled;
}

/** Expressions that give each kind of value, read each part of the run, draw, and fail. */
const expressions = [
  '{{ $json }}',
  '{{ $json.n }}',
  '{{ $json.text }}',
  '{{ $json.file }}',
  '{{ $json.missing.deeper }}',
  '{{ undefined }}',
  '{{ [undefined, 0 / 0, -0, 1 / 0, { a: undefined, b: -1 / 0 }] }}',
  '{{ ({ a: undefined, z: 1, b: [undefined] }) }}',
  '{{ Math.random() }}',
  'https://example.com/{{ Math.random() }}/{{ [1, 2, 3].randomItem() }}',
  "{{ $('start').item.n }}",
  "{{ $('start').all().length }} {{ $('start').first() }}",
  '{{ $input.all() }}',
  '{{ $input.last() }} of {{ $itemIndex }}',
  '{{ $now }}',
  '{{ $now.toISO() }} {{ $today }} {{ $workflow.name }} {{ $run.id }} {{ $step.key }}',
  '{{ $json.n.nothing() }}',
  '{{ (() => { throw new Error("no") })() }}',
  "{{ $fromAI('name') }}",
  '{{ "\\ud800" + "🎈" }}',
  '2h',
];

const item = fc.oneof(
  fc.record({
    n: fc.integer({ min: 0, max: 9 }),
    text: fc.constantFrom('a', '\0', '12', 'https://example.com/x', 'GET'),
    file: fc.constant({ $file: 'f1', name: 'a.txt', type: 'text/plain', size: 2 }),
  }),
  fc.constantFrom(null, 1, 'text', [1, 2]),
);

const fakes: Fakes = {
  http: [{ reply: { json: { ok: true } } }],
  file: { f1: 'hi' },
  state: { counter: 1 },
  code: (items) => items,
};

test.each(staying.map((node) => [`${node.type} ${node.version}`, node] as const))(
  '%s does the same with params that were worked out elsewhere, whatever they are',
  async (_, node) => {
    const bases = node.examples.map(({ params }) => (isObject(params) ? params : {}));
    const open = Object.keys(node.params.shape).filter((name) => !node.literal?.includes(name));
    let [played, travelled] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          base: fc.constantFrom(...bases),
          put: fc.dictionary(fc.constantFrom(...open, 'none'), fc.constantFrom(...expressions), {
            minKeys: 1,
            maxKeys: 3,
          }),
          input: fc.array(item, { minLength: 1, maxLength: 5 }),
          onError: fc.constantFrom('stop' as const, 'port' as const, 'ignore' as const),
          retries: fc.integer({ min: 0, max: 1 }),
          from: fc.integer({ min: 0, max: 2 }),
        }),
        async ({ base, put: { none: _none, ...put }, ...how }) => {
          const one = { params: { ...base, ...put }, fakes, ...how };
          // What no document may say is refused before anything runs.
          if (!compiles(node, one)) return;
          travelled += await isSame(node, one);
          played += 1;
        },
      ),
      { numRuns: 60 },
    );
    expect(played).toBeGreaterThan(10);
    if (open.length > 0) expect(travelled).toBeGreaterThan(0);
  },
);

function compiles(node: AnyNode, played: Played): boolean {
  try {
    void new InMemoryRun(documentOf(node, played), { nodes: allNodes.includes(node) ? [...latest, node] : [] });
    return true;
  } catch {
    return false;
  }
}

test('a real process gives the same, and the random numbers go on after those that were drawn here', async () => {
  const compute = openCompute({ memoryMb: 256, most: 1 });
  onTestFinished(() => compute.close());
  const request = latest.find(({ type }) => type === 'connect.http-request')!;
  const input = Array.from({ length: 12 }, (_, n) => ({ n, text: 'x'.repeat(n) }));
  for (const from of [0, 5])
    for (const json of expressions.slice(0, 14)) {
      const played: Played = {
        params: { method: 'POST', url: 'https://example.com/{{ Math.random() }}', json },
        input,
        onError: 'port',
        from,
      };
      const travelled = await isSame(request, played, (call, ready, items) =>
        compute.params('acme', call, ready, items),
      );
      expect(travelled).toBe(input.length - from);
    }
});
