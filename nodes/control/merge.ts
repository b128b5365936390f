import * as z from 'zod';
import { Fault } from '../../flow/facts/faults.ts';
import { fieldPath } from '../data/field-path.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, list, toggle, whole } from '../kit/fields.ts';
import { byMatch, byPosition, combinations, sidesOf } from './merge-items.ts';
import { shown } from '../kit/unfolding.ts';

export const merge = defineNode({
  type: 'control.merge',
  version: 1,
  title: 'Merge',
  icon: 'merge',
  summary: 'Waits for several branches and makes one list of their items.',
  line: '{{ said.mode }}',
  params: z.object({
    inputs: whole({ title: 'Inputs', min: 2, max: 20 }).default(2),
    mode: choice(['append', 'position', 'match', 'combinations', 'choose'], {
      title: 'Mode',
      labels: {
        append: 'Append: one list after the other',
        position: 'By position: first with first',
        match: 'By matching fields',
        combinations: 'All combinations',
        choose: 'Choose one input',
      },
    }).default('append'),
    on: shown(
      { mode: 'match' },
      list(
        z.object({ left: fieldPath({ title: 'Field of input 1' }), right: fieldPath({ title: 'Field of input 2' }) }),
        { title: 'Fields to match', entryTitle: 'Pair', addLabel: 'Add a pair' },
      ),
    ).default([]),
    keep: shown(
      { mode: ['match', 'position'] },
      choice(['matches', 'non-matches', 'everything', 'enrich-left', 'enrich-right'], {
        title: 'Keep',
        labels: {
          matches: 'Matches only',
          'non-matches': 'Non-matches only',
          everything: 'Everything',
          'enrich-left': 'All of input 1, enriched',
          'enrich-right': 'All of input 2, enriched',
        },
      }),
    ).default('matches'),
    clash: shown(
      { mode: ['match', 'position', 'combinations'] },
      choice(['prefer-left', 'prefer-right', 'suffix'], {
        title: 'If both have the same field',
        labels: {
          'prefer-left': 'Use the first input’s value',
          'prefer-right': 'Use the last input’s value',
          suffix: 'Keep both, numbered',
        },
      }),
    ).default('prefer-right'),
    loose: shown({ mode: 'match' }, toggle({ title: 'Convert types', description: 'Matches "5" with 5.' })).default(
      false,
    ),
    choose: shown(
      { mode: 'choose' },
      z
        .union([
          z.literal('first').meta({ title: 'The first that has items' }),
          z.int().min(1).max(20).meta({ title: 'By number' }),
        ])
        .default('first')
        .meta({ title: 'Input to use' }),
    ),
  }),
  checks: [
    {
      when: {
        all: [
          { left: '{{ $json.mode }}', op: 'equals', right: 'match' },
          { left: '{{ $json.on }}', op: 'empty' },
        ],
      },
      message: 'Add the fields to match.',
      param: 'on',
    },
    {
      when: {
        all: [
          { left: '{{ $json.mode }}', op: 'equals', right: 'match' },
          { left: '{{ $json.inputs }}', op: 'gt', right: 2 },
        ],
      },
      message: 'Matching works on two inputs. Merge the third in a second Merge node.',
      param: 'inputs',
    },
  ],
  inputs: { count: 'inputs', id: 'in' },
  outputs: { out: {} },
  effect: 'pure',
  all: ({ inputs, params, budget }) => {
    const lists = Object.values(inputs);
    const sides = sidesOf(inputs);
    if (params.mode === 'append') return lists.flat(1);
    if (params.mode === 'choose')
      return lists[params.choose === 'first' ? lists.findIndex((items) => items.length > 0) : params.choose - 1] ?? [];
    if (params.mode === 'position') return byPosition(sides, params.keep, { clash: params.clash, budget });
    if (params.mode === 'combinations') return combinations(sides, { clash: params.clash, budget });
    const [left, right, third] = sides;
    if (!left || !right || third || params.on.length === 0) throw unmatchable;
    return byMatch(left, right, { ...params, budget });
  },
  examples: [
    {
      name: 'One branch after the other',
      params: {},
      given: { in1: [{ a: 1 }], in2: [{ a: 2 }, null] },
      gives: { out: [{ a: 1 }, { a: 2 }, null] },
    },
    {
      // Customer 1 has two orders, so two rows; 2 has none; order 12 has no customer.
      name: 'Orders with their customers',
      params: { mode: 'match', on: [{ left: 'id', right: 'customer.id' }], keep: 'enrich-left', clash: 'prefer-left' },
      given: {
        in1: [
          { id: 1, name: 'Åsa' },
          { id: 2, name: 'Bo' },
        ],
        in2: [
          { id: 10, customer: { id: 1 } },
          { id: 11, customer: { id: 1 } },
          { id: 12, customer: { id: null } },
        ],
      },
      gives: {
        out: [
          { id: 1, name: 'Åsa', customer: { id: 1 } },
          { id: 1, name: 'Åsa', customer: { id: 1 } },
          { id: 2, name: 'Bo' },
        ],
      },
    },
    {
      name: 'What has no partner on either side',
      params: { mode: 'match', on: [{ left: 'sku', right: 'sku' }], keep: 'non-matches' },
      given: { in1: [{ sku: 'A' }, { sku: 'B' }], in2: [{ sku: 'B' }, { sku: 'C' }, {}] },
      gives: { out: [{ sku: 'A' }, { sku: 'C' }, {}] },
    },
    {
      name: 'First with first, both prices kept',
      params: { mode: 'position', clash: 'suffix' },
      given: {
        in1: [
          { sku: 'A', price: 10 },
          { sku: 'B', price: 5 },
        ],
        in2: [{ sku: 'A', price: 12 }],
      },
      gives: { out: [{ sku: 'A', price_1: 10, price_2: 12 }] },
    },
    {
      // 2 sizes × 2 colours = 4.
      name: 'Every size in every colour',
      params: { mode: 'combinations' },
      given: { in1: [{ size: 's' }, { size: 'm' }], in2: [{ colour: 'red' }, { colour: 'blue' }] },
      gives: {
        out: [
          { size: 's', colour: 'red' },
          { size: 's', colour: 'blue' },
          { size: 'm', colour: 'red' },
          { size: 'm', colour: 'blue' },
        ],
      },
    },
    {
      name: 'The first input that has items',
      params: { inputs: 3, mode: 'choose' },
      given: { in1: [], in2: [{ from: 'cache' }], in3: [{ from: 'source' }] },
      gives: { out: [{ from: 'cache' }] },
    },
    {
      name: 'Text cannot be merged field by field',
      params: { mode: 'position' },
      given: { in1: ['a'], in2: [{ b: 1 }] },
      gives: { fault: 'data.invalid' },
    },
  ],
});

const unmatchable = new Fault('params.invalid', 'Matching needs two inputs and at least one pair of fields.', {
  mend: 'Add a pair: a field of input 1 and the field of input 2 it must match.',
  done: 'no',
});
