import { expect, test } from 'vitest';
import type { Run } from '../../flow/contract/run.ts';
import { lastWord } from './last-word.ts';

const run = (part: Partial<Run>) => ({ status: 'finished' as const, error: undefined, needs: [], ...part });

test.each([
  ['one that went well says nothing', run({}), ''],
  ['one that failed says why', run({ status: 'failed', error: { code: 'a', message: 'It broke.' } }), 'It broke.'],
  [
    'one that was cancelled said “cancelled” once more',
    run({ status: 'cancelled', error: { code: 'a', message: 'cancelled' } }),
    '',
  ],
  ['a reason is told as one', run({ status: 'cancelled', error: { code: 'a', message: 'tried' } }), 'Reason: tried'],
  ['a timer is waited for', run({ status: 'waiting' }), 'Waits for a time or an event'],
  ['one question is asked', run({ status: 'waiting', needs: [{ kind: 'review', title: 'Pay?' }] as never }), 'Pay?'],
  [
    'two are counted',
    run({ status: 'waiting', needs: [{ kind: 'review' }, { kind: 'review' }] as never }),
    'Waits for 2 answers',
  ],
  [
    'a doubt comes first',
    run({ status: 'waiting', needs: [{ kind: 'review' }, { kind: 'in-doubt' }] as never }),
    'A call may have happened',
  ],
])('%s', (_, one, words) => {
  expect(lastWord(one)).toBe(words);
});
