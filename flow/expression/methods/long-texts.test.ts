import { expect, test } from 'vitest';
import { Budget, OverBudget } from '../../facts/budget.ts';
import { holds } from '../../values/conditions.ts';
import { compileTemplate } from '../compile.ts';
import { scopeOf } from '../testing.ts';

const half = 'a'.repeat(60_000);
const texts = { whole: half.repeat(6), mid: `${half}b${half}`, last: `${half}${half}b` };
const [one, other] = ['\u0315', '\u0316'].map((mark) => mark.repeat(20_000));
const marked = { up: `a${one}${other}b`, down: `a${other}${one}b` };

/** Milliseconds of this thread's processor time. */
function processorMs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1_000;
}
function spent(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  return processorMs(before);
}

// The host takes from 5 s to a minute for each: it compares each letter of the one with each of the other.
test.each([
  ['$json.whole.includes($json.mid)', false],
  ['$json.whole.indexOf($json.mid)', -1],
  ['$json.whole.lastIndexOf($json.last)', -1],
  ['$json.whole.split($json.mid).length', 1],
  ['$json.whole.replace($json.mid, "x") === $json.whole', true],
  ['$json.whole.replaceAll($json.mid, "x") === $json.whole', true],
  ['$json.whole.quote($json.mid).length', 600_002],
  ['$json.removeFieldsContaining($json.mid).keys().length', 2],
  ['$jmespath($json, "contains(whole, mid)")', false],
])('%s is worked out in time that grows with the lengths of the texts', (code, wanted) => {
  let made: unknown;
  expect(spent(() => (made = compileTemplate(`{{ ${code} }}`)(scopeOf(texts))))).toBeLessThan(1_000);
  expect(made).toBe(wanted);
});

test('so is a condition that looks for a text of a stranger in another', () => {
  const where = { left: texts.whole, op: 'contains', right: texts.mid } as const;
  expect(spent(() => expect(holds(where)).toBe(false))).toBeLessThan(1_000);
});

test.each([
  ['$json.up.localeCompare($json.down) !== 2', marked, true],
  ['$json.up.replaceSpecialChars()', marked, 'ab'],
  ['"x".replace("x", $json.names).length', { names: '$<'.repeat(60_000) }, 120_000],
  ['($json.text + "@").extractEmail()', { text: 'a'.repeat(3_000_000) }, undefined],
])('what takes the host the square of a length does not take it here: %s', (code, json, wanted) => {
  let made: unknown;
  expect(spent(() => (made = compileTemplate(`{{ ${code} }}`)(scopeOf(json))))).toBeLessThan(700);
  expect(made).toBe(wanted);
});

const long =
  'const s = "a".repeat(3_000_000); const x = s + "b"; const y = s + "c"; const l = Array.from({ length: 20_000 }, () => x);';
test.each([
  '$json.up.normalize("NFD").length',
  `(() => { ${long} return l.includes(y); })()`,
  `(() => { ${long} return l.indexOf(y); })()`,
  `(() => { ${long} return l.lastIndexOf(y); })()`,
  `(() => { ${long} return l.map((v, i) => (i % 2 ? x : y)).sort().length; })()`,
  `(() => { ${long} return l.unique().length; })()`,
  '$jmespath({}, "a.".repeat(2_000_000) + "a")',
  `(() => { ${long} return $jmespath({ l, y }, "contains(l, y)"); })()`,
  `(() => { ${long} return $jmespath(l.map((v, i) => (i % 2 ? x : y)), "sort(@)").length; })()`,
])('what texts are compared with is told to the budget: %s', (code) => {
  const budget = new Budget({ ms: 50, bytes: 256_000_000, items: 1 }, () => processorMs());
  const scope = scopeOf(marked, {}, { budget });
  let thrown: unknown;
  const work = () => {
    try {
      compileTemplate(`{{ ${code} }}`)(scope);
    } catch (error) {
      thrown = error;
    }
  };
  expect(spent(work)).toBeLessThan(700);
  expect(thrown).toBeInstanceOf(OverBudget);
});

test.each([
  ['a@b.co', 'a@b.co'],
  ['to: <x.y+z%1@mail.example.com>, q@r.st', 'x.y+z%1@mail.example.com'],
  ['a@@b.co', undefined],
  ['@b.co c@d c@d.efg', 'c@d.efg'],
  [`${'a'.repeat(70)}@b.co`, `${'a'.repeat(64)}@b.co`],
])('an address in %s is found from its @', (text, wanted) => {
  expect(compileTemplate('{{ $json.extractEmail() }}')(scopeOf(text))).toBe(wanted);
});
