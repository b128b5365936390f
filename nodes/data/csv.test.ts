import { expect, test } from 'vitest';
import { readCsv } from './csv.ts';

const reading = { delimiter: ',', header: true, types: 'text' } as const;

test('a header of 10,000 columns of one name is read in time that grows with their number', () => {
  const header = Array.from({ length: 10_000 }, () => 'a').join(',');
  const before = process.threadCpuUsage();
  const [row] = readCsv(`${header}\n${header}`, reading);
  const { user, system } = process.threadCpuUsage(before);
  // 6 s when each looked for a free name from the first.
  expect((user + system) / 1_000).toBeLessThan(1_000);
  expect(Object.keys(row!)).toHaveLength(10_000);
});

test('a name that comes again gets the next number that is free', () => {
  expect(readCsv('a,a_2,a,b,a,b\n1,2,3,4,5,6', reading)).toEqual([
    { a: '1', a_2: '2', a_3: '3', b: '4', a_4: '5', b_2: '6' },
  ]);
});

test('cells beyond the header stand under a name that no column has', () => {
  expect(readCsv('a,more\n1,2,3\n4,5,6', { ...reading, extra: 'more' })).toEqual([
    { a: '1', more: '2', more_2: ['3'] },
    { a: '4', more: '5', more_2: ['6'] },
  ]);
});

test('a delimiter of more than 32 characters is refused', () => {
  expect(() => readCsv('a\n1', { ...reading, delimiter: ','.repeat(33) })).toThrow(/delimiter/);
});
