import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
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
