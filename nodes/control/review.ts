import * as z from 'zod';
import { durationMs } from '../../flow/document/duration.ts';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { duration, list, longText, text } from '../kit/fields.ts';
import { formField } from '../start/form-fields.ts';
import { option } from '../kit/unfolding.ts';

export const review = defineNode({
  type: 'control.review',
  version: 1,
  title: 'Ask for approval',
  icon: 'user-check',
  summary: 'Waits for somebody’s decision and sends the items the way they chose.',
  line: '{{ title }}',
  params: z.object({
    title: text({ title: 'Question', placeholder: 'Pay invoice {{ $json.number }}?' }),
    text: longText({ title: 'Details', description: 'Shown under the question. Markdown.' }).default(''),
    choices: list(
      z.object({
        id: z
          .string()
          .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'Use lower-case letters, digits, - and _, and start with a letter.')
          .meta({ title: 'Output', ui: 'text', says: 'Use small letters, digits, - and _, and start with a letter.' }),
        name: text({ title: 'Button', noun: 'text for its button' }),
      }),
      { title: 'Choices', description: 'Each has its own output.', addLabel: 'Add a choice' },
    )
      .min(1)
      .default([
        { id: 'approved', name: 'Approve' },
        { id: 'declined', name: 'Decline' },
      ]),
    form: option(
      list(formField, { title: 'Form fields', description: 'Filled in with the decision.', addLabel: 'Add a field' }),
    ).default([]),
    assignee: option(
      text({
        title: 'Approver',
        description: 'An e-mail address or a role. Default: everyone who may approve.',
      }),
    ).optional(),
    within: option(
      duration({
        title: 'Respond within',
        description: 'After that, the items leave by the output Timeout.',
        placeholder: '3d',
      }),
    ).optional(),
  }),
  literal: ['choices', 'form'],
  inputs: { in: {} },
  outputs: { each: 'choices', id: 'id', title: 'name', then: { timeout: { title: 'Timeout', shownWith: 'within' } } },
  needs: ['review'],
  effect: 'idempotent',
  branches: true,
  all: async ({ items, params, review: reviews, now }) => {
    const answer = await reviews.ask({
      title: params.title,
      ...(params.text === '' ? {} : { text: params.text }),
      ...(params.form.length === 0 ? {} : { form: params.form }),
      choices: params.choices.map(({ id }) => id),
      ...(params.assignee === undefined ? {} : { assignee: params.assignee }),
      ...(params.within === undefined ? {} : { due: now + (durationMs(params.within) ?? 0) }),
    });
    if (answer === undefined) return deliver({ timeout: items });
    if (!params.choices.some(({ id }) => id === answer.choice)) throw notAChoice(answer.choice);
    return deliver({ [answer.choice]: items.map((item, $from) => ({ value: withAnswer(item, answer), $from })) });
  },
  examples: [
    {
      name: 'Approved, with a remark',
      params: { title: 'Pay invoice {{ $json.number }}?', form: [{ name: 'remark' }] },
      given: { in: [{ number: 17, total: 120 }] },
      with: { review: { choice: 'approved', values: { remark: 'gärna' }, by: 'user_4f9c2a71', name: 'Zoë' } },
      gives: {
        approved: [
          {
            number: 17,
            total: 120,
            review: { choice: 'approved', values: { remark: 'gärna' }, by: 'user_4f9c2a71', name: 'Zoë' },
          },
        ],
      },
    },
    {
      name: 'Choices of your own',
      params: {
        title: 'Which size?',
        choices: [
          { id: 's', name: 'Small' },
          { id: 'l', name: 'Large' },
        ],
      },
      given: { in: [{ id: 1 }, { id: 2 }] },
      with: { review: { choice: 'l', values: {} } },
      gives: {
        l: [
          { id: 1, review: { choice: 'l', values: {} } },
          { id: 2, review: { choice: 'l', values: {} } },
        ],
      },
    },
    {
      name: 'Nobody answered in time',
      params: { title: 'Still needed?', within: '3d' },
      given: { in: [{ id: 1 }] },
      with: { review: null },
      gives: { timeout: [{ id: 1 }] },
    },
    {
      name: 'An item that is no object keeps its value beside the answer',
      params: { title: 'Publish?' },
      given: { in: ['text'] },
      with: { review: { choice: 'declined', values: {} } },
      gives: { declined: [{ item: 'text', review: { choice: 'declined', values: {} } }] },
    },
  ],
});

const withAnswer = (item: unknown, answer: object): unknown =>
  isObject(item) ? { ...item, review: answer } : { item, review: answer };

const notAChoice = (choice: string): Fault =>
  new Fault('data.invalid', `“${choice}” is not one of the choices.`, {
    mend: 'Answer again with one of the choices.',
    done: 'no',
  });
