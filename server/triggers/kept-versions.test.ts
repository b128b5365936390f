import { expect, test } from 'vitest';
import { catalogueOf, testCards } from '../../flow/testing/cards.ts';
import { compile } from '../../flow/compile/compile.ts';
import { draw } from '../../flow/testing/draw.ts';
import { keptVersions } from './kept-versions.ts';

const versionOf = (text: string) => {
  const document = draw('a:test.start -> b', { b: { params: { text } } });
  const compiled = compile(document, catalogueOf(testCards));
  if (!compiled.ok) throw new Error('it does not compile');
  return { plan: compiled.plan, document };
};

test('versions are kept by what they weigh, the latest longest', () => {
  const kept = keptVersions(1_000, 100_000);
  for (const name of ['one', 'two', 'three']) kept.set(name, versionOf('x'.repeat(20_000)));
  expect([...kept.keys()]).toEqual(['three', 'two']);
  kept.set('four', versionOf('x'.repeat(60_000)));
  // Heavier than all of them together may be: nothing is thrown away for it.
  expect([...kept.keys()]).toEqual(['three', 'two']);
});

test('small ones are kept by their number', () => {
  const kept = keptVersions(2);
  for (const name of ['one', 'two', 'three']) kept.set(name, versionOf(''));
  expect([...kept.keys()]).toEqual(['three', 'two']);
});
