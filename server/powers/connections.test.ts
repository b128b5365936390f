import { expect, test } from 'vitest';
import { emptyState } from '../../flow/facts/state.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import { lender } from './lend.ts';
import type { Borrower, Lenders } from './lend.ts';

test('nodes that keep something never have all connections in hand, nor one workspace all that they may have', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const under: string[] = [];
  const increment = (workspace: string) => async () => {
    under.push(workspace);
    await promise;
    under.splice(under.indexOf(workspace), 1);
    return 1;
  };
  const lenders = {
    grantsOf: async () => ({ power: () => {} }),
    state: ({ workspace }: Borrower) => ({ increment: increment(workspace) }),
  } as unknown as Lenders;
  const lend = lender(lenders);
  const request = { node: { key: 'n' }, signal: new AbortController().signal } as unknown as PowerRequest;
  const add = (workspace: string) => {
    const borrower = { workspace, run: 'run_1', state: () => emptyState } as unknown as Borrower;
    return lend(borrower)('state', request).increment('count', 1);
  };
  const all = Array.from({ length: 50 }, () => add('a'));
  await new Promise((done) => setImmediate(done));
  expect(under).toEqual(['a', 'a', 'a']);
  all.push(add('b'));
  await new Promise((done) => setImmediate(done));
  expect(under).toEqual(['a', 'a', 'a', 'b']);
  resolve();
  expect(await Promise.all(all)).toHaveLength(51);
  expect(under).toEqual([]);
});
