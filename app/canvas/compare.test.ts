import { expect, test } from 'vitest';
import { merge } from '../../flow/document/merge/merge.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import { clashWords } from './clash-words.ts';
import { compare } from './compare.ts';
import { catalogueOf } from '../graph/catalogue.ts';
import { cards } from './testing/cards.ts';

test('what changed is said by the names that the cards show, not by keys', () => {
  const live = draw('hook:start.webhook -> price:data.set');
  const draft = draw('hook:start.webhook -> price:data.set -> reply:control.respond');
  const words = compare(live, draft, catalogueOf(cards));
  expect(words.join(' ')).toContain('Connected “Set fields” to “Respond”.');
  expect(words.join(' ')).not.toMatch(/\b(price|reply)\b/);
});

test('a node that came or went is told with what it is, by the name of its card: a type such as start.schedule stood there', () => {
  const live = draw('hook:start.webhook -> price:data.set');
  const draft = draw('hook:start.webhook -> price:data.set\nevery:start.schedule\nodd:acme.lost', {
    every: { title: 'Every night' },
  });
  const words = compare(live, draft, catalogueOf(cards));
  expect(words).toContain('Added “Every night” (Schedule).');
  expect(words).toContain('Added “odd” (acme.lost).');
  expect(compare(draft, live, catalogueOf(cards))).toContain('Removed “Every night” (Schedule).');
  expect(compare(draw('hook:start.webhook'), live, catalogueOf(cards))).toContain('Added “Set fields”.');
});

test('a field that changed is called as its form calls it, never by its path in the document', () => {
  const live = draw('hook:start.webhook -> price:data.set');
  const withFields = (value: string): Workflow => ({
    ...live,
    nodes: live.nodes.map((node) =>
      node.key === 'price' ? { ...node, title: 'Price', params: { fields: [{ name: 'net', value }] } } : node,
    ),
  });
  expect(compare(withFields('1'), withFields('2'), catalogueOf(cards))).toEqual([
    '“Price”: Field 1 › Value changed from “1” to “2”.',
  ]);
});

test('a setting that changed is called as the tab Settings calls it: “settings.disabled” stood in the publish dialog', () => {
  const live = draw('hook:start.webhook -> price:data.set');
  const draft: Workflow = {
    ...live,
    nodes: live.nodes.map((node) =>
      node.key === 'price'
        ? { ...node, title: 'Price', settings: { disabled: true, onError: 'ignore', retry: { times: 3, wait: '5s' } } }
        : node,
    ),
  };
  const words = compare(live, draft, catalogueOf(cards));
  expect(words).toContain('“Price”: Disabled turned on.');
  expect(words).toContain('“Price”: On error set to “Ignore the error”.');
  expect(words).toContain('“Price”: Retries set to 3.');
  expect(words).toContain('“Price”: Wait between tries set to “5s”.');
  expect(words.join(' ')).not.toContain('settings.');
});

test('two people’s edges that a merge put in another order are no change, and no reason to tell that cards moved', () => {
  const base = draw('hook:start.webhook -> price:data.set');
  const ours = draw('hook:start.webhook -> price:data.set -> mine:data.sort');
  const theirs = draw('hook:start.webhook -> price:data.set\nhook -> yours:data.limit');
  const merged = merge({ base, ours, theirs }).document;
  const other = merge({ base, ours: theirs, theirs: ours }).document;
  expect(merged.edges).not.toEqual(other.edges);
  const moved = { ...other, nodes: other.nodes.map((node) => ({ ...node, at: [9, 9] as [number, number] })) };
  expect(compare(merged, moved, catalogueOf(cards))).toEqual([]);
});

test('a title or a note that changed was nothing to publish, said the bar, while readers of the live version saw the old one', () => {
  const live = draw('hook:start.webhook -> price:data.set', { price: { title: 'Price' } });
  const draft = draw('hook:start.webhook -> price:data.set', { price: { title: 'Prices' } });
  expect(compare(live, draft, catalogueOf(cards))).toEqual(['“Prices”: title changed from “Price” to “Prices”.']);
  const moved = {
    ...live,
    name: 'Other',
    nodes: live.nodes.map((node) => ({ ...node, at: [9, 9] as [number, number] })),
  };
  expect(compare(live, moved, catalogueOf(cards))).toEqual([]);
});

test('a field that came is called by what it is, not “a list of 2”', () => {
  const live = draw('hook:start.webhook -> price:data.set', { price: { title: 'Price', params: { fields: [] } } });
  const draft = draw('hook:start.webhook -> price:data.set', {
    price: { title: 'Price', params: { fields: [{ name: 'net', value: 1 }] } },
  });
  expect(compare(live, draft, catalogueOf(cards))).toEqual(['“Price”: Field 1 (“net”) added.']);
  expect(compare(draft, live, catalogueOf(cards))).toEqual(['“Price”: Field 1 (“net”) removed.']);
});

test('a choice is said by the label that its form shows, in the list of changes and in a clash: “Respond set to “respond””', () => {
  const catalogue = catalogueOf(cards);
  const live = draw('hook:start.webhook -> price:data.set', { hook: { params: { path: 'a' } } });
  const draft = draw('hook:start.webhook -> price:data.set', {
    hook: { params: { path: 'a', reply: 'respond' } },
    price: { settings: { onError: 'port' } },
  });
  expect(compare(live, draft, catalogue)).toEqual([
    '“Webhook”: Respond set to “Using a Respond node”.',
    '“Set fields”: On error set to “Continue by the error output”.',
  ]);
  const [hook] = draft.nodes;
  const reply = clashWords(catalogue, { node: 'hook', path: ['params', 'reply'] }, hook);
  expect([reply.name, reply.words('last'), reply.words(undefined)]).toEqual([
    'Webhook › Respond',
    'When the last node finishes',
    'Removed',
  ]);
  const path = clashWords(catalogue, { node: 'hook', path: ['params', 'path'] }, hook);
  expect([path.name, path.words('last')]).toEqual(['Webhook › Path', 'last']);
  expect(clashWords(catalogue, { path: ['name'] }, undefined).name).toBe('The workflow › name');
});
