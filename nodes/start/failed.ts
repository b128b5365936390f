import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, list, workflowId } from '../kit/fields.ts';
import { shown } from '../kit/unfolding.ts';

const failure = {
  workflow: { id: 'workflow_1', name: 'Orders' },
  run: { id: 'run_1', trigger: 'start.webhook' },
  error: { code: 'http.status', message: 'POST https://example.com answered 500.', node: 'tell' },
};

export const failed = defineNode({
  type: 'start.failed',
  version: 1,
  title: 'When a run fails',
  icon: 'siren',
  summary: 'Starts when a run of another workflow fails. Its own failures never start it.',
  line: '{{ watch === "all" ? "all workflows" : watch === "listed" ? "the workflows listed" : "workflows that name this one" }}',
  params: z.object({
    watch: choice(['named', 'listed', 'all'], {
      title: 'Watch',
      labels: {
        named: 'Workflows that use this one as their error workflow',
        listed: 'Only the workflows listed here',
        all: 'All workflows of the workspace',
      },
    }).default('named'),
    workflows: shown(
      { watch: 'listed' },
      list(workflowId({ title: 'Workflow' }), { title: 'Workflows', addLabel: 'Add a workflow' }),
    ).default([]),
  }),
  literal: ['watch', 'workflows'],
  checks: [
    {
      when: {
        all: [
          { left: '{{ $json.watch }}', op: 'equals', right: 'listed' },
          { left: '{{ $json.workflows }}', op: 'empty' },
        ],
      },
      message: 'Add a workflow to watch.',
      param: 'workflows',
    },
  ],
  inputs: {},
  outputs: { out: {} },
  effect: 'pure',
  role: 'start',
  all: ({ items }) => items,
  examples: [
    {
      name: 'What failed, where and why',
      params: {},
      given: {},
      with: { event: [failure] },
      gives: { out: [failure] },
    },
    {
      name: 'Watches two workflows',
      params: { watch: 'listed', workflows: ['workflow_1', 'workflow_2'] },
      given: {},
      with: { event: [failure] },
      gives: { out: [failure] },
    },
    {
      name: 'A failure outside any node',
      params: { watch: 'all' },
      given: {},
      with: { event: [{ ...failure, error: { code: 'run.timeout', message: 'Too long.', node: null } }] },
      gives: { out: [{ ...failure, error: { code: 'run.timeout', message: 'Too long.', node: null } }] },
    },
  ],
});
