import { expect, test } from 'vitest';
import { check } from '../../flow/check/check.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import { card, cards, catalogue } from '../canvas/testing/cards.ts';
import { fieldsOf } from './fields-of.ts';
import { blankOf } from './value-at.ts';

const said = (one: NodeCard, params: object): string[] =>
  check({ heddle: 1, name: 'W', nodes: [{ key: 'n', type: one.type, params }], edges: [] }, catalogue)
    .filter(({ where, code }) => where.param !== undefined || code === 'param-check')
    .map(({ message, mend }) => `${message} ${mend}`.trim());

/** A node as it is added; with a blank entry in each list; and with every field emptied by hand. */
const unfinished = (one: NodeCard): object[] => {
  const fields = fieldsOf(one);
  const hollow = fields.flatMap(({ name, control }) =>
    control.kind === 'list' ? [[name, [blankOf(control.entry)]] as const] : [],
  );
  return [{}, Object.fromEntries(hollow), Object.fromEntries(fields.map(({ name }) => [name, '']))];
};

test.each(cards.map((one) => [one.type, one] as const))(
  'what is wrong with a new %s reads as sentences that say what to do',
  (_, one) => {
    for (const sentence of unfinished(one).flatMap((params) => said(one, params))) {
      expect(sentence).toMatch(/^[A-Z][^]*\.$/);
      expect(sentence).not.toMatch(/“”|""|right form|is an object|is the text “|is missing|undefined|\[object/);
      expect(sentence).not.toMatch(/\ban? (?:every|on|for|from|by)\b|\ba [aeio]|\ban [bcdfgjkpqtvwz]/);
    }
  },
);

test.each<[string, object, string[]]>([
  ['start.webhook', {}, ['Enter a path. For example “orders/:id”.']],
  // "Choice 1 needs a button." was taken for a missing control.
  ['control.review', { title: 'Pay?', choices: [{ id: 'a' }] }, ['Choice 1 needs text for its button.']],
  ['start.webhook', { path: '' }, ['Enter a path. For example “orders/:id”.']],
  [
    'start.webhook',
    { path: '/orders/' },
    ['Path is “/orders/”. Use letters, digits, - . _ ~ and :, with single slashes between.'],
  ],
  ['start.webhook', { path: 'a', auth: { kind: 'basci' } }, ['Authentication › kind is “basci”. Use “basic”.']],
  ['start.form', { path: 'a', title: 'A', fields: [{ name: '' }] }, ['Field 1 needs a name.']],
  ['start.schedule', { rules: [{ every: '' }] }, ['Time 1 needs an interval. For example “15m”.']],
  ['control.call', {}, ['Choose a workflow.']],
  ['rules.filter', {}, ['Add a condition.']],
  [
    'rules.filter',
    { where: { all: [{ left: 1, op: 'equal', right: 1 }] } },
    ['Keep when › Condition 1 › Operator is “equal”. Use “equals”.'],
  ],
  ['rules.filter', { where: { left: 1, op: 'gtt' } }, ['Keep when › Operator is “gtt”. Use “gt”.']],
  [
    'rules.if',
    { where: { any: [{ all: [{ left: 1 }] }] } },
    ['Conditions › Condition 1 › Condition 1 needs an operator.'],
  ],
])('%s with %j: %j', (type, params, sentences) => {
  expect(said(card(type), params)).toEqual(sentences);
});

test('an operator that does not exist is named, with the ones to choose from', () => {
  const [sentence] = said(card('rules.filter'), { where: { all: [{ left: 1, op: 'is kind of', right: 1 }] } });
  expect(sentence).toContain('“is kind of”');
  expect(sentence).toMatch(/Choose one of equals, not-equals, contains/);
});
