import { expect, test } from 'vitest';
import { nearest, quote } from './quote.ts';

test('a stranger’s text cannot turn, hide or flood a message', () => {
  expect(quote('a\u202Eb\u200Bc\nd')).toBe('“a�b�c�d”');
  expect(quote('x'.repeat(1_000))).toHaveLength(83);
});

test.each([
  ['egdes', 'edges'],
  ['rules.fi', 'rules.if'],
  ['connect.http-requst', 'connect.http-request'],
  ['banana', undefined],
  ['x'.repeat(100), undefined],
])('for %s, most likely meant is %s', (word, meant) => {
  expect(nearest(word, ['edges', 'rules.if', 'connect.http-request'])).toBe(meant);
});
