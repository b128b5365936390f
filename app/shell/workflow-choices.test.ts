import { expect, test } from 'vitest';
import { workflowChoices } from './workflow-choices.ts';

const all = ['Orders', 'Order mails', 'Rates', 'Old orders'].map((name) => ({ id: name, name }));
const opened = ['Rates', 'gone', 'Old orders'];
const names = (words: string, here?: string) => workflowChoices(all, { opened, words, here }).map(({ name }) => name);

test('the palette found no workflow by its name', () => {
  expect(names('orders')).toEqual(['Old orders', 'Orders']);
  expect(names('mail ORD')).toEqual(['Order mails']);
  expect(names('nothing')).toEqual([]);
});

test('while nothing is typed those opened last are offered, and not the one that is open', () => {
  expect(names('')).toEqual(['Rates', 'Old orders']);
  expect(names(' ', 'Rates')).toEqual(['Old orders']);
  expect(names('orders', 'Old orders')).toEqual(['Old orders', 'Orders']);
});

test('of very many no more are offered than are looked through', () => {
  const many = Array.from({ length: 500 }, (_, at) => ({ id: `w${at}`, name: `Flow ${at}` }));
  expect(workflowChoices(many, { opened: ['w499'], words: 'flow', here: undefined }).map(({ id }) => id)).toEqual([
    'w499',
    ...Array.from({ length: 19 }, (_, at) => `w${at}`),
  ]);
});
