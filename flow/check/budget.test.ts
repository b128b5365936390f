import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { RE2JS } from 're2js';
import type { NodeCard } from '../document/card.ts';
import type { Workflow } from '../document/workflow.ts';
import { Budget, TooLong } from '../facts/budget.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { check, checkLimits } from './check.ts';
import { misfits } from './params/schema.ts';
import { params } from './rules/params.ts';
import { look } from './view.ts';

// What a check may use, and that it works on no more than it tells of.

const pure = testCards.find(({ type }) => type === 'test.pure') as NodeCard;
const strict = {
  type: 'object',
  properties: { kind: { type: 'string', enum: ['one', 'two'] } },
} as const;
const catalogue = catalogueOf([...testCards, { ...pure, type: 'own.strict', params: strict }]);
const keys = Array.from({ length: 600 }, (_, n) => `n${n}`);
/** Something is wrong in many ways. */
const wrong: Workflow = {
  ...draw(`a:test.start -> ${keys.join(' -> ')}\nb:test.lost -> n0\nloop:test.loop -> n1`, {
    n1: { params: { text: '{{ $json. }}' } },
    n2: { params: { text: "{{ $('nobody').item }}" } },
    n300: { settings: { timeout: '0s' } },
    n500: { params: { when: { op: 'matches', right: '(' } } },
  }),
  pins: { nobody: [1] },
};

/** A clock by which so much time is over at the look of that number. */
const over = (look: number, ms = 1_000_000) => {
  let looks = 0;
  return () => (looks++ < look ? 0 : ms);
};

test('a check that takes longer than it may says so and loses nothing of what it found before', () => {
  const all = check(wrong, catalogue).map((issue) => JSON.stringify(issue));
  const ends = { early: 0, late: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (looks) => {
      const budget = new Budget(checkLimits, over(looks));
      const [first, ...rest] = check(wrong, catalogue, { budget });
      if (!budget.over) return;
      expect(first).toMatchObject({ code: 'too-much-to-check', level: 'error', where: {} });
      for (const issue of rest) expect(all).toContain(JSON.stringify(issue));
      ends[rest.length > 3 ? 'late' : 'early'] += 1;
    }),
  );
  expect(ends.early).toBeGreaterThan(0);
  expect(ends.late).toBeGreaterThan(0);
});

test('a check that may leave throws nothing but that, and says nothing on the way', () => {
  const budget = new Budget({ ...checkLimits, stretchMs: 80 }, over(2, 1_000));
  budget.begins('may-leave');
  expect(() => check(wrong, catalogue, { budget })).toThrow(TooLong);
});

test('with time enough a check finds the same with a budget as without one', () => {
  const budget = new Budget({ ...checkLimits, stretchMs: 80 }, () => 0);
  budget.begins('may-leave');
  expect(check(wrong, catalogue, { budget })).toEqual(check(wrong, catalogue));
});

/** Never ends, and counts what it is told. */
class Counting extends Budget {
  told = 0;
  constructor() {
    super({ ms: Infinity, bytes: Infinity, items: Infinity }, () => 0);
  }
  override spend(): void {
    this.told += 1;
  }
}

test('of a list with 5,000 wrong entries no more are looked at than are told', () => {
  const schema = { type: 'array', items: { type: 'object', properties: { kind: { type: 'string' } } } };
  const wide = { type: 'object', additionalProperties: { type: 'string' } };
  const entries = Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n] as const);
  for (const [root, value] of [
    [schema, entries.map(([, kind]) => ({ kind }))],
    [wide, Object.fromEntries(entries)],
  ] as const) {
    const budget = new Counting();
    expect(misfits(root, value, budget)).toHaveLength(20);
    expect(budget.told).toBeLessThan(1_000);
  }
});

test('fields that a node does not know are looked for until as many are found as one rule may tell of', () => {
  const strange = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`zz${n}`, 1]));
  const nodes = keys.map((key) => ({ key, type: 'own.strict', params: strange }));
  const compared = vi.fn<() => undefined>();
  const view = { ...look({ heddle: 1, name: 'Strange', nodes, edges: [] }, catalogue, {}), meant: compared };
  let told = 0;
  for (const _ of params.check(view)) if (++told === 200) break;
  expect(compared.mock.calls.length).toBeLessThan(250);
});

test('a pattern is compiled once, however often documents with it are checked', () => {
  const compile = vi.spyOn(RE2JS, 'compile');
  const pattern = 'only-here-[a-z]+(x';
  const document = draw('a:test.start -> b -> c', {
    b: { params: { when: { op: 'matches', right: pattern } } },
    c: { params: { when: { op: 'matches', right: pattern } } },
  });
  const codes = [check(document, catalogue), check(document, catalogue)].map((issues) =>
    issues.map(({ code }) => code),
  );
  expect(codes[0]).toEqual(['pattern-unusable', 'pattern-unusable']);
  expect(codes[1]).toEqual(codes[0]);
  expect(compile.mock.calls.filter(([text]) => text === pattern)).toHaveLength(1);
  compile.mockRestore();
});

test('a pattern of a few letters that stands for very many is not compiled', () => {
  const compile = vi.spyOn(RE2JS, 'compile');
  const pattern = '(only{100}){1000}';
  const document = draw('a:test.start -> b', { b: { params: { when: { op: 'matches', right: pattern } } } });
  expect(check(document, catalogue)).toMatchObject([
    { code: 'pattern-unusable', mend: expect.stringContaining('Repeat less') },
  ]);
  expect(compile.mock.calls.filter(([text]) => text === pattern)).toEqual([]);
  compile.mockRestore();
});
