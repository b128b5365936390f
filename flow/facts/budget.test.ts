import { describe, expect, test } from 'vitest';
import { Budget, OverBudget, TooLong } from './budget.ts';
import type { BudgetLimits } from './budget.ts';

const limits = { ms: 100, stretchMs: 20, bytes: 1_000, items: 10 };

/** A clock that goes on when it is told to. */
function made(from: BudgetLimits = limits) {
  let now = 0;
  const budget = new Budget(from, () => now);
  budget.begins('may-leave');
  // The first look begins the stretch.
  budget.spend(10_000);
  return { budget, goOn: (ms: number) => void (now += ms) };
}

const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('a budget', () => {
  test('lets work leave once it has gone on too long without a pause, and fails it where it may not leave', () => {
    const { budget, goOn } = made();
    goOn(19);
    budget.spend(10_000);
    goOn(2);
    expect(thrownBy(() => budget.spend(10_000))).toBeInstanceOf(TooLong);
    budget.begins('stays');
    budget.spend(10_000);
    goOn(78);
    budget.spend(10_000);
    goOn(2);
    expect(() => budget.spend(10_000)).toThrow('took more than 0.1 s of processor time');
  });

  test('fails work that may not leave and goes on too long without a pause, unless it holds nobody up', () => {
    const { budget, goOn } = made({ ...limits, stayMs: 50 });
    budget.begins('elsewhere');
    for (const how of ['elsewhere', 'stays'] as const) {
      budget.begins(how);
      for (let pause = 0; pause < 2; pause++) {
        budget.spend(10_000);
        goOn(how === 'stays' ? 20 : 30);
        budget.spend(10_000);
        if (how === 'stays') budget.rested();
      }
    }
    const late = made({ ...limits, stayMs: 50 });
    late.budget.begins('stays');
    late.budget.spend(10_000);
    late.goOn(51);
    expect(() => late.budget.spend(10_000)).toThrow('took more than 0.05 s of processor time');
  });

  test('lets what can be worked out elsewhere leave from within work that stays, as if it had not been begun', () => {
    const { budget, goOn } = made({ ...limits, bytes: 10_000, stayMs: 50 });
    budget.begins('stays');
    budget.makes(100);
    const long = () => {
      budget.makes(500);
      budget.spend(10_000);
      goOn(30);
      budget.spend(10_000);
    };
    expect(thrownBy(() => budget.orElsewhere(long))).toBeInstanceOf(TooLong);
    expect(budget.used()).toMatchObject({ bytes: 100 });
    budget.verify();
    // The work around it is bounded as before.
    long();
    expect(budget.used()).toMatchObject({ bytes: 600 });
    budget.begins('elsewhere');
    budget.orElsewhere(long);
  });

  test('one whose word that it leaves is swallowed leaves all the same', () => {
    const { budget, goOn } = made();
    budget.begins('stays');
    const swallowing = () => {
      budget.spend(10_000);
      goOn(30);
      thrownBy(() => budget.spend(10_000));
      return 'made';
    };
    expect(thrownBy(() => budget.orElsewhere(swallowing))).toBeInstanceOf(TooLong);
  });

  test('does not count what others do in a pause', () => {
    const { budget, goOn } = made();
    for (let pause = 0; pause < 20; pause++) {
      goOn(4);
      budget.spend(10_000);
      budget.rested();
      goOn(1_000);
      budget.spend(10_000);
    }
    expect(budget.used().ms).toBe(80);
  });

  test('says between items that others are due, where it would have to leave within one', () => {
    const { budget, goOn } = made();
    expect(budget.isDue()).toBe(false);
    goOn(30);
    let asked = 1;
    while (!budget.isDue()) asked += 1;
    expect(asked).toBeLessThan(200);
    budget.rested();
    budget.spend(10_000);
    expect(budget.over).toBeUndefined();
  });

  test('keeps from beginning what takes too long and cannot be interrupted', () => {
    const { budget } = made();
    budget.about(20_000 * 40);
    expect(thrownBy(() => budget.about(20_000 * 60))).toBeInstanceOf(TooLong);
    budget.begins('stays');
    budget.about(20_000 * 60);
    expect(() => budget.about(20_000 * 200)).toThrow(OverBudget);
  });

  test.each([
    ['bytes', (budget: Budget) => budget.makes(1_001), 'MB of data'],
    ['items', (budget: Budget) => budget.items(11), 'made more than 10 items'],
  ])('is over for good once too many %s were made', (limit, make, words) => {
    const { budget } = made();
    const first = thrownBy(() => make(budget));
    expect(first).toMatchObject({ code: 'stage.limit', limit, message: expect.stringContaining(words), done: 'no' });
    expect(thrownBy(() => budget.spend(1))).toBe(first);
    expect(thrownBy(() => budget.verify())).toBe(first);
    budget.begins('may-leave');
    expect(thrownBy(() => budget.verify())).toBe(first);
  });

  test('gives back what was thrown away, and tells what is left for who goes on elsewhere', () => {
    const { budget } = made();
    const before = budget.used();
    budget.makes(600);
    budget.items(7);
    expect(budget.left()).toEqual({ ms: 100, bytes: 400, items: 3 });
    budget.backTo(before);
    budget.makes(600);
    expect(budget.left()).toMatchObject({ bytes: 400, items: 10 });
  });

  test('takes what was used elsewhere as its own, and is over by it', () => {
    const { budget } = made();
    budget.charge({ ms: 60, bytes: 400, items: 4 });
    expect(budget.used()).toEqual({ ms: 60, bytes: 400, items: 4 });
    expect(() => budget.charge({ ms: 1, bytes: 700, items: 1 })).toThrow('made more than');
    expect(budget.used()).toEqual({ ms: 61, bytes: 1_100, items: 5 });
    expect(() => budget.verify()).toThrow(OverBudget);
  });
});
