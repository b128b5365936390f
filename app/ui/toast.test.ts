import { beforeEach, expect, test } from 'vitest';
import { dismiss, settle, toast, toasts } from './toast.ts';

// The page has one list of toasts, and tests share it.
beforeEach(() => toasts().forEach(({ id }) => dismiss(id)));

test('“The workflow is off” goes when the workflow was turned on again, other words stay', () => {
  toast({ title: 'Copied' });
  toast({ title: 'The workflow is off', about: 'live w' });
  toast({ title: 'Another is off', about: 'live v' });
  toast({ title: 'Version 1 is live', about: 'live w' });
  expect(toasts().map(({ title }) => title)).toEqual(['Copied', 'Another is off', 'Version 1 is live']);
});

test('the same word pressed out three times stands there once; what can be taken back, each time', () => {
  const said = (title: string) => toasts().filter((one) => one.title === title).length;
  for (const text of ['no', 'no', 'no', 'other']) toast({ title: 'There are no nodes', text });
  expect(said('There are no nodes')).toBe(2);
  for (const undo of [() => {}, () => {}]) toast({ title: 'Deleted', undo });
  expect(said('Deleted')).toBe(2);
});

test('what was said is taken away once it is not true any more, and nothing else', () => {
  toast({ title: 'Kept' });
  toast({ title: '1 problem to fix before it can run', about: 'problems' });
  settle('problems');
  expect(toasts().map(({ title }) => title)).toContain('Kept');
  expect(toasts().map(({ about }) => about)).not.toContain('problems');
});
