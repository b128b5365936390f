import { expect, test } from 'vitest';
import { capsOf, commandFor } from './keys.ts';

test.each([
  ['Mod+K', ['Ctrl', 'K']],
  ['G H', ['G', 'H']],
  ['+', ['+']],
  ['Mod++', ['Ctrl', '+']],
  ['-', ['-']],
])('the key %s has a cap for each part, and a plus is a cap itself', (keys, caps) => {
  expect(capsOf(keys)).toEqual(caps);
});

test('who has begun a pair means the pair, though a screen that came later takes its second key alone', () => {
  const nodes = { id: 'go.nodes', keys: ['G N'] };
  const add = { id: 'workflow.new', keys: ['N'] };
  const off = { id: 'never', keys: ['N'], when: () => false };
  const all = [nodes, add, off];
  expect(commandFor(all, { stroke: 'N', pair: 'G N' })).toBe(nodes);
  expect(commandFor(all, { stroke: 'N', pair: '' })).toBe(add);
  expect(commandFor(all, { stroke: 'N', pair: 'X N' })).toBe(add);
  expect(commandFor(all, { stroke: 'G', pair: '' })).toBeUndefined();
});
