import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact } from '../../flow/facts/fact.ts';
import { fold } from '../../flow/facts/fold.ts';
import { emptyState, numbered } from '../../flow/facts/state.ts';
import { gatherIntents } from './gather-intents.ts';

const place = { stage: 's', path: '', node: 'post' };
const intended = (attempt: number, ...items: number[]): Fact => ({
  type: 'step.intended',
  at: 1,
  data: { ...place, attempt, items },
});
const answered = (item: number): Fact => ({
  type: 'step.answered',
  at: 1,
  data: { ...place, item, attempt: 1, out: { out: [item] } },
});
const retried = (item: number): Fact => ({
  type: 'item.failed',
  at: 1,
  data: { ...place, item, attempt: 1, fault: { code: 'http.status', message: 'no' }, retryAt: 2 },
});

test('the intents of fifty lanes that are committed together are one row, after the outcomes', () => {
  const lanes = Array.from({ length: 50 }, (_, n) => [answered(n), intended(1, n + 50)]).flat();
  const facts = gatherIntents(lanes);
  expect(facts).toHaveLength(51);
  expect(facts.at(-1)).toEqual(intended(1, ...Array.from({ length: 50 }, (_, n) => n + 50)));
});

test('another attempt, another node and another path have intents of their own', () => {
  const elsewhere: Fact = {
    type: 'step.intended',
    at: 1,
    data: { ...place, path: '/l:1', attempt: 1, items: [3] },
  };
  const facts = [intended(1, 1), intended(2, 2), elsewhere, intended(1, 4)];
  expect(gatherIntents(facts)).toEqual([intended(2, 2), elsewhere, intended(1, 1, 4)]);
});

test('an outcome in the same commit as its own intent stays after it', () => {
  const facts = [intended(1, 1), answered(1), intended(1, 2)];
  expect(gatherIntents(facts)).toEqual(facts);
});

test('whatever is committed together says the same gathered', () => {
  const fact = fc.tuple(fc.constantFrom(intended.bind(null, 1), intended.bind(null, 2), answered, retried), fc.nat(5));
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 12 }), (made) => {
      const facts = made.map(([make, item]) => make(item));
      const itemsOf = (list: readonly Fact[]) => {
        const { items, ...rest } = fold(emptyState, numbered(0, list)).instances.get('s@') ?? { items: new Map() };
        return { rest, items: [...items].toSorted(([a], [b]) => a - b) };
      };
      expect(itemsOf(gatherIntents(facts))).toEqual(itemsOf(facts));
    }),
  );
});
