import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitEnd } from '../flow/document/ports.ts';
import type { Workflow } from '../flow/document/workflow.ts';
import { decide } from '../flow/facts/decide.ts';
import type { NodeRecord, PortOutput, StoredFact } from '../flow/facts/fact.ts';
import type { Plan } from '../flow/compile/plan.ts';
import type { RunStep } from '../app/api/run-shapes.ts';
import { edgeId } from '../app/graph/selection.ts';
import { countIn, counting, countOut, heldTo, loopsIn } from '../app/inspector/iterations.ts';
import { answersOf } from '../app/inspector/need-words.ts';
import { pictureOf } from '../app/inspector/run-picture.ts';
import { cardOf } from '../nodes/kit/card.ts';
import { InMemoryRun } from '../server/engine/testing/in-memory.ts';
import { fromWire } from '../flow/contract/run-facts.ts';
import type { WireFact } from '../flow/contract/run-facts.ts';
import { RunFold } from '../flow/facts/run-fold.ts';
import { slimData } from '../server/runs/slim.ts';
import { picturedGraph, picturedNodes } from './pictured-graphs.ts';
import { input, ran } from './pictured-runs.ts';

const cards = new Map<string, ReturnType<typeof cardOf>>(picturedNodes.map((node) => [node.type, cardOf(node)]));
const catalogue = (type: string) => cards.get(type);

/** The run as a page folds it, from facts whose lists were left at the server. */
function folded(plan: Plan, facts: readonly StoredFact[]): RunFold {
  const wire = facts.map(({ seq, at, type, data }): WireFact => [seq, at, type, slimData(type, data, 8), 1]);
  const fold = new RunFold('run_1', plan);
  fold.take((JSON.parse(JSON.stringify(wire)) as WireFact[]).map(fromWire));
  return fold;
}

const stepsOf = (plan: Plan, facts: readonly StoredFact[]): RunStep[] => folded(plan, facts).steps().slice();

/** What nodes delivered, read off the facts one by one: nothing of the engine's own folding is used. */
class Ledger {
  readonly delivered = new Map<string, NodeRecord>();
  readonly order: string[] = [];
  readonly skipped = new Set<string>();
  /** Counts of turns that are told by nothing but counts: by node, turn and port. */
  readonly turns: { key: string; at: string; in: number; out: Record<string, number>; skipped: boolean }[] = [];
  readonly answers = new Map<string, Map<number, Record<string, readonly unknown[]>>>();
  readonly attempts = new Map<string, number>();
  readonly failed = new Set<string>();
  /** Items that failed and went on, by node and path. */
  readonly erred = new Map<string, number>();
  private readonly plan: Plan;

  constructor(plan: Plan, facts: readonly StoredFact[]) {
    this.plan = plan;
    for (const fact of facts) this.take(fact);
  }

  private take(fact: StoredFact): void {
    if (fact.type === 'stage.finished') for (const record of fact.data.nodes) this.record(record, fact.data.path);
    if (fact.type === 'stage.skipped')
      for (const { stage, path } of fact.data.stages)
        for (const key of this.plan.stages.find(({ id }) => id === stage)?.nodes ?? [])
          this.skipped.add(`${key}@${path}`);
    if (fact.type === 'step.answered' && !fact.data.late) {
      const place = `${fact.data.node}@${fact.data.path}`;
      this.answers.set(place, (this.answers.get(place) ?? new Map()).set(fact.data.item, fact.data.out));
    }
    if (fact.type === 'step.answered' && !fact.data.late && fact.data.fault)
      this.err(fact.data.node, fact.data.path, 1);
    // Items are tried again one by one: the facts of each say which attempt it was.
    if (fact.type === 'item.failed' || fact.type === 'step.answered') this.tried(fact.data.node, fact.data.attempt);
    if (fact.type === 'step.failed') {
      const { node, path, turn = path, attempt, retryAt, before = [], counts = {} } = fact.data;
      for (const record of before) this.record(record, path);
      for (const [key, turns] of Object.entries(counts)) this.count(key, path, turns);
      this.tried(node, attempt);
      if (retryAt === undefined) this.failed.add(`${node}@${turn}`);
    }
  }

