import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Run } from '../../flow/contract/run.ts';
import { needsOf } from './attention.ts';

const now = Date.parse('2026-11-21T09:00:00Z');
const failed = (id: string, error: Run['error'], more: Partial<Run> = {}): Run => ({
  id,
  workflow: 'orders',
  start: 'hook',
  version: 1,
  status: 'failed',
  trigger: 'webhook',
  startedAt: '2026-11-21T08:00:00Z',
  finishedAt: null,
  durationMs: 5,
  needs: [],
  ...(error ? { error } : {}),
  ...more,
});
const answered = (said: string) => ({ code: 'http.status', node: 'tell', message: `example.com answered ${said}` });
const linesOf = (runs: readonly Run[], more: object = {}) =>
  needsOf(runs, { nameOf: (id) => `The ${id}`, now, ...more }).map(({ title, says, verb, to }) =>
    [title, says, verb, to].join(' | '),
  );

test('a run that was answered 500 “kaputt” was counted among those that were answered 404', () => {
  expect(linesOf([failed('b', answered('500: kaputt')), failed('a', answered('404: nope'))])).toEqual([
    'A run failed | The orders. example.com answered 500: kaputt | See why | /runs/b',
    'A run failed | The orders. example.com answered 404: nope | See why | /runs/a',
  ]);
});

test('“See why” leads to the list while it holds just the runs that are counted, and else to the latest of them, and says so', () => {
  const two = [failed('b', answered('404')), failed('a', answered('404'))];
  const line = '2 runs failed the same way | The orders. example.com answered 404';
  const list = `${line} | See why | /runs?status=failed&since=7d&workflow=orders`;
  const latest = `${line} | See the latest | /runs/b`;
  expect(linesOf(two)).toEqual([list]);
  expect(linesOf([...two, failed('other', answered('404'), { workflow: 'leave' })])[0]).toBe(list);
  expect(linesOf([...two, failed('other', answered('500'))])[0]).toBe(latest);
  expect(linesOf([...two, failed('hand', answered('404'), { trigger: 'manual' })])).toEqual([latest]);
  expect(linesOf([...two, failed('gone', answered('404'))], { dismissed: new Set(['gone']) })).toEqual([latest]);
});

test('what a sentence says holds of each run that it counts, and where it leads are as many', () => {
  const some = fc.record({
    workflow: fc.constantFrom('orders', 'leave'),
    trigger: fc.constantFrom('webhook', 'webhook', 'webhook', 'webhook', 'manual'),
    startedAt: fc.constantFrom('2026-11-21T08:00:00Z', '2026-11-21T07:00:00Z', '2026-11-10T08:00:00Z'),
    error: fc.option(
      fc.record({
        code: fc.constantFrom('http.status', 'http.status', 'data.invalid'),
        node: fc.constantFrom('tell', 'tell', 'ask'),
        message: fc.constantFrom('answered 404: nope', 'answered 500: kaputt', ''),
      }),
      { nil: undefined },
    ),
    isDismissed: fc.constantFrom(false, false, false, true),
  });
  fc.assert(
    fc.property(fc.array(some, { minLength: 2, maxLength: 16, size: 'max' }), (given) => {
      const runs = given.map(({ error, workflow, trigger, startedAt }, at) =>
        failed(`run_${at}`, error, { workflow, trigger, startedAt }),
      );
      const dismissed = new Set(runs.flatMap(({ id }, at) => (given[at]?.isDismissed ? [id] : [])));
      for (const need of needsOf(runs, { nameOf: (id) => id, now, dismissed })) {
        const meant = runs.filter(({ id }) => need.runs?.includes(id));
        expect(need.title).toBe(meant.length === 1 ? 'A run failed' : `${meant.length} runs failed the same way`);
        for (const run of meant) expect(need.says).toBe(`${run.workflow}. ${run.error?.message ?? ''}`);
        expect(new Set(meant.map(({ error }) => `${error?.code} ${error?.node}`)).size).toBe(1);
        const to = new URL(need.to, 'http://x');
        const listed = runs.filter(
          ({ workflow, startedAt }) => workflow === to.searchParams.get('workflow') && startedAt > '2026-11-14T09',
        );
        if (to.pathname === '/runs') expect(listed).toEqual(meant);
        else expect(to.pathname).toBe(`/runs/${meant[0]?.id}`);
        if (meant.length > 1 && to.pathname !== '/runs') expect(need.verb).toBe('See the latest');
      }
    }),
  );
});
