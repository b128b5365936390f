import { expect, test } from 'vitest';
import { valueOver } from './value-over.ts';

const place = { zone: 'UTC', now: 0 };

test('a key is worked out within one budget: what many expressions cost together is over', () => {
  const part = '{{ $json.list.filter((one) => $json.list.filter((other) => other > one).length > 100).length }}';
  const item = { list: Array.from({ length: 150 }, (_, at) => at) };
  expect(valueOver('{{ $json.list.length }}', item, place)).toBe('150');
  expect(valueOver(part.repeat(60), item, place)).toBeUndefined();
});
