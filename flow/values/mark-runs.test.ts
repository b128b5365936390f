import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, TooLong } from '../facts/budget.ts';
import { aboutMarks, withShortMarks } from './mark-runs.ts';

const letters = fc.constantFrom('a', 'Å', '\u0301', '\u0316', '\u0315', '\u034F', '한', '\u0F71', '\ud834\udd65');
const texts = fc.array(fc.tuple(letters, fc.integer({ min: 1, max: 50 })), { maxLength: 8 });

test('at most 30 marks stand upon a letter; a text with fewer stays as it is, and so does what is no joiner in any', () => {
  fc.assert(
    fc.property(texts, (pieces) => {
      const text = pieces.map(([letter, times]) => letter.repeat(times)).join('');
      const made = withShortMarks(text);
      const isLong = /\p{M}{31}/u.test(text);
      if (!isLong) expect(made).toBe(text);
      expect(made.replaceAll('\u034F', '')).toBe(text.replaceAll('\u034F', ''));
      expect(/[^\P{M}\u034F]{31}/u.test(made)).toBe(false);
    }),
  );
});

test('marks that would be put in order for longer than a stage may are not', () => {
  const budget = new Budget({ ms: 1_000, stretchMs: 10, bytes: 1, items: 1 }, () => 0);
  budget.begins('may-leave');
  aboutMarks('e\u0301'.repeat(100_000), budget);
  expect(() => aboutMarks(`a${'\u0315'.repeat(20_000)}`, budget)).toThrow(TooLong);
});
