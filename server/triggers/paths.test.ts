import { expect, test } from 'vitest';
import type { Trigger } from './directory.ts';
import { Paths } from './paths.ts';
import { matchPath, patternOf } from './patterns.ts';

const triggerOf = (path: string, methods: readonly string[] = ['POST'], kind = 'webhook'): Trigger => ({
  workspace: 'ws_1',
  slug: 'main',
  workflow: 'wf_1',
  key: `${kind} ${path}`,
  version: 1,
  kind,
  pattern: patternOf(path),
  methods,
  overlap: undefined,
  mark: '1',
});

function pathsOf(triggers: readonly Trigger[]): Paths {
  const paths = new Paths();
  for (const trigger of triggers) paths.add(trigger);
  return paths;
}

const found = (paths: Paths, address: string) =>
  paths.find('webhook', address.split('/')).map(({ trigger, named }) => [trigger.key.slice(8), named]);

/** All that can be made of so many parts. */
const made = (parts: readonly string[], length: number): string[] =>
  length === 0 ? [''] : made(parts, length - 1).flatMap((rest) => parts.map((part) => `${rest}/${part}`));

test('an address meets what is written out before what is named, part by part, and one trigger for each method', () => {
  const all = [':a/:b', 'orders/:id', ':a/paid', 'orders/paid', 'orders'].map((path, n) => triggerOf(path, [`M${n}`]));
  const paths = pathsOf([...all, triggerOf(':x/:y', ['M1', 'M3']), triggerOf('orders/paid', ['GET', 'POST'], 'form')]);
  expect(found(paths, 'orders/paid')).toEqual([
    ['orders/paid', {}],
    ['orders/:id', { id: 'paid' }],
    [':a/paid', { a: 'orders' }],
    [':a/:b', { a: 'orders', b: 'paid' }],
  ]);
  expect(found(paths, 'orders/')).toEqual([]);
  expect([found(paths, 'orders').length, found(paths, 'paid').length, found(paths, '').length]).toEqual([1, 0, 0]);
  expect(paths.find('form', ['orders', 'paid']).length).toBe(1);
  expect(paths.find('schedule', ['orders'])).toEqual([]);
});

test('what is found is what every path that fits would be, in the order of how exact they are', () => {
  const parts = [1, 2, 3].flatMap((length) => made(['a', 'b', ':x'], length)).map((path) => path.slice(1));
  // Each has a method of its own, so that none is left out.
  const all = parts.map((path, n) => triggerOf(path, [`M${n}`]));
  const paths = pathsOf(all);
  const rank = ({ pattern }: Trigger) => pattern!.parts.map((part) => (typeof part === 'string' ? 0 : 1)).join('');
  for (const address of [1, 2, 3, 4].flatMap((length) => made(['a', 'b', 'c', ''], length))) {
    const segments = address.slice(1).split('/');
    const fitting = all.filter(({ pattern }) => matchPath(pattern!, segments));
    const wanted = fitting.toSorted((one, two) => rank(one).localeCompare(rank(two)));
    expect(paths.find('webhook', segments).map(({ trigger }) => trigger)).toEqual(wanted);
  }
});

test('of ten thousand paths with names a call looks at those that may be meant: it looked at all', () => {
  let looks = 0;
  const counted = ({ pattern, ...rest }: Trigger): Trigger => ({
    ...rest,
    get pattern() {
      looks++;
      return pattern;
    },
  });
  const paths = pathsOf(Array.from({ length: 10_000 }, (_, n) => counted(triggerOf(`shop-${n}/:order`))));
  looks = 0;
  expect(found(paths, 'shop-9999/17')).toEqual([['shop-9999/:order', { order: '17' }]]);
  expect(found(paths, 'other/17')).toEqual([]);
  expect(looks).toBeLessThan(5);
});
