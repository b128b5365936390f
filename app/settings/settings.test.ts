import { expect, test } from 'vitest';
import { pairOf } from './host-pair.ts';

test('who writes a pair or a whole address means a host with its port', () => {
  const table: [string, string | undefined][] = [
    ['10.0.0.5:8080', '10.0.0.5:8080'],
    [' Ledger.Internal:443/ ', 'ledger.internal:443'],
    ['http://10.0.0.5:8080/orders?x=1', '10.0.0.5:8080'],
    ['https://ledger.internal/a', 'ledger.internal:443'],
    ['http://localhost', 'localhost:80'],
    ['http://[::1]:8080/', '[::1]:8080'],
    ['[::1]:8080', '[::1]:8080'],
    ['10.0.0.5', undefined],
    ['10.0.0.5:0', undefined],
    ['10.0.0.5:70000', undefined],
    ['a b:80', undefined],
    ['http://', undefined],
    ['', undefined],
  ];
  expect(table.map(([text]) => pairOf(text))).toEqual(table.map(([, pair]) => pair));
});
