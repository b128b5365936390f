import * as z from 'zod';
import { Fault } from '../../flow/facts/faults.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, toggle, whole, workflowId } from '../kit/fields.ts';
import { option, shown } from '../kit/unfolding.ts';

export const call = defineNode({
  type: 'control.call',
  version: 1,
  title: 'Call workflow',
  icon: 'workflow',
  summary: 'Runs another published workflow and passes on its output.',
  line: '{{ workflow }}{{ mode === "each" ? ", once for each item" : "" }}',
  params: z.object({
    workflow: workflowId({ title: 'Workflow' }),
    mode: choice(['once', 'each'], {
      title: 'Run',
      labels: { once: 'Once, with all items', each: 'Once for each item' },
    }).default('once'),
    input: option(
      z.unknown().optional().meta({
        title: 'Input',
        description: 'What is passed for each item. Default: the item itself.',
        ui: 'json',
      }),
    ),
    parallel: shown({ mode: 'each' }, whole({ title: 'Runs at a time', min: 1, max: 50 })).default(10),
    wait: toggle({
      title: 'Wait for the result',
      description: 'Off: the output is the ids of the runs that were started.',
    }).default(true),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  needs: ['workflow'],
  effect: 'idempotent',
  all: async ({ items, params, paramsOf, workflow, rest }) => {
    const passed: unknown[] = [];
    for (const [index, item] of items.entries()) {
      const own = paramsOf(index);
      const { input } = own instanceof Promise ? await own : own;
      passed.push(input === undefined ? item : input);
      const others = rest();
      if (others) await others;
    }
    const inputs = params.mode === 'each' ? passed.map((item) => [item]) : [passed];
    const { parallel, wait } = params;
    const children = await workflow.call({ workflow: params.workflow, inputs, wait, parallel });
    return children.flatMap((child, index) => {
      const output = outputOf(child, wait);
      const $from = params.mode === 'each' ? index : parentsOf(items.length, output.length);
      return output.map((value) => ({ value, $from }));
    });
  },
  examples: [
    {
      // Two items to one child, which gives their count: 2.
      name: 'Once with all items',
      params: { workflow: 'workflow_count' },
      given: { in: [{ n: 1 }, { n: 2 }] },
      with: { workflow: (inputs: unknown[][]) => inputs.map((items) => ended([{ count: items.length }])) },
      gives: { out: [{ count: 2 }] },
    },
    {
      name: 'Once for each item, with an input of its own',
      params: { workflow: 'workflow_greet', mode: 'each', input: { name: '{{ $json.who }}' } },
      given: { in: [{ who: 'Åsa' }, { who: 'Bo' }] },
      with: { workflow: (inputs: unknown[][]) => inputs.map((items) => ended(items)) },
      gives: { out: [{ name: 'Åsa' }, { name: 'Bo' }] },
    },
    {
      name: 'Begun and not waited for',
      params: { workflow: 'workflow_mail', wait: false },
      given: { in: [null] },
      with: { workflow: () => [{ run: 'run_1', status: 'started', output: [] }] },
      gives: { out: [{ run: 'run_1', status: 'started' }] },
    },
    {
      name: 'The called workflow fails',
      params: { workflow: 'workflow_bad' },
      given: { in: [{}] },
      with: { workflow: () => [{ run: 'run_1', status: 'failed', output: [], error: 'No stock.' }] },
      gives: { fault: 'workflow.failed' },
    },
  ],
});

/** Each item that comes back has all that were passed as its parents, as long as there is a fact that holds so many: 10,000 times 10,000 are half a gigabyte. */
const parentsOf = (passed: number, output: number): readonly number[] =>
  passed * output > mostParents ? [] : Array.from({ length: passed }, (_, index) => index);

const mostParents = 1_000_000;

interface Child {
  readonly run: string;
  readonly status: 'finished' | 'failed' | 'started' | 'cancelled';
  readonly output: readonly unknown[];
  readonly error?: string;
}

function outputOf({ run, status, output, error }: Child, wait: boolean): readonly unknown[] {
  if (!wait) return [{ run, status }];
  if (status === 'finished') return output;
  const why = status === 'cancelled' ? 'was cancelled' : `failed: ${error ?? 'no reason was given'}`;
  throw new Fault('workflow.failed', `The called workflow ${why}`, {
    mend: `Open ${run}, then fix the called workflow or what is passed to it.`,
    done: 'yes',
    details: { run, status },
  });
}

const ended = (output: readonly unknown[]): Child => ({ run: 'run_1', status: 'finished', output });
