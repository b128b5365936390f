import { expect, test } from 'vitest';
import type { StoredFact } from '../../flow/facts/fact.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { newsOf, whyCancelled } from './news-of.ts';

const step = (key: string, status: RunStep['status']): RunStep => ({
  id: key,
  key,
  type: 't',
  path: '',
  attempt: 1,
  status,
  startedAt: null,
  finishedAt: null,
  input: {},
  output: {},
  logs: [],
});
const cancelled = (data: { reason: string; by?: string }): StoredFact[] => [
  { seq: 1, at: 1, type: 'stage.skipped', data: { stages: [] } },
  { seq: 2, at: 2, type: 'run.cancelled', data },
];

test('a cancelled run opened on Start: it opens on the step that was cut off', () => {
  const steps = [step('hand', 'finished'), step('ask', 'cancelled')];
  expect(newsOf({ status: 'cancelled', needs: [] }, steps)?.key).toBe('ask');
  expect(newsOf({ status: 'cancelled', needs: [] }, steps.slice(0, 1))?.key).toBe('hand');
});

test('a run opened on its last step while items of another had failed: it opens on the step that finished with errors', () => {
  const steps = [{ ...step('tell', 'finished'), failed: 3 }, step('sum', 'finished')];
  expect(newsOf({ status: 'finished', needs: [] }, steps)?.key).toBe('tell');
});

test('a cancelled run did not say why: it says who cancelled it by name, never by id, and the reason where one was given', () => {
  const why = (data: { reason: string; by?: string }) =>
    whyCancelled(cancelled(data), (id) => (id === 'user_1' ? 'Ines' : undefined));
  expect(why({ reason: 'cancelled', by: 'user_1' })).toBe('Cancelled by Ines.');
  expect(why({ reason: 'unpublished', by: 'user_1' })).toBe('Cancelled by Ines: unpublished.');
  expect(why({ reason: 'cancelled', by: 'user_2' })).toBe('Cancelled.');
  expect(why({ reason: 'Sent twice. ', by: 'user_1' })).toBe('Cancelled by Ines: Sent twice.');
  expect(why({ reason: 'Really?', by: 'user_1' })).toBe('Cancelled by Ines: Really?');
  expect(why({ reason: 'cancelled', by: 'key_1' })).toBe('Cancelled by an API key.');
  expect(why({ reason: 'its parent was cancelled' })).toBe('Cancelled: its parent was cancelled.');
  expect(whyCancelled(cancelled({ reason: 'x' }).slice(0, 1))).toBeUndefined();
});