  isFailed(key: string, passes: (path: string) => boolean): boolean {
    return [...this.failed].some((place) => place.startsWith(`${key}@`) && passes(place.split('@')[1]!));
  }

  private record(record: NodeRecord, path: string): void {
    this.tried(record.key, record.attempt);
    if (record.turns) this.count(record.key, path, record.turns);
    if (record.turns && Object.keys(record.out).length === 0) return;
    const place = `${record.key}@${record.path}`;
    // In these runs every node that fails fails item by item.
    if (record.faults) this.err(record.key, record.path, record.faults.length);
    if (record.status === 'skipped') this.skipped.add(place);
    else this.delivered.set(place, record);
  }

  private count(key: string, path: string, turns: NonNullable<NodeRecord['turns']>): void {
    const stage = this.plan.stages.find(({ id }) => id === this.plan.nodes[key]?.stage);
    let outermost = 0;
    for (const { at, skipped = false, ...turn } of turns)
      this.turns.push({ key, at: at ?? `${path}/${stage?.nodes[0]}:${outermost++}`, skipped, ...turn });
  }

  private err(key: string, path: string, many: number): void {
    const place = `${key}@${path}`;
    this.erred.set(place, (this.erred.get(place) ?? 0) + many);
  }

  /** Items of a node that failed and went on, in all places that pass. */
  errors(key: string, passes: (path: string) => boolean): number {
    const there = [...this.erred].filter(([place]) => place.startsWith(`${key}@`) && passes(place.split('@')[1]!));
    return there.reduce((sum, [, many]) => sum + many, 0);
  }

  private tried(key: string, attempt: number): void {
    this.attempts.set(key, Math.max(this.attempts.get(key) ?? 1, attempt));
  }

  /** Items that a node gave on a port at one path. */
  outAt(key: string, path: string, port: string): number {
    const record = this.delivered.get(`${key}@${path}`);
    if (!record) return 0;
    const own: PortOutput | undefined = record.out[port];
    const single = [...(this.answers.get(`${key}@${path}`)?.values() ?? [])].flatMap((out) => out[port] ?? []).length;
    if (record.byItem && single > 0) return single;
    if (own === undefined) return 0;
    if ('items' in own) return own.items.length;
    if ('$blob' in own) return own.count;
    return own.pick === 'all' ? this.inAt(key, path, own.of) : own.pick.length;
  }

  /** Items that came in on a port at one path: those of all edges into it, or of the first that brought any. */
  inAt(key: string, path: string, port: string): number {
    const wired = this.plan.nodes[key]?.inputs.find((one) => one.port === port);
    const came = (wired?.from ?? []).map((from) => {
      const source = this.plan.nodes[from.node]!;
      const inner = source.mode === 'turn' && from.port !== 'done' && from.port !== 'error' ? 1 : 0;
      const at = path
        .split('/')
        .slice(0, 1 + source.loops.length + inner)
        .join('/');
      return { place: `${from.node}@${at}`, items: this.outAt(from.node, at, from.port) };
    });
    if (wired?.take !== 'first') return came.reduce((sum, { items }) => sum + items, 0);
    const places = [...this.delivered.keys()];
    return (
      came.filter(({ items }) => items > 0).toSorted((a, b) => places.indexOf(a.place) - places.indexOf(b.place))[0]
        ?.items ?? 0
    );
  }

  /** Items that a node gave on a port in all places that pass. */
  out(key: string, port: string, passes: (path: string) => boolean): number {
    const whole = [...this.delivered.values()].filter((one) => one.key === key && passes(one.path));
    const counted = this.turns.filter((one) => one.key === key && passes(one.at));
    return (
      whole.reduce((sum, { path }) => sum + this.outAt(key, path, port), 0) +
      counted.reduce((sum, { out }) => sum + (out[port] ?? 0), 0)
    );
  }
}

/** Whether a path is in the turn, or stands outside of the loops around it. */
const inTurn = (turn: string | undefined) => (path: string) => {
  const held = turn?.split('/').slice(1) ?? [];
  return path
    .split('/')
    .slice(1)
    .every((part, index, parts) => {
      const wanted = held[index];
      const sameBefore = parts.slice(0, index).every((one, place) => one === held[place]);
      return wanted === undefined || !sameBefore || loopName(part) !== loopName(wanted) || part === wanted;
    });
};
const loopName = (part: string) => part.slice(0, part.lastIndexOf(':'));

