import { beforeEach, expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import { dismiss, toast, toasts } from '../ui/toast.ts';
import { runDraft } from './desk.ts';
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
