import { expect, test } from 'vitest';
import { asWorkedOut, lotsOf, limitsOf, workedOut } from './limits.ts';
import { shortKey, valueOver } from './value-over.ts';

const place = { zone: 'UTC', now: 0 };

test('a key is worked out within one budget: what many expressions cost together is over', () => {
  const part = '{{ $json.list.filter((one) => $json.list.filter((other) => other > one).length > 100).length }}';
  const item = { list: Array.from({ length: 150 }, (_, at) => at) };
  expect(valueOver('{{ $json.list.length }}', item, place)).toBe('150');
  expect(valueOver(part.repeat(60), item, place)).toBeUndefined();
});

test('a key of any length is stored short, and two that differ at their end are two', () => {
  const long = '\u{1F9F6}'.repeat(500_000);
  const lotOf = (key: string) => workedOut({ key }, place)('throttle', '{{ $json.key }}');
  for (const of of [shortKey, lotOf]) {
    expect(of('order 7')).toContain('order 7');
    const [one, other] = [of(`${long}1`), of(`${long}2`)];
    // An index of Postgres takes 2,704 bytes in all.
    expect(Buffer.byteLength(one)).toBeLessThan(700);
    expect(one).not.toBe(other);
    expect(of(`${long}1`)).toBe(one);
  }
  const document = { settings: { throttle: { limit: 1, per: '1h', key: '{{ $json.key }}' } } };
  const first = limitsOf(document, workedOut({ key: long }, place));
  expect(limitsOf(document, asWorkedOut(lotsOf(first)))).toEqual(first);
});
