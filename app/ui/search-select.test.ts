import { expect, test } from 'vitest';
import { placeAfter } from './search-select.tsx';

test('keys go through the list, stop at its ends, and pass over what cannot be chosen', () => {
  const list = [{ disabled: true }, {}, { disabled: true }, {}, {}];
  expect(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'a'].map((key) => placeAfter(1, list, key))).toEqual([
    3,
    1,
    4,
    1,
    undefined,
  ]);
  expect(placeAfter(4, list, 'ArrowDown')).toBe(4);
  expect(placeAfter(-1, [], 'ArrowDown')).toBe(-1);
});
