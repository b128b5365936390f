import { expect, test } from 'vitest';
import type { Run } from '../../flow/contract/run.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { needsOf } from './attention.ts';
import { arrange, sortFrom, sortText } from './sorting.ts';

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
const name = (id: string) => id;

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

test('what needs somebody: doubts first, failures of one kind as one line until a later run went well, questions, then what is not published', () => {
  const failed = (id: string) =>
    run(id, { status: 'failed', error: { code: 'x', message: 'It answered 503.', node: 'tell' } });
  const doubt = run('d', { status: 'waiting', needs: [{ kind: 'in-doubt' }] });
  const question = run('q', { status: 'waiting', needs: [{ kind: 'review' }] });
  const changed = [
    workflow('Rates', { published: 2, changed: true }),
    workflow('Draft', { published: null, changed: true }),
  ];
  const kinds = needsOf([failed('a'), failed('b'), question, doubt], name, now, changed).map(({ kind, title }) => [
    kind,
    title,
  ]);
  expect(kinds).toEqual([
    ['doubt', 'A call may have happened'],
    ['failed', '2 runs failed the same way'],
    ['waiting', 'An answer is needed'],
    ['queued', 'A change is not published'],
  ]);
  expect(needsOf([run('later'), failed('a')], name, now)).toEqual([]);
});

test('runs by hand counted as failures on Home: whoever pressed Run saw it fail, and a draft says nothing of what is live', () => {
  const failed = { status: 'failed', error: { code: 'x', message: 'No.', node: 'tell' } } as const;
  expect(needsOf([run('a', { ...failed, trigger: 'manual' })], name, now)).toEqual([]);
  expect(needsOf([run('b', { ...failed, version: null })], name, now)).toEqual([]);
  // A run by hand that went well mends nothing that a trigger started.
  const one = needsOf([run('later', { trigger: 'manual' }), run('c', failed)], name, now);
  expect(one.map(({ kind }) => kind)).toEqual(['failed']);
});
