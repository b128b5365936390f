import { expect, test } from 'vitest';
import { initials } from './initials.ts';

test.each([
  ['Zoë 🦊', 'Z🦊'],
  ['👩‍👩‍👧 Family', '👩‍👩‍👧F'],
  ['e\u0301va k', 'E\u0301K'],
  ['🇸🇪', '🇸🇪'],
  [' Ann  Lee ', 'AL'],
  ['ann.lee@example.com', 'AL'],
  ['', ''],
])('%s is %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});
