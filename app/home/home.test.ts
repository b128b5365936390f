import { expect, test } from 'vitest';
import type { Run } from '../../flow/contract/run.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { needsOf } from './attention.ts';
import { medianOf, slowWords } from './figures.tsx';
import { arrange, sortFrom, sortText } from './sorting.ts';
import { sparkWords, successOf } from './spark.tsx';
import { triggerOf } from '../ui/run-state.ts';
import { isByTrigger, kindOf, notCounted } from './trigger-runs.ts';
import { asDocument } from './as-document.ts';

const workflow = (name: string, more: Partial<ListedWorkflow> = {}): ListedWorkflow => ({
  id: name,
  name,
  revision: 1,
  published: null,
  latest: null,
  changed: true,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  nextFire: null,
  triggers: [],
  needs: 0,
  lastRuns: [],
  ...more,
});
const run = (id: string, more: Partial<Run> = {}): Run => ({
  id,
  workflow: 'orders',
  start: 'hook',
  version: 1,
  status: 'finished',
  trigger: 'webhook',
  startedAt: '2026-11-21T08:00:00Z',
  finishedAt: null,
  durationMs: 5,
  needs: [],
  ...more,
});
const now = Date.parse('2026-11-21T09:00:00Z');
const looking = { nameOf: (id: string) => id, now };
const fault = { code: 'x', message: 'It answered 503.', node: 'tell' };
const failed = (id: string, more: Partial<Run> = {}) => run(id, { status: 'failed', error: fault, ...more });

test('workflows are found by all words and sorted either way; what has nothing to sort by stands last', () => {
  const all = [
    workflow('Orders 10', { updatedAt: '2026-11-02' }),
    workflow('orders 9', { updatedAt: '2026-11-03', published: 1, nextFire: '2026-11-22' }),
    workflow('Leave', { updatedAt: '2026-11-01', published: 1, nextFire: '2026-11-21' }),
  ];
  const seen = (sort: string | null, words = '') =>
    arrange(all, new Map(), { words, sort: sortFrom(sort) }).map((one) => one.name);
  expect(seen(null)).toEqual(['orders 9', 'Orders 10', 'Leave']);
  expect(seen('name')).toEqual(['Leave', 'orders 9', 'Orders 10']);
  expect(seen('-name', 'ORD')).toEqual(['Orders 10', 'orders 9']);
  expect(seen('fire')).toEqual(['Leave', 'orders 9', 'Orders 10']);
  expect(seen('-fire')).toEqual(['orders 9', 'Leave', 'Orders 10']);
  expect(['name', '-last', '-changed', 'nonsense'].map((text) => sortText(sortFrom(text)))).toEqual([
    'name',
    '-last',
    undefined,
    undefined,
  ]);
});

test('what needs somebody: doubts first, failures of one kind as one line, questions, then what is not published', () => {
  const doubt = run('d', { status: 'waiting', needs: [{ kind: 'in-doubt' }] });
  const question = run('q', { status: 'waiting', needs: [{ kind: 'review' }] });
  const changed = [
    workflow('Rates', { published: 2, changed: true }),
    workflow('Draft', { published: null, changed: true }),
  ];
  const kinds = needsOf([doubt, failed('a'), failed('b'), question, doubt], looking, changed).map(({ kind, title }) => [
    kind,
    title,
  ]);
  expect(kinds).toEqual([
    ['doubt', 'A call may have happened'],
    ['failed', '2 runs failed the same way'],
    ['waiting', 'An answer is needed'],
    ['queued', 'A change is not published'],
  ]);
});

test('runs by hand counted as failures on Home: whoever pressed Run saw it fail, and a draft says nothing of what is live', () => {
  expect(needsOf([failed('a', { trigger: 'manual' })], looking)).toEqual([]);
  expect(needsOf([failed('b', { version: null })], looking)).toEqual([]);
});

const lostOf = (runs: readonly Run[], more: object = {}) =>
  needsOf(runs, { ...looking, ...more }).map(({ title, runs: ids = [] }) => [title, ids.join(' ')]);

test('one good run hid two orders that were lost: a failure stays until a retry made it good, for a week', () => {
  expect(lostOf([run('later'), failed('a'), failed('b')])).toEqual([['2 runs failed the same way', 'a b']]);
  const retried = failed('a', { retriedAs: { id: 'again', status: 'finished' } });
  const again = run('again', { retryOf: 'a' });
  expect(lostOf([again, retried, failed('b')])).toEqual([['A run failed', 'b']]);
  expect(
    lostOf([
      failed('old', { startedAt: '2026-11-14T08:59:00Z' }),
      failed('days', { startedAt: '2026-11-15T08:00:00Z' }),
    ]),
  ).toEqual([['A run failed', 'days']]);
  expect(lostOf([failed('a'), failed('b')], { isCut: true })).toEqual([['2 or more runs failed the same way', 'a b']]);
});

test('a failure and its retry that failed too are one order: the latest stands for both, and a retry under way is not yet success', () => {
  const first = failed('a', { retriedAs: { id: 'again', status: 'failed' } });
  expect(lostOf([failed('again', { retryOf: 'a' }), first])).toEqual([['A run failed', 'again']]);
  expect(lostOf([failed('a', { retriedAs: { id: 'again', status: 'running' } })])).toEqual([['A run failed', 'a']]);
  expect(lostOf([failed('a', { retriedAs: { id: 'again', status: 'cancelled' } })])).toEqual([['A run failed', 'a']]);
});

