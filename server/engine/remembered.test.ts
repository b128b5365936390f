import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan } from '../../flow/compile/plan.ts';
import { decide, decideBy } from '../../flow/facts/decide.ts';
import type { LiveStage } from '../../flow/facts/decide.ts';
import type { Fact, PortOutput } from '../../flow/facts/fact.ts';
import { foldInto } from '../../flow/facts/fold.ts';
import { nodeOf, stageOf } from '../../flow/facts/items.ts';
import { outerPath } from '../../flow/facts/path.ts';
import { remember } from '../../flow/facts/remembered.ts';
import { copyOf, emptyState, numbered } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { startFact } from './start.ts';
import { generatedGraph } from './testing/graphs.ts';
import { startOf } from './testing/test-engine.ts';

/** What is decided of a state that nobody has looked at before. */
const anew = (plan: Plan, state: RunState) => decideBy(plan, copyOf(state), () => undefined);

/** A plan whose nodes ask their services about what is in doubt: that waits for a moment, and for nothing once the run fails. */
const verifying = (plan: Plan): Plan => ({
  ...plan,
  nodes: Object.fromEntries(
    Object.entries(plan.nodes).map(([key, node]) => [key, { ...node, inDoubt: 'verify', verifies: true }]),
  ),
});

/** A journal as no engine would write it: whatever may become of what is live does, in an order and a way that are drawn. */
class Drawn {
  readonly plan: Plan;
  readonly state = copyOf(emptyState);
  private readonly draws: readonly number[];
  private at = 0;

  constructor(plan: Plan, begin: Fact, draws: readonly number[]) {
    this.plan = plan;
    this.draws = draws;
    this.append([begin]);
  }

  append(facts: readonly Fact[]): void {
    foldInto(this.state, numbered(this.state.seq, facts));
  }

  draw(most: number): number {
    this.at = (this.at + 1) % this.draws.length;
    return ((this.draws[this.at] ?? 0) + this.at) % most;
  }

  /** What happens to one of them. */
  next(live: readonly LiveStage[]): Fact {
    const { stage, path } = live[this.draw(live.length)]!;
    const at = this.state.at + 1;
    const place = { stage, path };
    const known = this.state.instances.get(`${stage}@${path}`);
    const node = known?.node ?? stageOf(this.plan, stage)?.nodes[0] ?? '';
    const step = { ...place, node };
    const call = { ...step, call: 'c', op: 'review.ask', hash: '' };
    if (known?.quarantined) return { type: 'doubt.answered', at, data: { ...step, answer: 'again' } };
    if (known?.calls.get('c')?.state === 'suspended') return { type: 'call.answered', at, data: call };
    const fault = { code: 'node.failed', message: 'no' };
    switch (this.draw(14)) {
      case 0:
        return { type: 'step.failed', at, data: { ...step, attempt: 1, fault, retryAt: at + 3 } };
      case 1:
        return { type: 'stage.quarantined', at, data: { ...place, crashes: 3 } };
      case 2:
        return {
          type: 'call.suspended',
          at,
          data: { ...call, waiting: { kind: 'review', title: 'May it?' } as never },
        };
      case 3:
        return this.draw(3) > 0
          ? { type: 'stage.crashed', at, data: { ...place, epoch: 1, worker: 'w' } }
          : { type: 'step.failed', at, data: { ...step, attempt: 1, fault } };
      case 4:
        return { type: 'step.intended', at, data: { ...step, attempt: 1, items: [0] } };
      case 5:
        return { type: 'step.in-doubt', at, data: { ...step, items: [0], why: 'reset' } };
      default:
        return this.finished(place, at);
    }
  }

  private finished({ stage, path }: { stage: string; path: string }, at: number): Fact {
    const nodes = (stageOf(this.plan, stage)?.nodes ?? []).map((key) => {
      const { mode, outputs, loops } = nodeOf(this.plan, key);
      const isDone = mode === 'turn' && this.draw(3) === 0;
      const ports = mode === 'turn' ? [isDone ? 'done' : 'each'] : outputs;
      const out: Record<string, PortOutput> = {};
      for (const port of ports)
        if (mode === 'turn' || this.draw(5) > 0) out[port] = { items: this.draw(5) > 0 ? [{ port }] : [] };
      const isOut = isDone && path.split('/').length - 1 > loops.length;
      return { key, path: isOut ? outerPath(path) : path, status: 'finished' as const, out, attempt: 1 };
    });
    return { type: 'stage.finished', at, data: { stage, path, nodes } };
  }
}

test('what was found of a run before changes no decision about it, whatever has happened since and in which order', () => {
  const decided = new Map<string, number>();
  fc.assert(
    fc.property(generatedGraph, fc.array(fc.nat(), { minLength: 50, maxLength: 300 }), (graph, draws) => {
      const request = startOf(graph);
      const run = new Drawn(verifying(request.plan), startFact('run_1', request, 1), draws);
      for (let steps = 0; steps < 150 && !run.state.ended; steps++) {
        const decision = decideBy(run.plan, run.state, remember);
        expect(decision).toEqual(anew(run.plan, run.state));
        decided.set(decision.status, (decided.get(decision.status) ?? 0) + 1);
        if (decision.facts.length > 0) run.append(decision.facts);
        else if (decision.live.length === 0) break;
        // Now and then several ends are one commit.
        else
          for (let more = 1 + run.draw(3); more > 0 && !run.state.ended; more--) run.append([run.next(decision.live)]);
      }
    }),
    { numRuns: 200 },
  );
  for (const status of ['running', 'waiting', 'finished', 'failed'])
    expect(decided.get(status), status).toBeGreaterThan(0);
});

const wide = (count: number) => {
  const branches = Array.from({ length: count }, (_, n) => `b${n}`);
  return startOf({
    heddle: 1,
    name: 'Wide',
    nodes: ['a', ...branches, 'j'].map((key) => ({ key, type: key === 'a' ? 'test.start' : 'test.pure' })),
    edges: branches.flatMap((key) => [
      { from: 'a', to: key },
      { from: key, to: 'j' },
    ]),
  });
};

test('of many branches that begin together, one that ends is looked at, and not each of the others', () => {
  const request = wide(400);
  const { plan } = request;
  const state = copyOf(emptyState);
  const append = (facts: readonly Fact[]) => foldInto(state, numbered(state.seq, facts));
  const finish = (key: string) => {
    const nodes = [{ key, path: '', status: 'finished' as const, out: { out: { items: [{ key }] } }, attempt: 1 }];
    append([{ type: 'stage.finished', at: 1, data: { stage: nodeOf(plan, key).stage, path: '', nodes } }]);
  };
  append([startFact('run_1', request, 1)]);
  decide(plan, state);
  finish('a');
  expect(decide(plan, state).live).toHaveLength(400);
  // Reading how a branch or its input stands is what costs.
  let read = 0;
  for (const map of [state.instances, state.outputs]) {
    const get = map.get.bind(map);
    Object.defineProperty(map, 'get', { value: (key: string) => (read++, get(key as never)) });
  }
  for (let n = 0; n < 400; n++) {
    finish(`b${n}`);
    decide(plan, state);
  }
  // 400 of 400 each time is 160,000 and more; what joins them is read whole, twice.
  expect(read).toBeLessThan(8_000);
  expect(decide(plan, state).live.map(({ stage }) => stage)).toEqual([nodeOf(plan, 'j').stage]);
});
