import { expect, test } from 'vitest';
import { readsItem } from './reads-item.ts';

test.each([
  ['Ship {{ $json.number }}?', true],
  ["Ship {{ $('orders').item.json.number }}?", true],
  ['{{ $input.item.id }}', true],
  ['{{ $input.first().id }}', true],
  ['{{ `${$itemIndex + 1}` }}', true],
  ['Ship {{ $input.all().length }} orders?', false],
  ["{{ $('orders').all().length }} since {{ $('orders').first().at }}", false],
  ['{{ { $json: 1 }.$json }}', false],
  ['Ship $json?', false],
  ['{{ $input.', false],
])('%s reads the item: %s', (text, reads) => {
  expect(readsItem({ title: [text] })).toBe(reads);
});