test('a failure that somebody dismissed is no news; the next one is', () => {
  expect(lostOf([failed('b'), failed('a')], { dismissed: new Set(['a']) })).toEqual([['A run failed', 'b']]);
  expect(lostOf([failed('a')], { dismissed: new Set(['a']) })).toEqual([]);
});

test('retries were counted as runs by hand, and made a workflow look better than it is', () => {
  const runs = [run('again', { retryOf: 'a' }), run('tried', { trigger: 'manual' }), failed('a'), run('b')];
  expect(runs.filter(isByTrigger).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(notCounted(runs)).toBe('Runs by triggers; 1 by hand and 1 retry are not counted');
  expect(notCounted([run('a1', { retryOf: 'a' }), run('a2', { retryOf: 'a', trigger: 'manual' })])).toBe(
    'Runs by triggers; 2 retries are not counted',
  );
  expect(notCounted([run('tried', { version: null })])).toBe('Runs by triggers; 1 by hand is not counted');
  expect(notCounted([run('b')])).toBe('Runs by triggers');
});

test('a test call was listed and counted as a run by hand', () => {
  const call = run('call', { trigger: 'test-call', version: null });
  expect(triggerOf(call)).toBe('Test call');
  expect(isByTrigger(call)).toBe(false);
  expect(notCounted([call])).toBe('Runs by triggers; 1 test call is not counted');
  expect(notCounted([call, call, run('hand', { version: null }), run('again', { retryOf: 'a' })])).toBe(
    'Runs by triggers; 1 by hand, 2 test calls and 1 retry are not counted',
  );
});

test('the last run is the last one, whoever began it, and says what it was where no trigger did', () => {
  // Green beside a last bar that is red: the bars are of triggers, and say so.
  const runs = [run('again', { retryOf: 'a' }), failed('a')];
  expect(sparkWords(runs)).toBe('Last run by a trigger, 1 failed');
  expect(
    [
      run('again', { retryOf: 'a' }),
      run('call', { trigger: 'test-call', version: null }),
      run('draft', { version: null, trigger: 'manual' }),
      run('hand', { trigger: 'manual' }),
      run('hook'),
    ].map(kindOf),
  ).toEqual(['retry of a', 'test call', 'draft', 'by hand', '']);
  // A failure that was made good stood as the last run for a quarter of an hour, with the retry above it in the list of runs.
  const mended = workflow('mended', {
    lastRuns: [
      run('r', { retryOf: 'f', startedAt: '2026-11-21T08:30:00Z' }),
      failed('f', { startedAt: '2026-11-21T08:00:00Z' }),
    ],
  });
  const other = workflow('other', { lastRuns: [run('o', { startedAt: '2026-11-21T08:10:00Z' })] });
  const order = arrange([mended, other], new Map(), { words: '', sort: sortFrom('-last') });
  expect(order.map((one) => one.name)).toEqual(['mended', 'other']);
});

test('bars said 4 failed with retries and runs by hand, and a success rate beside them left those out: both are of the same runs', () => {
  const runs = [run('again', { retryOf: 'a' }), failed('hand', { trigger: 'manual' }), failed('a'), run('b'), run('c')];
  expect(sparkWords(runs)).toBe('Last 3 runs by triggers, 1 failed');
  expect(successOf(runs)).toEqual({ rate: '67 %', says: '2 of 3 runs by triggers went well' });
  expect(sparkWords([failed('hand', { trigger: 'manual' })])).toBe('No runs by triggers yet');
  // Of a busy one, neither counts what the bars do not show.
  const busy = [...Array.from({ length: 14 }, (_, at) => run(`n${at}`)), failed('old')];
  expect([sparkWords(busy), successOf(busy)?.rate]).toEqual(['Last 14 runs by triggers, none failed', '100 %']);
});

test('a text that is no JSON was refused without a place: the import says at which line and column it breaks', () => {
  expect(() => asDocument('{\n  "heddle": 1,\n  "name": Orders\n}')).toThrow('It breaks at line 3, column 11: “');
  expect(() => asDocument('{ "heddle": 1')).toThrow('line 1, column 14');
  expect(asDocument('{ "heddle": 1 }')).toEqual({ heddle: 1 });
});

test('99 % of five runs was the slowest of them, and is called that', () => {
  expect(slowWords([])).toBe('no run is over');
  expect(slowWords([3, 11, 54])).toBe('slowest 54 ms');
  expect(slowWords(Array.from({ length: 200 }, (_, at) => at))).toBe('99 % within 197 ms');
});

test('the median of 2, 2, 6, 11, 26 and 36 ms was 11 ms, the upper one of the middle: it is the mean of the two', () => {
  expect(medianOf([2, 2, 6, 11, 26, 36])).toBe(8.5);
  expect([medianOf([]), medianOf([4]), medianOf([4, 5]), medianOf([1, 2, 9])]).toEqual([undefined, 4, 4.5, 2]);
});

test('a retry said “Webhook” where it is listed, and stood unmarked beside the run that it retried', () => {
  expect(triggerOf(run('run_again', { retryOf: 'run_0123456789' }))).toBe('Retry of 456789');
  expect(triggerOf(run('run_first'))).toBe('Webhook');
});