function check(document: Workflow, run: InMemoryRun, turn?: string): void {
  const { plan, facts } = run;
  const steps = stepsOf(plan, facts);
  const ledger = new Ledger(plan, facts);
  const { nodes, edges } = pictureOf(document, steps, catalogue, { turn, isOver: run.state.ended !== undefined });
  const passes = inTurn(turn);
  for (const edge of document.edges) {
    const { key, port = plan.nodes[key]?.outputs[0] ?? '' } = splitEnd(edge.from);
    const seen = edges.get(edgeId(edge));
    if (seen) expect(seen.count, `${edge.from} -> ${edge.to} in ${turn ?? 'all'}`).toBe(ledger.out(key, port, passes));
    else expect(ledger.out(key, port, passes), `${edge.from} has no state`).toBe(0);
    if (run.state.ended)
      expect(seen?.isSkipped, `whether ${edge.from} -> ${edge.to} led anywhere`).toBe(seen?.count === 0);
  }
  for (const { key } of document.nodes) checkNode(key);

  function isLive(key: string): boolean {
    const stages = decide(plan, run.state).live.flatMap(({ stage, path }) => (passes(path) ? [stage] : []));
    return stages.includes(plan.nodes[key]!.stage);
  }

  /** What no fact speaks of was passed over when all that leads to it is done, for good, and gave it nothing; else it is as if it were not there. */
  function isPassedOver(key: string): void {
    expect(nodes.get(key), key).toMatchObject({ mark: 'skipped', foot: 'No items came in' });
    for (const { from } of plan.nodes[key]!.inputs.filter(({ back }) => !back))
      for (const { node, port } of from) {
        const says = `${node} was done before ${key} was passed over`;
        expect(isCutOff(facts, node, passes) || isLive(node) || ledger.isFailed(node, passes), says).toBe(false);
        if (port === 'done' || port === 'error') expect(isBrokenOff(ledger, plan, node, passes), says).toBe(false);
      }
  }

  function checkNode(key: string): void {
    const delivers = [...ledger.delivered.values()].some((one) => one.key === key && passes(one.path));
    const turns = ledger.turns.filter((one) => one.key === key && passes(one.at));
    const isSkipped = [...ledger.skipped].some((place) => place.startsWith(`${key}@`) && passes(place.split('@')[1]!));
    const isFailed = ledger.isFailed(key, passes);
    const erred = ledger.errors(key, passes);
    const state = nodes.get(key);
    const isOpen = isBrokenOff(ledger, plan, key, passes) && !turn?.includes(`/${key}:`);
    const isUntold = !delivers && !isSkipped && !isFailed && turns.length === 0;
    const isLeftAlone = isUntold && !isLive(key) && !isCutOff(facts, key, passes);
    if (isFailed) expect(state?.mark, key).toBe('failed');
    else if (isLeftAlone && state) isPassedOver(key);
    else if (isOpen && (delivers || turns.length > 0)) {
      seen.broken++;
      if (run.state.ended)
        expect(state, key).toMatchObject({
          mark: 'skipped',
          foot: expect.stringMatching(/^Stopped in iteration \d+$/),
        });
      // A run that was looked at half-way is in it: no green says that it is done.
      else expect(['running', 'waiting', 'queued', 'doubt', 'failed'], key).toContain(state?.mark);
    } else if (decide(plan, run.state).live.length > 0) return;
    else if (isCutOff(facts, key, passes)) expect(state, key).toMatchObject({ mark: 'skipped', foot: 'Cancelled' });
    else if (delivers || turns.some(({ skipped }) => !skipped))
      expect(state?.mark, key).toBe(erred > 0 ? 'erred' : 'ok');
    else if (isSkipped || turns.length > 0)
      expect(state, key).toMatchObject({ mark: 'skipped', foot: 'No items came in' });
    if (turn === undefined && state && run.state.ended?.status === 'finished')
      expect(state.attempts, `attempts of ${key}`).toBe(ledger.attempts.get(key) ?? 1);
    if (state?.mark !== 'ok' && state?.mark !== 'erred') return;
    seen.erred += erred > 0 ? 1 : 0;
    // What left by the error output is told as errors.
    const ports = plan.nodes[key]!.outputs.filter((port) => port !== 'error' || erred === 0);
    const errors = erred === 0 ? '' : ` · ${erred} error${erred === 1 ? '' : 's'}`;
    const titles = ports.map((port) => (port === 'yes' && plan.nodes[key]!.type === 'test.split' ? 'Has it' : port));
    const counted = ports.map((port) => ledger.out(key, port, passes));
    if (ports.length > 1)
      expect(state.foot, key).toBe(counted.map((many, index) => `${many} ${titles[index]}`).join(' · ') + errors);
    else
      expect(state.foot, key).toMatch(new RegExp(`^${counted[0]} item${counted[0] === 1 ? '' : 's'}${errors}( · |$)`));
    if (erred === 0) expect(state.foot, key).not.toMatch(/[1-9]\d* errors?( · |$)/);
  }
}

