import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, OverBudget } from '../../facts/budget.ts';
import { codeLength } from '../code-length.ts';
import { compileTemplate } from '../compile.ts';
import { scopeOf } from '../testing.ts';
import { programOf } from './program.ts';
import { writtenOut, writtenOutIn } from './size.ts';

test.each([
  ['abc', 3],
  ['a{1000}b', 1_001],
  ['(?:ab){3}', 18],
  ['((a{10}){10}){10}', 1_220],
  ['a{2,}', 3],
  ['a{2,5}', 5],
  ['[a-z(){9}]{4}', 4],
  [String.raw`\{{3}\u{1000}\p{L}{2}`, 6],
  ['a{0}', 1],
  ['(a{100}', 100],
])('%s is written out in %i characters', (pattern, length) => {
  expect(writtenOut(pattern)).toBe(length);
});

const pieces = [
  'a',
  'é',
  '[a-z]',
  '\\d',
  '\\p{L}',
  '.',
  '(',
  '(?:',
  ')',
  '|',
  '*',
  '+',
  '?',
  '{3}',
  '{2,7}',
  '{4,}',
  '{30}',
];

test('what RE2 makes of a pattern is a few times as long as that at most, also where the pattern stands in code', () => {
  let tried = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }), (parts) => {
      const source = parts.join('');
      if (writtenOut(source) > 5_000) return;
      const size = sizeOf(source);
      if (size === undefined) return;
      tried += 1;
      expect(size).toBeLessThan(writtenOut(source) * 3 + 10);
      expect(size).toBeLessThan(writtenOutIn(`f(/${source}/u, [x])`) * 3 + 10);
    }),
    { numRuns: 2_000 },
  );
  expect(tried).toBeGreaterThan(200);
});

function sizeOf(source: string): number | undefined {
  try {
    return programOf(source, 'u').size;
  } catch {
    return undefined;
  }
}

test.each(['a{1000}'.repeat(285), '((a{100}){100}){10}'])(
  'a pattern of a few letters that stands for very many is refused: it was compiled for two seconds, and 25 MB were kept',
  (pattern) => {
    const before = process.threadCpuUsage();
    const work = () => compileTemplate('{{ "aaa".match(new RegExp($json)) }}')(scopeOf(pattern));
    expect(work).toThrow('its repeats are too long together');
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(300);
  },
);

test('the budget is told of a pattern before it is compiled, and of patterns in code before that is', () => {
  const pattern = 'x{900}'.repeat(10);
  const budgetOf = () => new Budget({ ms: 20, bytes: 1_000_000, items: 1 }, () => 0);
  expect(() => programOf(pattern, '', budgetOf())).toThrow(OverBudget);
  const known = programOf(pattern, '');
  expect(programOf(pattern, '', budgetOf())).toBe(known);

  const code = '{{ [/(y{90}){90}/, /(z{90}){90}/] }}';
  expect(codeLength(code)).toBeGreaterThan(15_000);
  expect(() => compileTemplate(code, { budget: budgetOf() })).toThrow(OverBudget);
});
