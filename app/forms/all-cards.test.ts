import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { NodeCard } from '../../flow/document/card.ts';
import { isObject } from '../../flow/document/json.ts';
import { cards } from '../canvas/testing/cards.ts';
import { TipProvider } from '../ui/tip.tsx';
import { fieldsOf } from './fields-of.ts';
import { FormContext } from './form-context.tsx';
import { ParamForm } from './param-form.tsx';
import { unfold } from './unfold.ts';
import { valueAt } from './value-at.ts';

// What floats asks the page where it may; without a page there is no such place.
// Monaco is loaded when code is first seen, which is never here.
vi.mock('../code/code-field.tsx', () => ({ default: () => null }));
vi.stubGlobal('document', { querySelector: () => null });

const samples = { items: [{ id: 1 }], outputs: new Map(), zone: 'UTC', workflow: { id: 'w', name: 'W' }, now: 0 };

function formOf(card: NodeCard, params: Readonly<Record<string, unknown>>): string {
  const node = { key: 'node', type: card.type, params: { ...params } };
  const form = createElement(ParamForm, { card, node, onChange: () => undefined });
  const world = { samples, issues: [], params, zone: 'UTC' };
  const inWorld = createElement(FormContext, { value: world }, form);
  const asking = createElement(QueryClientProvider, { client: new QueryClient() }, inWorld);
  return renderToStaticMarkup(createElement(TipProvider, null, asking));
}

/** What stands in a form of params as they are, by the names of fields. */
const fieldsIn = (html: string): string[] => [...html.matchAll(/data-field="([^"]+)"/g)].map(([, path]) => path ?? '');

/** What a form should draw: the fields that matter, and none that is only offered. */
const shownIn = (card: NodeCard, params: Readonly<Record<string, unknown>>): string[] =>
  unfold(fieldsOf(card), params, new Set()).parts.flatMap((part) =>
    part.kind === 'field' ? [part.field.name] : part.chosen.map(({ name }) => name),
  );

test.each(cards.map((card) => [card.type, card] as const))(
  'the form of %s draws every param that matters, empty and filled, and loses none',
  (_, card) => {
    const examples = card.examples.map(({ params }) => params).filter(isObject);
    for (const params of [{}, card.defaults, ...examples]) {
      const drawn = fieldsIn(formOf(card, params)).filter((name) => !/[.[]/.test(name));
      expect(drawn).toEqual(shownIn(card, params));
      const { addable, idle, parts } = unfold(fieldsOf(card), params, new Set());
      const offered = parts.flatMap((part) => (part.kind === 'either' ? part.fields : []));
      // What is neither drawn nor offered nor said to be idle has no value.
      const known = new Set([...drawn, ...[...addable, ...idle, ...offered].map(({ name }) => name)]);
      for (const { name, default: given } of fieldsOf(card))
        if (!known.has(name)) expect(valueAt(params, [name]) ?? given).toEqual(given);
    }
  },
);

test.each(cards.map((card) => [card.type, card] as const))(
  '%s takes an expression wherever it is open to one, and says what it gives',
  (_, card) => {
    const open = fieldsOf(card).filter(({ isOpen }) => isOpen);
    const html = formOf(card, Object.fromEntries(open.map(({ name }) => [name, '{{ $json.id }}'])));
    expect(html.split('expr-field').length - 1).toBe(open.length);
    expect(html.match(/<span class="val cut"[^>]*>1</g) ?? []).toHaveLength(open.length);
  },
);
