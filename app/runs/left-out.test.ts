import { expect, test } from 'vitest';
import type { RunStatus } from '../../flow/contract/run.ts';
import { goesOnFrom, retryWords, toRetry } from './left-out.ts';

const run = (id: string, status?: RunStatus, as = `again_${id}`) =>
  status ? { id, retriedAs: { id: as, status } } : { id };
const said = (...runs: ReturnType<typeof run>[]) => {
  const { runs: left, says } = toRetry(runs);
  return [left.map(({ id }) => id).join(' '), says];
};

test('an order went out twice: runs chosen together leave out those whose retry did the work or is at it, and say so', () => {
  expect(said(run('a'), run('b'))).toEqual(['a b', '']);
  expect(said(run('a'), run('b', 'finished'))).toEqual(['a', '1 of 2 was retried already and is not retried again']);
  expect(said(run('a', 'running'), run('b', 'waiting'), run('c'))).toEqual([
    'c',
    '2 of 3 were retried already and are not retried again',
  ]);
  expect(said(run('a', 'queued'))).toEqual(['', '1 of 1 was retried already']);
  // A retry that failed too lost it as well.
  expect(said(run('a', 'failed'), run('b', 'cancelled'))).toEqual(['a b', '']);
  // Both are in the list of what failed, and are one order.
  expect(said(run('a', 'failed', 'b'), run('b'))).toEqual(['b', '1 of 2 was retried already and is not retried again']);
});

const failed = (node?: string) => ({
  status: 'failed' as const,
  error: { code: 'x', message: 'm', ...(node === undefined ? {} : { node }) },
});
const finished = { status: 'finished' as const, error: undefined };

test('many runs that failed were all sent again from the start: each goes on from the node that failed, and what is sent twice is said first', () => {
  expect(goesOnFrom(failed('stock'))).toBe('stock');
  expect([goesOnFrom(failed()), goesOnFrom(finished)]).toEqual([undefined, undefined]);
  expect(retryWords([failed('a'), failed('b')])).toBe(
    'Each goes on from the node that failed, and keeps what came before.',
  );
  expect(retryWords([failed()])).toBe('Each runs again from the start: what its steps sent already is sent again.');
  expect(retryWords([finished, failed()])).toBe(
    'Each runs again from the start: what its steps sent already is sent again. 1 of 2 finished.',
  );
  expect(retryWords([finished, failed('a'), failed('b')])).toBe(
    'Those that failed go on from the node that failed, and keep what came before. 1 of 3 (1 finished) run again from the start: what their steps sent already is sent again.',
  );
});
