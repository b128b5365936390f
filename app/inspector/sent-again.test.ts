import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { catalogue } from '../canvas/testing/cards.ts';
import { againWords, sentAgain } from './sent-again.ts';
import { stepOf } from './testing/steps.ts';

const api = 'https://api.example.com/orders';
const order = draw(
  `hook:start.webhook -> big:rules.if
  big.true -> post:connect.http-request
  post -> read:connect.http-request
  post -> keyed:connect.http-request
  big.false -> other:connect.http-request`,
  {
    post: { title: 'post', params: { method: 'POST', url: api } },
    read: { title: 'read', params: { method: 'GET', url: api } },
    keyed: { title: 'keyed', params: { method: 'POST', idempotent: true, url: api } },
    other: { title: 'other', params: { method: 'POST', url: api } },
  },
);
const one = { input: { in: [{ n: 1 }] } };
const ran = [
  stepOf('hook'),
  stepOf('big', one),
  stepOf('post', one),
  stepOf('read', one),
  stepOf('keyed', one),
  stepOf('other', { status: 'skipped' }),
];
const again = (steps: readonly ReturnType<typeof stepOf>[] | undefined, from?: string) =>
  sentAgain({ document: order, catalogue, steps, facts: [] }, from);

test('Retry of a run that had gone well sent its POST a second time, unasked: what is sent again is known before, and named', () => {
  // New keys from the start: the service does not know again what it knows by its key. A GET may be repeated, what was not reached is new.
  expect(again(ran)).toEqual(['post', 'keyed']);
  expect(again(ran, 'post')).toEqual(['post']);
  expect(again(ran, 'keyed')).toEqual([]);
  expect(again(ran, 'other')).toEqual([]);
  expect(againWords(['post'])).toBe('post runs again: what it sends is sent again.');
  expect(againWords(['post', 'keyed'])).toBe('post and keyed run again: what they send is sent again.');
  expect(againWords(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toContain('a, b, c, d and 3 more run again');
});

test('a run that failed goes on from there without a question; one whose retry did the work asks for all that sends', () => {
  const failed = ran
    .map((step) => (step.key === 'post' ? stepOf('post', { ...one, status: 'failed' }) : step))
    .slice(0, 3);
  expect(again(failed, 'post')).toEqual([]);
  expect(again(failed)).toEqual([]);
  expect(again(undefined, 'post')).toEqual(['post']);
});