/** Whether a loop was begun at some place that passes and never left there. */
function isBrokenOff(
  { delivered, turns, skipped }: Ledger,
  plan: Plan,
  key: string,
  passes: (path: string) => boolean,
): boolean {
  const node = plan.nodes[key]!;
  if (node.mode !== 'turn') return false;
  const paths = [
    ...[...delivered.values()].filter((one) => one.key === key).map(({ path }) => path),
    ...turns.filter((one) => one.key === key).map(({ at }) => at),
  ];
  const begun = paths.filter((path) => path.split('/').length - 1 > node.loops.length);
  return begun.some((path) => {
    const outer = path.slice(0, path.lastIndexOf('/'));
    if (!passes(outer)) return false;
    const isLeft = turns.some((one) => one.key === key && one.at === outer && Object.keys(one.out).length > 0);
    return !isLeft && !delivered.has(`${key}@${outer}`) && !skipped.has(`${key}@${outer}`);
  });
}

/** Whether a node was at something that was let go because the run failed or was cancelled: that says more than that nothing reached it elsewhere. */
const isCutOff = (facts: readonly StoredFact[], key: string, passes: (path: string) => boolean) =>
  facts.some(
    ({ type, data }) =>
      type === 'stage.stopped' &&
      passes(data.path) &&
      facts.some(
        (one) =>
          'node' in one.data && one.data.node === key && one.data.path === data.path && one.data.stage === data.stage,
      ),
  );

/** Each row of the list of steps, and each list of items, against what was delivered at its path. */
function checkRows({ plan, facts }: InMemoryRun): void {
  const ledger = new Ledger(plan, facts);
  const steps = stepsOf(plan, facts);
  for (const step of counting(steps)) {
    if (step.turns || step.status !== 'finished') continue;
    const place = `${step.key}@${step.path}`;
    const ports = plan.nodes[step.key]!.outputs;
    expect(countOut(step), `out of ${place}`).toBe(
      ports.reduce((sum, port) => sum + ledger.outAt(step.key, step.path, port), 0),
    );
    if (plan.nodes[step.key]!.mode !== 'turn')
      expect(countIn(step), `in of ${place}`).toBe(
        Object.keys(step.input).reduce((sum, port) => sum + ledger.inAt(step.key, step.path, port), 0),
      );
  }
  // A turn whose data is kept holds as many items as its count says.
  for (const step of steps.filter(({ turns }) => !turns)) {
    const counted = ledger.turns.find(({ key, at }) => key === step.key && at === step.path);
    if (!counted || step.status === 'failed') continue;
    const out = Object.fromEntries(
      Object.entries(step.output).map(([port, items]) => [port, (items as unknown[]).length]),
    );
    expect(out, `${step.key}${step.path}`).toEqual(counted.out);
    if (plan.nodes[step.key]!.mode !== 'turn') expect(countIn(step), `in of ${step.key}${step.path}`).toBe(counted.in);
  }
  const heads = new Map<string, number>();
  for (const path of [...[...ledger.delivered.values()].map((one) => one.path), ...ledger.turns.map(({ at }) => at)])
    for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const colon = at.lastIndexOf(':');
      heads.set(at.slice(0, colon), Math.max(heads.get(at.slice(0, colon)) ?? 0, 1 + Number(at.slice(colon + 1))));
    }
  for (const { at, count } of loopsIn(steps))
    expect(count, `iterations of ${at}`).toBeGreaterThanOrEqual(heads.get(at) ?? 0);
  if (ledger.failed.size === 0)
    expect(Object.fromEntries(loopsIn(steps).map(({ at, count }) => [at, count]))).toEqual(Object.fromEntries(heads));
}

