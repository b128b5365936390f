import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { TipProvider } from '../ui/tip.tsx';
import type { Field } from './field.ts';
import { FieldView } from './field-view.tsx';
import { FormContext } from './form-context.tsx';
import type { FormWorld } from './form-context.tsx';

const headers: Field = {
  name: 'headers',
  title: 'Headers',
  control: { kind: 'pairs' },
  required: true,
  isOpen: true,
  default: undefined,
};

test('a header that is an expression is the same field as everywhere: its result, and the data to insert', () => {
  const value = { 'x-id': '{{ $json.id }}', accept: 'text/html' };
  const samples = { items: [{ id: 7 }], outputs: new Map(), zone: 'UTC', workflow: { id: 'w', name: 'W' }, now: 0 };
  const world: FormWorld = { samples, issues: [], params: { headers: value }, zone: 'UTC' };
  const view = createElement(FieldView, { field: headers, path: 'headers', value, onChange: () => {} });
  const html = renderToStaticMarkup(
    createElement(TipProvider, null, createElement(FormContext, { value: world }, view)),
  );
  expect(html).toContain('<span class="val cut" title="7">7</span>');
  expect(html.split('aria-label="Insert data"')).toHaveLength(2);
  expect(html).toContain('value="text/html"');
});
