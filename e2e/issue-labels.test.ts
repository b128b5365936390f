import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inDoubt, keyTitle, onError, settingTitles, waitTitle } from '../app/canvas/setting-choices.ts';
import { check } from '../flow/check/check.ts';
import { isObject } from '../flow/document/json.ts';
import { draw } from '../flow/testing/draw.ts';
import { allNodes } from '../nodes/all.ts';
import { cardOf } from '../nodes/kit/card.ts';

const cards = allNodes.map(cardOf);
const catalogue = (type: string) => cards.findLast((card) => card.type === type);

/** Every title and label of a schema, wherever it stands in it. */
function wordsIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(wordsIn);
  if (!isObject(schema)) return [];
  const { title, labels } = schema;
  const own = [title, ...(isObject(labels) ? Object.values(labels) : [])].filter((word) => typeof word === 'string');
  return [...own, ...Object.values(schema).flatMap(wordsIn)];
}

/** What is written on a node, on its ports and in its form, and in the tab Settings of any node. */
const onScreen = new Set([
  ...cards.flatMap(({ title, params }) => [title, ...wordsIn(params)]),
  ...cards.flatMap(({ inputs, outputs }) =>
    [inputs, outputs].flatMap((ports) => Object.entries(ports).map(([name, port]) => titleOf(port) ?? name)),
  ),
  // The output of failures, once a node has one.
  'error',
  ...Object.values(settingTitles),
  waitTitle,
  keyTitle,
  ...[...onError, ...inDoubt].map(({ title }) => title),
]);

function titleOf(port: unknown): string | undefined {
  return isObject(port) && typeof port['title'] === 'string' ? port['title'] : undefined;
}

test('an Issue advised a choice that no Settings had: what its words name in quotes stands on a node or in its form, word for word', () => {
  const files = globSync(['flow/check/**/*.ts', 'flow/compile/*.ts']).filter((file) => !file.endsWith('.test.ts'));
  const named = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      // What is said about the code itself is no advice.
      .filter((line) => !/^\s*(?:\/?\*|\/\/)/.test(line))
      .flatMap((line) => [...line.matchAll(/“([^”$]+)”/g)].map(([, label = '']) => label)),
  );
  expect(named).toContain('Retries');
  expect(named.filter((label) => !onScreen.has(label))).toEqual([]);
});

test('a retry of a request that may happen twice says which switch of its form helps', () => {
  const params = { method: 'POST', url: 'https://api.example.com/orders' };
  const settings = { retry: { times: 3 } };
  const drawn = (more: object) =>
    draw('a:start.manual -> b:connect.http-request', { b: { params: { ...params, ...more }, settings } });
  const about = (more: object) => check(drawn(more), catalogue).filter(({ code }) => code === 'retry-of-effect');
  const [issue] = about({});
  expect(issue?.mend).toBe(
    'Switch on “The service supports Idempotency-Key” if it does. Else set “Retries” to 0, unless doing it twice does no harm.',
  );
  // What it advises helps.
  expect(about({ idempotent: true })).toEqual([]);
});

test('sentences named nodes by their key: they name them as their cards do, and by the key too where two have one name', () => {
  const titled = draw('a:start.manual -> b:control.no-op\nc:control.no-op -> d:control.no-op', {
    c: { title: 'Bill' },
  });
  const lost = (document = titled) =>
    check(document, catalogue)
      .filter(({ code }) => code === 'unreachable')
      .map(({ message }) => message);
  expect(lost()).toEqual([
    'No start leads to Bill, so it never runs.',
    `No start leads to ${catalogue('control.no-op')?.title} (d), so it never runs.`,
  ]);
});
