import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, list, longText, text, toggle } from '../kit/fields.ts';
import { option } from '../kit/unfolding.ts';

export const called = defineNode({
  type: 'start.called',
  version: 1,
  title: 'When called',
  icon: 'corner-down-right',
  summary: 'Starts when another workflow calls this one, with the inputs declared here.',
  line: '{{ (inputs ?? []).map(input => input.name).join(", ") }}',
  params: z.object({
    inputs: list(
      z.object({
        name: text({ title: 'Name' }),
        type: choice(['any', 'string', 'number', 'boolean', 'list', 'object', 'date'], { title: 'Type' }).default(
          'any',
        ),
        required: toggle({ title: 'Required' }).default(false),
        description: option(longText({ title: 'Description' })).optional(),
        default: option(z.unknown().optional().meta({ title: 'Default value', ui: 'value' })),
      }),
      { title: 'Inputs', description: 'Fields of the items it is called with.', addLabel: 'Add an input' },
    ).default([]),
    description: option(
      longText({
        title: 'Description',
        description: 'Tells an AI model what the workflow does when it is one of its tools.',
      }),
    ).default(''),
  }),
  literal: ['inputs', 'description'],
  inputs: {},
  outputs: { out: {} },
  effect: 'pure',
  role: 'start',
  all: ({ items }) => items,
  examples: [
    {
      name: 'Declared inputs',
      params: {
        inputs: [
          { name: 'customer', type: 'string', required: true },
          { name: 'lines', type: 'list' },
        ],
      },
      given: {},
      with: { event: [{ customer: 'c1', lines: [] }] },
      gives: { out: [{ customer: 'c1', lines: [] }] },
    },
    {
      name: 'Takes any item when nothing is declared',
      params: {},
      given: {},
      with: { event: ['text'] },
      gives: { out: ['text'] },
    },
    { name: 'Called without items', params: {}, given: {}, with: { event: [] }, gives: {} },
  ],
});
