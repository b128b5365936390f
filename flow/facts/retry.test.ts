import { expect, test } from 'vitest';
import { longestDuration } from '../document/duration.ts';
import type { PlanNode } from '../compile/plan.ts';
import { longestRetryAfter, retryDelay } from './retry.ts';

const hour = 3_600_000;
const node = (waitMs: number) => ({ retry: { times: 3, waitMs, backoff: 'fixed' } }) as PlanNode;
const fault = { code: 'http.status', message: 'busy' };

test.each([
  ['no wait', 1_000, undefined, 1_000],
  ['less than the step waits by itself', 1_000, 200, 1_000],
  ['more', 1_000, 7_000, 7_000],
  ['an hour', 1_000, longestRetryAfter, hour],
  ['more than an hour: no try comes sooner than asked, and none later', 1_000, hour + 1, undefined],
  ['a day, of a step whose author waits for two', 48 * hour, 24 * hour, 48 * hour],
  ['nothing, of one that never comes back', Number.MAX_VALUE, undefined, longestDuration],
])('a service asks for %s (the step waits %i ms by itself, asked for %s): %s ms', (_, own, retryAfterMs, waits) =>
  expect(retryDelay(node(own), { fault, retryAfterMs, attempt: 1 }, 0.5)).toBe(waits),
);
