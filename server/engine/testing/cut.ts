import { expect } from 'vitest';
import type { Workflow } from '../../../flow/document/workflow.ts';
import { decide } from '../../../flow/facts/decide.ts';
import type { Fact, StoredFact } from '../../../flow/facts/fact.ts';
import { recoverFacts } from '../../../flow/facts/recover.ts';
import { fold } from '../../../flow/facts/fold.ts';
import { emptyState } from '../../../flow/facts/state.ts';
import type { RunState } from '../../../flow/facts/state.ts';
import { InMemoryRun } from './in-memory.ts';
import type { PlayOptions } from './in-memory.ts';

/**
 * The cut test: a run that dies after any of its facts and is recovered ends as the uncut one does, except that an effect
 * whose outcome was cut off is in doubt; answered with that outcome, the run reaches the same end. Nothing of class effect
 * is ever sent twice. `send` counts what reached the far side in each life.
 */
export async function cutEverywhere(
  document: Workflow,
  options: PlayOptions,
  cuts: (total: number) => Iterable<number>,
): Promise<number> {
  const whole = await new InMemoryRun(document, options).play();
  // What would end the same by never ending, or by failing, proves nothing.
  expect(whole.state.ended?.status, 'the uncut run finishes').toBe('finished');
  expect(whole.state.output, 'the uncut run gives something').not.toEqual([]);
  expect(fold(emptyState, whole.facts)).toEqual(whole.state);
  const end = ending(whole);
  let tried = 0;
  for (const cut of cuts(whole.facts.length)) {
    const sentBefore = options.far?.sent.length ?? 0;
    const first = new InMemoryRun(document, options);
    first.diesAfter = cut;
    await expect(first.play()).rejects.toThrow('the process died');
    const second = new InMemoryRun(document, {
      ...options,
      answer: (state) => [...answersFrom(state, whole.facts), ...(options.answer?.(state, second.plan) ?? [])],
    });
    second.resume(first.facts);
    crash(second);
    await second.play();
    expect(ending(second), `cut after fact ${cut} of ${whole.facts.length} (${first.facts.at(-1)?.type})`).toEqual(end);
    effectsOnce(options.far?.sent.slice(sentBefore) ?? [], second.facts);
    tried++;
  }
  return tried;
}

/** What must come out the same: how it ended, its output, and what each node delivered at each path. */
const ending = ({ state }: InMemoryRun) => ({
  status: state.ended?.status,
  output: state.output,
  reply: state.reply,
  fault: state.failing?.code,
  outputs: [...state.outputs]
    .map(([key, { record }]) => [key, record.out])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
});

/** Every stage that was live when the process died may have been held by it: recovery looks at each. */
export function crash(run: InMemoryRun): void {
  for (const { stage, path } of decide(run.plan, run.state).live) {
    const touched = run.state.instances.get(`${stage}@${path}`);
    if (!touched || [...touched.calls.values()].some((call) => call.state === 'suspended')) continue;
    run.append(recoverFacts(run.plan, run.state, { stage, path, epoch: 1, worker: 'boot_dead', at: run.now }));
  }
}

/** Answers each doubt as the uncut run went: sent, with the outcome that was cut off. */
function answersFrom(state: RunState, whole: readonly StoredFact[]): Fact[] {
  const answers: Fact[] = [];
  for (const { stage, path, node = '', items, calls, ending: over } of state.instances.values()) {
    if (over) continue;
    for (const [item, known] of items) {
      if (known.state !== 'in-doubt') continue;
      const outcome = whole.find(
        (fact) =>
          fact.type === 'step.answered' &&
          fact.data.node === node &&
          fact.data.path === path &&
          fact.data.item === item,
      );
      const [port, values] =
        outcome?.type === 'step.answered' ? (Object.entries(outcome.data.out)[0] ?? ['out', [{}]]) : ['out', [{}]];
      answers.push({
        type: 'doubt.answered',
        at: state.at,
        data: { stage, path, node, item, answer: 'sent', port, output: (values as unknown[])[0] },
      });
    }
    for (const [call, known] of calls) {
      if (known.state !== 'in-doubt') continue;
      const outcome = whole.find(
        (fact) =>
          fact.type === 'call.answered' &&
          fact.data.node === node &&
          fact.data.path === path &&
          fact.data.call === call,
      );
      answers.push({
        type: 'doubt.answered',
        at: state.at,
        data: {
          stage,
          path,
          node,
          call,
          answer: 'sent',
          output: outcome?.type === 'call.answered' ? outcome.data.value : {},
        },
      });
    }
  }
  return answers;
}

/** Over both lives: an effect went out at most once for each key. */
function effectsOnce(
  sent: readonly { headers?: Readonly<Record<string, string>>; url: string; method: string }[],
  facts: readonly StoredFact[],
): void {
  const intended = new Set(
    facts.flatMap((fact) =>
      fact.type === 'step.intended' ? fact.data.items.map((item) => `${fact.data.node}${fact.data.path}#${item}`) : [],
    ),
  );
  const keys = Map.groupBy(
    sent.filter((request) => request.url === 'http://effect/'),
    (request) => request.headers?.['idempotency-key'],
  );
  for (const [key, requests] of keys) expect(requests.length, `effect ${key} of ${intended.size} intended`).toBe(1);
}
