import { expect, test } from 'vitest';
import { testCatalogue } from '../../flow/testing/cards.ts';
import { draw } from '../../flow/testing/draw.ts';
import { checkHere } from './check-here.ts';

/** Each look at it finds that a fifth of a second has gone by. */
const hurrying = () => {
  let now = 0;
  return () => (now += 200);
};

const nodes = Array.from({ length: 3_000 }, (_, n) => `n${n}`);
const large = draw(`b:test.lost -> n0\na:test.start -> ${nodes.join(' -> ')}`);

test('a check that would hold the page ends, says so as a warning, and keeps what it found', () => {
  const issues = checkHere(large, testCatalogue, {}, hurrying());
  expect(issues).toContainEqual(expect.objectContaining({ code: 'too-much-to-check', level: 'warning' }));
  expect(issues).toContainEqual(expect.objectContaining({ code: 'unknown-type', where: { node: 'b' } }));
});

test('one that is quick enough is the check', () => {
  const issues = checkHere(large, testCatalogue, {}, () => 0);
  expect(issues.map(({ code }) => code)).not.toContain('too-much-to-check');
});
