import { expect, test } from 'vitest';
import { asWorkedOut, lotsOf, limitsOf, workedOut } from './limits.ts';
import { KeyFailed, keyFault, shortKey, valueOver } from './value-over.ts';

const place = { zone: 'UTC', now: 0 };

test('a key is worked out within one budget: what many expressions cost together is over', () => {
  const part = '{{ $json.list.filter((one) => $json.list.filter((other) => other > one).length > 100).length }}';
  const item = { list: Array.from({ length: 150 }, (_, at) => at) };
  expect(valueOver('dedupeKey', '{{ $json.list.length }}', item, place)).toBe('150');
  expect(() => valueOver('dedupeKey', part.repeat(60), item, place)).toThrow(KeyFailed);
});

test('a key that is over a limit, or fails, is none that is not there: nobody goes on without it', () => {
  const item = { text: 'a'.repeat(1_000_000), number: 7, empty: '', none: null };
  for (const nothing of ['{{ $json.empty }}', '{{ $json.none }}', '{{ $json.other.part }}', ''])
    expect(valueOver('dedupeKey', nothing, item, place)).toBeUndefined();
  const lotOf = workedOut(item, place);
  expect(lotOf('concurrency', '{{ $json.other }}')).toBe('concurrency ');
  for (const [key, why] of [
    ['{{ $json.text.repeat(20) }}', /than a key may/],
    ['{{ $json.text }}'.repeat(17), /than a key may/],
    ['{{ $json.number.toFixed(200) }}', /cannot be worked out of what came\.$/],
  ] as const) {
    expect(() => valueOver('dedupeKey', key, item, place), key).toThrow(why);
    expect(() => lotOf('concurrency', key), key).toThrow(/^The setting concurrency\.key/);
  }
});

test('who sent it is told nothing of the data; members are told what went wrong', () => {
  const failed = () => valueOver('dedupeKey', '{{ $json.token.toNumber() }}', { token: 'hunter2' }, place);
  const error = ((): unknown => {
    try {
      return failed();
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ status: 422, code: 'key-failed', message: expect.not.stringContaining('hunter2') });
  expect(keyFault(error as KeyFailed)).toMatchObject({
    code: 'key.failed',
    message: expect.stringContaining('hunter2'),
  });
});

test('a key of a hundred thousand expressions is not compiled for each call', () => {
  const key = '{{ $json.id["a"] }}'.repeat(100_000);
  const before = process.threadCpuUsage();
  for (let call = 0; call < 3; call++)
    expect(() => valueOver('dedupeKey', key, { id: { a: 1 } }, place)).toThrow(KeyFailed);
  const { user, system } = process.threadCpuUsage(before);
  // 3 s each before.
  expect((user + system) / 1_000).toBeLessThan(1_500);
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
