import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { longText } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { assertLength } from './limits.ts';
import { objectWith } from './path.ts';
import { option } from '../kit/unfolding.ts';

export const template = defineNode({
  type: 'data.template',
  version: 1,
  title: 'Template',
  icon: 'scroll-text',
  summary: 'Writes one text from all items: a part for each item, and text before, between and after.',
  line: '{{ each }}',
  params: z.object({
    each: longText({ title: 'For each item', noun: 'a text for each item', placeholder: '- {{ $json.name }}' }),
    before: option(longText({ title: 'Before', description: 'Once, at the start.' })).default(''),
    between: option(longText({ title: 'Between', description: 'Default: a new line.' })).default('\n'),
    after: option(longText({ title: 'After', description: 'Once, at the end.' })).default(''),
    empty: option(longText({ title: 'Without items', description: 'The text if there are no items.' })).default(''),
    as: option(fieldPath({ title: 'Write to' })).default('text'),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  all: ({ items, params, paramsOf, engine, budget }) => {
    let length = 0;
    const parts = items.map((_, index) => {
      const part = paramsOf(index).each;
      budget?.spend(16);
      budget?.makes(part.length + params.between.length);
      assertLength((length += part.length + params.between.length));
      return part;
    });
    const text = items.length === 0 ? params.empty : params.before + parts.join(params.between) + params.after;
    return [{ value: objectWith(params.as, text, engine), $from: [...items.keys()] }];
  },
  examples: [
    {
      name: 'A list with a heading',
      params: { each: '- {{ $json.title }} ({{ $json.n }})', before: 'Today:\n', after: '\nBye.' },
      given: {
        in: [
          { title: 'Åre', n: 1 },
          { title: 'Oslo', n: 2 },
        ],
      },
      gives: { out: [{ text: 'Today:\n- Åre (1)\n- Oslo (2)\nBye.' }] },
    },
    {
      name: 'Missing values print as nothing',
      params: { each: '<li>{{ $json.name }}</li>', between: '', before: '<ul>', after: '</ul>', as: 'html' },
      given: { in: [{ name: 'a' }, {}, { name: null }] },
      gives: { out: [{ html: '<ul><li>a</li><li></li><li></li></ul>' }] },
    },
    {
      name: 'One item',
      params: { each: 'Hello {{ $json.who }}' },
      given: { in: [{ who: '世界' }] },
      gives: { out: [{ text: 'Hello 世界' }] },
    },
  ],
});
