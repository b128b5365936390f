import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { expressionErrors } from '../../flow/expression/errors.ts';
import type { Control, Field } from './field.ts';
import { FieldView } from './field-view.tsx';
import { FormContext } from './form-context.tsx';

const field = (title: string, control: Control): Field => ({
  name: title,
  title,
  control,
  required: true,
  isOpen: false,
  default: undefined,
});
const text = field('Origin', { kind: 'text' } as Control);
const list = (entry: Field): Field =>
  field('Allowed origins', { kind: 'list', entry, entryTitle: 'Origin', addLabel: 'Add an origin' } as Control);

test('an empty entry of a list of texts says what is wrong with it once, at the entry', () => {
  const issues = [{ code: 'x', level: 'error', where: { param: 'origins[0]' }, message: 'Enter an origin.', mend: '' }];
  const form = { issues, samples: {}, params: {}, zone: 'UTC' } as never;
  const view = createElement(FieldView, { field: list(text), path: 'origins', value: [''], onChange: () => {} });
  const html = renderToStaticMarkup(createElement(FormContext, { value: form }, view));
  expect(html.split('Enter an origin.')).toHaveLength(2);
});

const samples = { items: [], outputs: new Map(), zone: 'UTC', workflow: { id: 'w', name: 'W' }, now: 0 };

/** A field as it is drawn with an Issue at it, or with none yet. */
function drawn(field: Field, value: unknown, issue?: { message: string; mend: string }): string {
  const issues = issue ? [{ code: 'x', level: 'error', where: { param: 'one' }, ...issue }] : [];
  const form = { issues, samples, params: {}, zone: 'UTC' } as never;
  const view = createElement(FieldView, { field, path: 'one', value, onChange: () => {} });
  return renderToStaticMarkup(createElement(FormContext, { value: form }, view));
}
const times = (html: string, words: string) => html.split(words).length - 1;

test('a time zone that is none is said once, with the Issue and before it came', () => {
  const zone = field('Time zone', { kind: 'timezone' } as Control);
  const issue = { message: 'There is no time zone “Berl”.', mend: 'Enter one such as Europe/Berlin or UTC.' };
  expect(times(drawn(zone, 'Berl', issue), 'There is no time zone')).toBe(1);
  expect(times(drawn(zone, 'Berl'), 'There is no time zone')).toBe(1);
  // The check takes it, so that the field has nothing to say either.
  expect(drawn(zone, 'europe/berlin')).not.toContain('There is no time zone');
});

test.each(['{{ 1 ) }}', '{{ nope() }}', '{{ nope }}'])('%s says once what is wrong, and has no result', (value) => {
  const [found] = expressionErrors(value);
  const issue = { message: found!.error.message, mend: found!.error.mend };
  const wrong = createElement('i', {}, issue.message);
  const words = renderToStaticMarkup(wrong).slice(3, -4);
  for (const html of [drawn(text, value, issue), drawn(text, value)]) {
    expect(times(html, words)).toBe(1);
    expect(html).not.toContain('Result');
  }
  const pairs = field('Headers', { kind: 'pairs' } as Control);
  expect(times(drawn(pairs, { a: value }, issue), words)).toBe(1);
});
