import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { findChoices } from '../ui/find-choices.ts';
import { conditionWords } from './condition-words.ts';
import type { Issue } from '../../flow/document/workflow.ts';
import { card } from '../canvas/testing/cards.ts';
import { FieldView } from './field-view.tsx';
import { TipProvider } from '../ui/tip.tsx';
import { fieldsOf } from './fields-of.ts';
import { FormContext } from './form-context.tsx';
import type { FormWorld } from './form-context.tsx';

const samples = {
  items: [{ body: { total: 120 } }],
  outputs: new Map(),
  zone: 'UTC',
  workflow: { id: 'w', name: 'W' },
  now: 0,
};

/** The form of the conditions of an If. */
function drawn(where: object, more: Partial<FormWorld> = {}): string {
  const field = fieldsOf(card('rules.if')).find(({ name }) => name === 'where')!;
  const view = createElement(FieldView, { field, path: 'where', value: where, onChange: () => {} });
  const world: FormWorld = { samples, issues: [], params: { where }, zone: 'UTC', ...more };
  return renderToStaticMarkup(createElement(TipProvider, null, createElement(FormContext, { value: world }, view)));
}

const warning = (param: string, message: string): Issue => ({
  level: 'warning',
  code: 'x',
  where: { node: 'if', param },
  message,
  mend: 'Do this.',
});

test('a side of a condition is the same field as everywhere: its result, the data to insert, and a switch to an expression', () => {
  const html = drawn({ all: [{ left: '{{ $json.body.total }}', op: 'gt', right: 100 }] });
  expect(html).toContain('<span class="val cut" title="120">120</span>');
  expect(html).toContain('How Left side of Condition 1 is given');
  expect(html).toContain('How Right side of Condition 1 is given');
  expect(html).toMatch(/aria-label="Insert/);
});

test.each<[string, object, string]>([
  ['a side', { all: [{ left: '', op: 'equals', right: '' }] }, 'where.all[0].left'],
  [
    'the other side of a condition in a group',
    { all: [{ any: [{ left: 1, op: 'gt' }] }] },
    'where.all[0].any[0].right',
  ],
  ['a condition by itself, which is no group', { left: 1, op: 'equals', right: 2 }, 'where.left'],
  ['an operator', { any: [{ left: 1, op: 'gtt', right: 2 }] }, 'where.any[0].op'],
  ['a group of none', { all: [{ any: [] }] }, 'where.all[0]'],
  ['all of it', { all: [] }, 'where'],
])('what is wrong with %s is said once, there, and a warning is no error', (_, where, param) => {
  const html = drawn(where, { issues: [warning(param, 'This is not filled in.')] });
  expect(html.split('This is not filled in.')).toHaveLength(2);
  expect(html).toContain('class="field-warning"');
  expect(html).not.toContain('field-error');
  expect(html).not.toContain('aria-invalid="true"');
});

test('“Run once to see the result.” stood there after a run in which nothing came to the node', () => {
  const where = { all: [{ left: '{{ $json.total }}', op: 'exists' }] };
  const nothing = { ...samples, items: [] };
  expect(drawn(where, { samples: nothing })).toContain('Run once to see the result.');
  expect(drawn(where, { samples: nothing, hasRun: true })).toContain('No items came here in this run.');
});

test('an expression that is not closed has no result yet: the text itself stood as one', () => {
  const html = drawn({ all: [{ left: 'Hi {{ $json.body', op: 'exists' }] });
  expect(html).toContain('Close the expression with }} to see its result.');
  expect(html).not.toContain('class="val cut"');
});

test('the form says what becomes of values that are missing, or of another type', () => {
  expect(drawn({ all: [] })).toContain('A missing value is never greater');
});

const titles = (words: string) => findChoices(conditionWords, words).map(({ title }) => title);

test('one of thirty-two comparisons was looked for by scrolling: it is found by its words, the nearest first', () => {
  expect(titles('is')[0]).toBe('is');
  expect(titles('is great')[0]).toBe('is greater than');
  expect(titles('than')).toEqual(['is greater than', 'is less than', 'is longer than', 'is shorter than']);
  expect(titles('not contain')).toEqual(['does not contain']);
  expect(titles(' EMPTY ')).toEqual(['is empty', 'is not empty']);
  expect(titles('nowhere')).toEqual([]);
  expect(titles('')).toHaveLength(conditionWords.length);
  for (const { title } of conditionWords) expect(titles(title)[0]).toBe(title);
});
