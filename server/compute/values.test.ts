import { expect, test } from 'vitest';
import { listAt, ValueTable } from './values.ts';

test('one object is one place, in every list and on the way back; equal ones are two', () => {
  const [a, b] = [{ n: 1 }, { n: 1 }];
  const there = new ValueTable();
  const first = there.put([a, b, a, 1, 1]);
  const second = there.put([b]);
  expect(there.added).toEqual([a, b, 1, 1]);
  // As the other side has it.
  const values: unknown[] = JSON.parse(JSON.stringify(there.added));
  const list = listAt(values, first);
  expect(list[2]).toBe(list[0]);
  expect(list[1]).not.toBe(list[0]);
  expect(listAt(values, second)[0]).toBe(list[1]);
  const back = new ValueTable(values);
  const made = back.put([list[1], { n: 2 }]);
  expect(back.added).toEqual([{ n: 2 }]);
  expect(listAt([...there.added, ...back.added], made)[0]).toBe(b);
});
