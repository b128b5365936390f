import { beforeEach, expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { dismiss, toast, toasts } from '../ui/toast.ts';
import { keepChecked } from './checking.ts';
import { hideRun, runDraft } from './desk.ts';
import { edit } from './editing.ts';
import { catalogue } from './testing/cards.ts';
import { deskOver } from './testing/desk.ts';

// The page has one list of toasts, and tests share it.
beforeEach(() => toasts().forEach(({ id }) => dismiss(id)));

test('“1 problem to fix” stood there while the list said that there was none: it goes with the problem', async () => {
  const { desk, store } = deskOver({
    heddle: 1,
    name: 'W',
    nodes: [{ key: 'hook', type: 'start.webhook' }],
    edges: [],
  });
  const checked = () => store.setState(({ history }) => ({ issues: check(history.document, catalogue) }));
  const said = () => toasts().map(({ title }) => title);
  checked();
  await runDraft({ ...desk, say: toast }, { start: 'hook' });
  expect(said()).toEqual(['1 problem to fix before it can run']);
  edit(store, { do: 'set-params', key: 'hook', params: { path: 'not a path' } }, 'Change');
  checked();
  expect(said()).toEqual(['1 problem to fix before it can run']);
  edit(store, { do: 'set-params', key: 'hook', params: { path: 'orders' } }, 'Change');
  checked();
  expect(said()).toEqual([]);
});

test('a run right after a fix was dropped without a word: what is on the canvas is checked first, whoever is faster', async () => {
  const { desk, store } = deskOver({
    heddle: 1,
    name: 'W',
    nodes: [{ key: 'hook', type: 'start.webhook' }],
    edges: [],
  });
  const started: unknown[] = [];
  const remote = { ...desk.remote, start: async (id: string) => (started.push(id), { runId: 'run_1' }) };
  // The page never has time.
  const stop = keepChecked(
    store,
    () => () => undefined,
    async () => check,
  );
  const tries = { ...desk, say: toast, remote: remote as never };
  expect(await runDraft(tries, { start: 'hook' })).toBe(false);
  expect([toasts().map(({ title }) => title), started]).toEqual([['1 problem to fix before it can run'], []]);
  edit(store, { do: 'set-params', key: 'hook', params: { path: 'orders' } }, 'Change');
  await runDraft(tries, { start: 'hook' });
  expect(started).toHaveLength(1);
  edit(store, { do: 'set-params', key: 'hook', params: { path: 'no path' } }, 'Change');
  const before = started.length;
  expect(await runDraft(tries, { start: 'hook' })).toBe(false);
  expect(started).toHaveLength(before);
  stop();
  // Or it is followed on into the tests of other files.
  hideRun(desk);
});

test('a second start while one is on its way is a second press', async () => {
  const { desk, store } = deskOver({
    heddle: 1,
    name: 'W',
    nodes: [{ key: 'go', type: 'start.manual' }],
    edges: [],
  });
  const { promise, resolve } = Promise.withResolvers<object>();
  let asked = 0;
  const remote = { ...desk.remote, start: () => (asked++, promise) };
  const tries = { ...desk, remote: remote as never };
  const both = [runDraft(tries, { start: 'go' }), runDraft(tries, { start: 'go' })];
  await new Promise((done) => setTimeout(done, 0));
  expect([asked, store.getState().isStarting]).toEqual([1, true]);
  resolve({ runId: 'run_1' });
  expect(await Promise.all(both)).toEqual([true, false]);
  expect(store.getState().isStarting).toBe(false);
  hideRun(desk);
});
