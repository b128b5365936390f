import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cardOf } from './card.ts';
import { defineNode } from './define-node.ts';
import { choice, list, text, where, whole } from './fields.ts';

const node = defineNode({
  type: 'test.card',
  version: 1,
  title: 'T',
  icon: 'box',
  summary: 'S.',
  params: z.object({
    count: whole({ title: 'Count', min: 1 }).default(2),
    method: choice(['GET', 'POST'], { title: 'Method', labels: { GET: 'Read' } }),
    auth: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('none') }),
        z.object({ kind: z.literal('basic'), user: z.string().regex(/^\w+$/), tries: z.number() }),
      ])
      .optional(),
    rows: list(z.object({ id: z.string(), size: z.number() }), { title: 'Rows' }).optional(),
    where: where({ title: 'When' }).optional(),
    code: z.string().max(50).optional(),
    named: z.record(z.string(), z.number()).optional(),
    name: text({ title: 'Name' }).optional(),
  }),
  literal: ['code'],
  inputs: { in: {} },
  outputs: { each: 'rows', id: 'id' },
  effect: 'pure',
  all: () => [],
  examples: [],
});

const card = cardOf(node);
const validator = new Validator(card.params, '2020-12');
const accepts = (params: object): boolean => validator.validate({ method: 'GET', ...params }).valid;

describe('the schema of stored params', () => {
  test.each([
    ['a number', { count: 3 }, true],
    ['a template in place of a number', { count: '{{ $json.n }}' }, true],
    ['other text in place of a number', { count: 'three' }, false],
    ['a number out of bounds', { count: 0 }, false],
    ['a template in place of a word', { method: '{{ $json.m }}' }, true],
    ['a word that is not there', { method: 'PUT' }, false],
    ['a form of a discriminated union', { auth: { kind: 'basic', user: 'anna', tries: 1 } }, true],
    ['a form with a template inside', { auth: { kind: 'basic', user: '{{ $vars.user }}', tries: '{{ 1 }}' } }, true],
    ['a form that lacks a part', { auth: { kind: 'basic', user: 'anna' } }, false],
    ['a form that is not there', { auth: { kind: 'digest' } }, false],
    ['a template for the whole union', { auth: '{{ $json.auth }}' }, true],
    ['a template for which form it is', { auth: { kind: '{{ $json.kind }}' } }, false],
    ['a template inside the list that makes the ports', { rows: [{ id: 'a', size: '{{ 1 }}' }] }, true],
    ['a template for the list that makes the ports', { rows: '{{ $json.rows }}' }, false],
    ['nested conditions', { where: { all: [{ any: [{ left: '{{ $json.a }}', op: 'gt', right: 1 }] }] } }, true],
    ['a condition that is not there', { where: { all: [{ left: 1, op: 'nearly' }] } }, false],
    ['a template for conditions inside conditions', { where: { all: ['{{ $json.rule }}'] } }, true],
    ['a value of names and values by template', { named: { a: '{{ 1 }}', b: 2 } }, true],
    ['too long a literal, template or not', { code: `{{ ${'x'.repeat(60)} }}` }, false],
  ])('%s', (_, params, expected) => {
    expect(accepts(params)).toBe(expected);
  });

  test('keeps on the outside what the form shows', () => {
    const { properties } = card.params as { properties: Record<string, Record<string, unknown>> };
    expect(properties['count']).toMatchObject({ title: 'Count', ui: 'number', default: 2 });
    expect(properties['method']).toMatchObject({ title: 'Method', ui: 'choice', labels: { GET: 'Read' } });
    expect(properties['name']).toMatchObject({ title: 'Name', type: 'string' });
  });
});

test('defaults are what params are when left out', () => {
  expect(card.defaults).toEqual({ count: 2 });
});

test('a card is plain data, made once', () => {
  expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  expect(cardOf(node)).toBe(card);
});
