import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, longText, text } from '../kit/fields.ts';
import { formFields } from './form-fields.ts';
import { option, shown } from '../kit/unfolding.ts';

/** Each visitor, also a stranger, is shown it. */
const mostWords = 100_000;

export const form = defineNode({
  type: 'start.form',
  version: 1,
  title: 'Form',
  icon: 'clipboard-list',
  summary: 'Starts when somebody submits its form, on its own page.',
  line: '{{ title }}',
  params: z.object({
    path: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9\-_]{0,99}$/, 'Enter a path such as contact.')
      .meta({
        title: 'Path',
        description: 'The end of its address.',
        ui: 'text',
        placeholder: 'contact',
        says: 'Use letters, digits, - and _.',
      }),
    title: text({ title: 'Title' }).max(mostWords),
    description: option(longText({ title: 'Description' }).max(mostWords)).default(''),
    fields: formFields,
    button: option(text({ title: 'Button' }).max(mostWords)).default('Send'),
    reply: choice(['now', 'last', 'respond'], {
      title: 'Respond',
      labels: {
        now: 'Immediately, with a thank-you text',
        last: 'When the last node finishes',
        respond: 'Using a Respond node',
      },
    }).default('now'),
    thanks: shown({ reply: 'now' }, longText({ title: 'Thank-you text' }).max(mostWords)).default(
      'Thank you. It has been sent.',
    ),
  }),
  literal: ['path', 'title', 'description', 'fields', 'button', 'reply', 'thanks'],
  inputs: {},
  outputs: { out: {} },
  effect: 'pure',
  role: 'start',
  all: ({ items }) => items,
  examples: [
    {
      name: 'A contact form',
      params: {
        path: 'contact',
        title: 'Write to us',
        fields: [
          { name: 'name', required: true },
          { name: 'email', kind: 'email', required: true },
          { name: 'topic', kind: 'dropdown', options: ['Sales', 'Help'] },
        ],
      },
      given: {},
      with: { event: [{ name: 'Zoë', email: 'zoe@example.com', topic: 'Help' }] },
      gives: { out: [{ name: 'Zoë', email: 'zoe@example.com', topic: 'Help' }] },
    },
    {
      name: 'A field left empty is null',
      params: { path: 'rsvp', title: 'Will you come?', fields: [{ name: 'guests', kind: 'number' }] },
      given: {},
      with: { event: [{ guests: null }] },
      gives: { out: [{ guests: null }] },
    },
    {
      name: 'Ticked boxes are a list',
      params: { path: 'lunch', title: 'Lunch', fields: [{ name: 'days', kind: 'checkbox', options: ['Mon', 'Tue'] }] },
      given: {},
      with: { event: [{ days: [] }] },
      gives: { out: [{ days: [] }] },
    },
  ],
});
