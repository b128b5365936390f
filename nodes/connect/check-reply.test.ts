import { expect, test } from 'vitest';
import type { Compute } from '../kit/computation.ts';
import { replyOf } from '../kit/fakes.ts';
import { verdictOf } from './check-reply.ts';

test.each([
  ['{"data":[{"id":1}]}', 'done'],
  ['{"data":[]}', 'not-done'],
  ['{', 'unknown'],
])('what a service says of a request is read where there is time for it: %s', async (text, did) => {
  const asked: string[] = [];
  const compute: Compute = async (computation, given) => {
    asked.push(computation.name);
    return computation.work(given);
  };
  const reply = replyOf({ text }, 'https://x.example/orders');
  const said = await verdictOf('data.0', reply, { gives: () => 'given', compute });
  expect([said.did, asked]).toEqual([did, ['json']]);
});
