import { expect, test } from 'vitest';
import { Families, usualFamily } from './families.ts';
import { calledBy, Looped, OwnCalls } from './own-calls.ts';

const open = (key = 'a') =>
  new OwnCalls({
    addresses: ['https://heddle.example.com', 'https://hooks.example.net'],
    key: () => Buffer.from(key),
    families: new Families(async () => undefined, { ...usualFamily, runs: 2, depth: 3 }),
  });
const mark = (calls: OwnCalls, url: string, started?: object) =>
  calls.mark(new URL(url), 'run_a', started as Parameters<OwnCalls['mark']>[2]);

test.each([
  ['https://heddle.example.com/hooks/main/a', true],
  ['http://HEDDLE.example.com:8443/api/v1/workflows/w/runs', true],
  ['https://hooks.example.net./hooks/main/a', true],
  ['https://sub.heddle.example.com/', false],
  ['https://example.org/?to=heddle.example.com', false],
  ['https://heddle.example.com@example.org/', false],
])('a call to %s is marked: %s', (url, isMarked) => {
  expect(Object.keys(mark(open(), url))).toEqual(isMarked ? [calledBy] : []);
});

test('what a run calls stands one below it, below the run that nobody called', async () => {
  const url = 'https://heddle.example.com/';
  const calls = open();
  expect(await calls.enter(mark(calls, url))).toEqual({ top: 'run_a', depth: 1 });
  const parent = { run: 'run_b', top: 'run_c', depth: 1 };
  expect(await calls.enter(mark(calls, url, { parent }))).toEqual({ top: 'run_c', depth: 2 });
  expect(await calls.enter(mark(calls, url, { descends: { top: 'run_d', depth: 2 } }))).toEqual({
    top: 'run_d',
    depth: 3,
  });
});

test('what is too deep, or one too many, is refused; what started nothing is given back', async () => {
  const calls = open();
  const url = 'https://heddle.example.com/';
  const deep = mark(calls, url, { descends: { top: 'run_d', depth: 3 } });
  await expect(calls.enter(deep)).rejects.toThrow(Looped);
  const [first] = [await calls.enter(mark(calls, url)), await calls.enter(mark(calls, url))];
  await expect(calls.enter(mark(calls, url))).rejects.toThrow(Looped);
  calls.leave(first);
  expect(await calls.enter(mark(calls, url))).toEqual(first);
});

test('what another installation wrote, or nobody, says nothing', async () => {
  const [calls, other] = [open(), open('b')];
  const word = mark(other, 'https://heddle.example.com/')[calledBy]!;
  for (const sent of [word, word.replace('run_a', 'run_b'), `${word} `, '', [word, word], undefined])
    expect(await calls.enter({ [calledBy]: sent })).toBeUndefined();
});
