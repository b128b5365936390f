import { expect, test } from 'vitest';
import { capsOf } from './keys.ts';

test.each([
  ['Mod+K', ['Ctrl', 'K']],
  ['G H', ['G', 'H']],
  ['+', ['+']],
  ['Mod++', ['Ctrl', '+']],
  ['-', ['-']],
])('the key %s has a cap for each part, and a plus is a cap itself', (keys, caps) => {
  expect(capsOf(keys)).toEqual(caps);
});
