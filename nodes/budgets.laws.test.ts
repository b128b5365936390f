import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget } from '../flow/facts/budget.ts';
import { examplesOf, movable, play, repeated } from './testing/play.ts';

const never = { ms: Infinity, bytes: Infinity, items: Infinity };

describe.each(movable.map((node) => [`${node.type} ${node.version}`, node] as const))('%s', (_, node) => {
  test('comes to the same with a budget that never ends; with any other to the same, or it leaves or fails by it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...examplesOf(node)),
        fc.integer({ min: 1, max: 200 }),
        fc.record({ bytes: fc.nat(2_000), items: fc.nat(300), ms: fc.nat(40), stretchMs: fc.nat(20) }),
        async ({ params, given }, times, limits) => {
          const many = repeated(given, times);
          const before = structuredClone(many);
          const plain = await play(node, { params, given: many });
          expect(await play(node, { params, given: many, budget: new Budget(never, () => 0) })).toEqual(plain);
          let now = 0;
          const short = await play(node, { params, given: many, budget: new Budget(limits, () => (now += 10)) });
          if (short !== 'left' && !String(short).startsWith('stage.limit')) expect(short).toEqual(plain);
          expect(many).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });
});