const seen = { loops: 0, broken: 0, failed: 0, asked: 0, retried: 0, erred: 0, half: 0, skipped: 0, nested: 0 };

test(
  'every number and word of a run’s picture is what a plain count over its facts gives',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(picturedGraph, input, fc.nat({ max: 1_000 }), async (document, items, seed) => {
        const run = await ran(document, items, seed);
        check(document, run);
        checkRows(run);
        const loops = loopsIn(stepsOf(run.plan, run.facts));
        for (const { at, count } of loops.slice(0, 6))
          for (const turn of new Set([0, count - 1])) check(document, run, `${at}:${turn}`);
        for (const need of decide(run.plan, run.state).needs) checkNeed(document, run.plan, need);
        seen.loops += Math.min(1, loops.length);
        seen.nested += loops.some(({ at }) => at.split('/').length > 2) ? 1 : 0;
        seen.failed += run.state.failing ? 1 : 0;
        seen.asked += document.nodes.some(({ type }) => type === 'test.ask') ? 1 : 0;
        seen.retried += run.facts.some((fact) => fact.type === 'step.failed' && fact.data.retryAt !== undefined)
          ? 1
          : 0;
        seen.half += run.state.ended ? 0 : 1;
        seen.skipped += run.facts.some(({ type }) => type === 'stage.skipped') ? 1 : 0;
      }),
      { numRuns: 400 },
    );
    // A law over runs that hold nothing of what it speaks of would hold of anything.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(5);
  },
);

function checkNeed(document: Workflow, plan: Plan, need: ReturnType<typeof decide>['needs'][number]): void {
  if (need.kind !== 'review') return;
  const asked = answersOf({ ...need, items: undefined }, document, catalogue);
  for (const { answer, says } of asked.choices) {
    const next = Object.values(plan.nodes).filter(({ inputs }) =>
      inputs.some(({ from }) => from.some((end) => end.node === need.node && end.port === answer)),
    );
    expect(says === 'No node follows.').toBe(next.length === 0);
  }
}

test('a body of pure nodes and the same body with effects count the same', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(picturedGraph, fc.integer({ min: 0, max: 3 }), async (drawn, many) => {
      // Only what is the same whoever carries it: no service that fails, nobody who answers.
      const calm = new Set([
        'test.start',
        'test.pure',
        'test.two',
        'test.split',
        'test.merge',
        'test.loop',
        'test.repeat',
        'test.count',
        'test.empty',
      ]);
      const pure = {
        ...drawn,
        nodes: drawn.nodes.map(({ key, type, settings }) => ({
          key,
          type: calm.has(type) ? type : 'test.pure',
          ...(settings?.disabled ? { settings: { disabled: true } } : {}),
        })),
      };
      const acting = {
        ...pure,
        nodes: pure.nodes.map((node) => (node.type === 'test.pure' ? { ...node, type: 'test.idempotent' } : node)),
      };
      const items = Array.from({ length: many }, (_, n) => (n % 2 === 0 ? { n } : { n, is: 'odd' }));
      const pictures = await Promise.all(
        [pure, acting].map(async (document) => {
          const run = await new InMemoryRun(document, { nodes: picturedNodes, input: items, start: 'n0' }).play();
          const steps = stepsOf(run.plan, run.facts);
          const loops = loopsIn(steps).map(({ at, count }) => [at, count] as const);
          const turns = [undefined, ...loops.map(([at, count]) => `${at}:${count - 1}`)];
          return {
            loops,
            pictures: turns.map((turn) => {
              const { nodes, edges } = pictureOf(document, steps, catalogue, { turn });
              return [
                [...edges].map(([id, { count, isSkipped }]) => [id, count, isSkipped]).toSorted(),
                [...nodes].map(([key, { mark }]) => [key, mark]).toSorted(),
              ];
            }),
            kept: heldTo(steps, turns.at(-1)).length > 0,
          };
        }),
      );
      expect(pictures[0]).toEqual(pictures[1]);
    }),
    { numRuns: 200 },
  );
});
