import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, longText } from '../kit/fields.ts';
import { shown } from '../kit/unfolding.ts';

export const stop = defineNode({
  type: 'control.stop',
  version: 1,
  title: 'Stop',
  icon: 'octagon-x',
  summary: 'Ends the run at once: as failed with your message, or as finished.',
  line: '{{ said.as }}{{ message ? ": " + message : "" }}',
  params: z.object({
    as: choice(['error', 'success'], { title: 'End as', labels: { error: 'Failed', success: 'Finished' } }).default(
      'error',
    ),
    message: shown(
      { as: 'error' },
      longText({ title: 'Message', description: 'The error of the run. Expressions read the first item.' }),
    ).default('The workflow was stopped by a stop node.'),
  }),
  inputs: { in: {} },
  outputs: {},
  effect: 'pure',
  role: 'stop',
  all: ({ params, stop }) => {
    stop(params.as === 'success' ? { as: 'success' } : { as: 'error', message: params.message });
    return [];
  },
  examples: [
    {
      name: 'Fails with a message about the item',
      params: { message: 'Order {{ $json.id }} has no lines.' },
      given: { in: [{ id: 7 }] },
      gives: { stop: { as: 'error', message: 'Order 7 has no lines.' } },
    },
    {
      name: 'Ends early and well',
      params: { as: 'success' },
      given: { in: [{ id: 7 }] },
      gives: { stop: { as: 'success' } },
    },
    {
      name: 'A missing field prints as nothing',
      params: { message: 'Stopped: {{ $json.why }}' },
      given: { in: [{}, { why: 'second' }] },
      gives: { stop: { as: 'error', message: 'Stopped: ' } },
    },
  ],
});
