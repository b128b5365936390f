import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ItemState } from './state.ts';
import { putItem, tallyOf } from './tally.ts';

const item: fc.Arbitrary<ItemState> = fc.record({
  state: fc.constantFrom('intended', 'answered', 'failed', 'retrying', 'in-doubt', 'again'),
  attempt: fc.constant(1),
  retryAt: fc.integer({ min: 0, max: 50 }),
});

test('after any changes a tally says what counting all items says', () => {
  const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), item), { maxLength: 80 });
  fc.assert(
    fc.property(changes, (all) => {
      const items = new Map<number, ItemState>();
      const tally = tallyOf(items);
      for (const [index, next] of all) {
        putItem(items, index, next);
        const now = [...items];
        const of = (...states: readonly string[]) => now.filter(([, { state }]) => states.includes(state));
        expect(tally.answered).toBe(of('answered').length);
        expect(tally.open).toBe(of('intended', 'failed', 'again').length);
        expect([...tally.doubts].toSorted((a, b) => a - b)).toEqual(
          of('in-doubt')
            .map(([key]) => key)
            .toSorted((a, b) => a - b),
        );
        const due = of('retrying').map(([, { retryAt = 0 }]) => retryAt);
        expect(tally.dueAt()).toBe(due.length === 0 ? undefined : Math.min(...due));
        expect(tallyOf(new Map(items)).dueAt()).toBe(tally.dueAt());
      }
    }),
  );
});
