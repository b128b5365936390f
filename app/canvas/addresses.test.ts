import { expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { draftedUrl } from './addresses.ts';
import { catalogue } from './testing/cards.ts';

const bases = { hooks: 'https://h/hooks/main', forms: 'https://h/forms/main' };

/** Where a node would be called, with what the check finds. */
function urlOf(type: string, path: string): string | undefined {
  const params = { path, ...(type === 'start.form' ? { title: 'A', fields: [{ name: 'a' }] } : {}) };
  const node: Node = { key: 'in', type, params };
  return draftedUrl(node, bases, check({ heddle: 1, name: 'W', nodes: [node], edges: [] }, catalogue));
}

test.each([
  ['start.webhook', 'contact us', undefined],
  ['start.webhook', '/orders/', undefined],
  ['start.webhook', '', undefined],
  ['start.webhook', 'orders/:id', 'https://h/hooks/main/orders/:id'],
  ['start.form', 'contact/us', undefined],
  ['start.form', 'contact', 'https://h/forms/main/contact'],
])('the URL of a %s at “%s” is offered only when it will be one', (type, path, url) => {
  expect(urlOf(type, path)).toBe(url);
});
