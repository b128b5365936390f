import { expect, test } from 'vitest';
import { signedParts } from './signed-text.ts';

test('what a sender signs is read part by part', () => {
  expect(signedParts('v0:{time}:{header:X-Shop}{body}{other}')).toEqual([
    { is: 'text', text: 'v0:' },
    { is: 'time' },
    { is: 'text', text: ':' },
    { is: 'header', name: 'x-shop' },
    { is: 'body' },
    { is: 'text', text: '{other}' },
  ]);
});

test.each(['{body}{body}', '{time}'.repeat(11), 'a'.repeat(1_001)])(
  'what no sender signs is not read: %s',
  (template) => {
    expect(signedParts(template)).toBeUndefined();
  },
);
