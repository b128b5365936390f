import { expect, test } from 'vitest';
import { anyFact } from '../../flow/facts/fact.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { waitsOf } from '../../flow/facts/waits.ts';
import { draw } from '../../flow/testing/draw.ts';
import { catalogue } from '../canvas/testing/cards.ts';
import { clock } from '../ui/figures.ts';
import { soon } from '../ui/when.ts';
import { pictureOf } from './run-picture.ts';
import { stepOf } from './testing/steps.ts';
import { waitWords, withWaits } from './wait-words.ts';

const now = Date.now();
const iso = (at: number) => new Date(at).toISOString();
const fact = (seq: number, type: string, data: Record<string, unknown>): StoredFact => ({
  ...anyFact.parse({ type, at: now - 9_000 + seq, data: { stage: 's1', node: 'tell', path: '', ...data } }),
  seq,
});
const suspended = (waiting: object, call = '0') => fact(2, 'call.suspended', { call, op: 'wait', hash: 'h', waiting });
const fault = { code: 'http.dns', message: 'It was not found.' };
// Of the day on which the test runs, whenever that is.
const today = new Date().setHours(23, 59, 58, 0);
const later = now + 3 * 86_400_000;
const retry = fact(1, 'item.failed', { item: 0, attempt: 1, fault, retryAt: today });
const step = stepOf('tell', { status: 'waiting', finishedAt: null });

test.each<[string, StoredFact[], string]>([
  ['an item is tried again', [retry], `Tries again at ${clock(today)}. It was not found.`],
  [
    'a step is tried again',
    [fact(1, 'step.failed', { attempt: 1, fault, retryAt: today })],
    `Tries again at ${clock(today)}. It was not found.`,
  ],
  [
    'days later',
    [fact(1, 'item.failed', { item: 0, attempt: 1, fault, retryAt: later })],
    `Tries again ${soon(iso(later))}. It was not found.`,
  ],
  ['a pause', [suspended({ kind: 'timer', due: today })], `Waits until ${clock(today)}`],
  [
    'pauses of several items',
    [suspended({ kind: 'timer', due: later }), suspended({ kind: 'timer', due: today }, '1')],
    `Waits until ${clock(today)}`,
  ],
  ['a question', [retry, suspended({ kind: 'review', title: 'Pay?', due: later })], 'Waits for an answer'],
  ['another workflow', [suspended({ kind: 'run', children: [] })], 'Waits for another workflow'],
  ['a link', [suspended({ kind: 'token', hash: 'h' })], 'Waits to be called'],
  ['facts that are not here yet', [], 'Waiting'],
])('a step that waited said nothing but “Waiting”: %s', (_, facts, says) => {
  expect(waitWords(step, waitsOf(facts))).toBe(says);
  const graph = draw('hook:start.webhook -> tell:connect.http-request');
  const picture = withWaits(pictureOf(graph, [step], catalogue), [step], waitsOf(facts));
  expect(picture.nodes.get('tell')).toMatchObject({ mark: 'waiting', foot: says });
});
