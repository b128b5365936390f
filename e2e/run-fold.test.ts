import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWire, wireFact } from '../flow/contract/run-facts.ts';
import { awayLists, brought } from '../flow/facts/away.ts';
import type { Away } from '../flow/facts/away.ts';
import type { StoredFact } from '../flow/facts/fact.ts';
import { RunFold } from '../flow/facts/run-fold.ts';
import { fold } from '../flow/facts/fold.ts';
import { emptyState } from '../flow/facts/state.ts';
import { trace } from '../flow/facts/trace.ts';
import { runView, shownSteps } from '../flow/facts/views.ts';
import type { ShownStep } from '../flow/facts/views.ts';
import { slim, valueAt } from '../server/runs/slim.ts';
import { picturedGraph } from './pictured-graphs.ts';
import { input, ran } from './pictured-runs.ts';

const rowsOf = (facts: readonly StoredFact[]) =>
  facts.map(({ seq, at, type, data }) => ({ seq, at, type, data: JSON.stringify(data) }));
const noBlobs = () => Promise.reject(new Error('Nothing left for a blob.'));

/** The facts as a page gets them, with lists of more than a few bytes left where they are kept. */
const sent = async (facts: readonly StoredFact[], inline: number): Promise<StoredFact[]> => {
  const texts = await slim(rowsOf(facts), { value: inline, fact: inline }, noBlobs);
  return texts.map((text) => fromWire(wireFact.parse(JSON.parse(text))));
};

/** A step with what was left fetched, as a page does with what somebody looks at. */
async function whole(step: ShownStep, facts: readonly StoredFact[]) {
  const known = new Map<Away, readonly unknown[]>();
  const side = async (ports: ShownStep['input']) => {
    for (const away of Object.values(ports).flatMap(awayLists)) {
      const row = JSON.parse(JSON.stringify(facts.find(({ seq }) => seq === away.seq)));
      const found = await valueAt(row, away.at, noBlobs);
      known.set(away, found?.value as unknown[]);
    }
    return Object.fromEntries(
      Object.entries(ports).map(([port, items]) => [port, brought(items, (list) => known.get(list)!)]),
    );
  };
  return { ...step, input: await side(step.input), output: await side(step.output) };
}

test(
  'a page that folds shows what the server would, however the facts are cut, and whatever comes early, late or twice',
  { timeout: 120_000 },
  async () => {
    let away = 0;
    const arrival = fc.record({
      cut: fc.nat(),
      inline: fc.constantFrom(2, 12, 4_096),
      order: fc.infiniteStream(fc.nat(1_000)),
    });
    await fc.assert(
      fc.asyncProperty(picturedGraph, input, fc.nat(1_000), arrival, async (document, items, seed, { cut, ...how }) => {
        const { plan, facts } = await ran(document, items, seed);
        const came = await sent(facts, how.inline);
        const once = new RunFold('run_1', plan);
        once.take(came);
        const steps = shownSteps(trace(plan, facts));
        expect(once.run()).toEqual({ ...runView('run_1', plan, fold(emptyState, facts)), output: once.run().output });
        const back = await Promise.all(once.steps().map((step) => whole(step, facts)));
        expect(back).toEqual(JSON.parse(JSON.stringify(steps)));
        away += once.steps().flatMap(({ output }) => Object.values(output).flatMap(awayLists)).length;

        // A snapshot, looked at, and then the rest.
        const at = cut % (facts.length + 1);
        const pieces = new RunFold('run_1', plan);
        pieces.take(came.slice(0, at));
        expect(pieces.steps()).toEqual(shownSteps(trace(plan, came.slice(0, at))));
        pieces.take(came.slice(at));
        expect(pieces.steps()).toEqual(once.steps());
        expect(pieces.run()).toEqual(once.run());

        // Any order, some twice.
        const mixed = [...came, ...came.slice(0, at)]
          .map((fact) => ({ fact, place: how.order.next().value as number }))
          .toSorted((one, other) => one.place - other.place);
        const late = new RunFold('run_1', plan);
        for (const { fact } of mixed) {
          late.take([fact]);
          late.steps();
        }
        expect(late.hasGap).toBe(false);
        expect(late.facts).toEqual(once.facts);
        expect(late.steps()).toEqual(once.steps());
        expect(late.run()).toEqual(once.run());
        for (const { key, path } of once.steps())
          expect(late.waits.of(`${key}${path}`)).toEqual(once.waits.of(`${key}${path}`));
      }),
      { numRuns: 200 },
    );
    // A law over values of which none was left would hold of anything.
    expect(away).toBeGreaterThan(100);
  },
);
