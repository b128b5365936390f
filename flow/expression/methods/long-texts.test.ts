import { expect, test } from 'vitest';
import { holds } from '../../values/conditions.ts';
import { compileTemplate } from '../compile.ts';
import { scopeOf } from '../testing.ts';

const half = 'a'.repeat(60_000);
const texts = { whole: half.repeat(6), mid: `${half}b${half}`, last: `${half}${half}b` };

/** Milliseconds of this thread's processor time. */
function spent(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
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
