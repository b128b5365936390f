import type { Plan } from '../flow/compile/plan.ts';
import { compile } from '../flow/compile/compile.ts';
import type { Workflow } from '../flow/document/workflow.ts';
import { catalogue } from '../nodes/all.ts';
import { findWorkspace } from '../server/accounts/find-workspace.ts';
import { readConfig } from '../server/config.ts';
import { openLog } from '../server/log/log.ts';
import { openProcess } from '../server/process.ts';
import type { Process } from '../server/process.ts';
import { startInput } from '../server/runs/start-input.ts';
import { wholeRun } from '../server/runs/views.ts';

/** A workflow that can be called as its webhook would call it: resolves with the reply's body, once that is durable. */
export interface Callable {
  call(body: unknown): Promise<unknown>;
  /** Reads this many random ones of the runs that were called back from the journal, and throws unless each is whole. */
  readBack(count: number, output: unknown, steps: readonly string[]): Promise<number>;
}

/** The product in this process, with the settings that it has by default, on the database of HEDDLE_HOME. */
export interface Product extends AsyncDisposable {
  readonly opened: Process;
  workflow(document: Workflow): Callable;
}

export async function openProduct(): Promise<Product> {
  const opened = await openProcess({ config: readConfig(), role: 'all', log: openLog({ level: 'error' }) });
  const workspace = await findWorkspace(opened.ground.database.app.sql, 'main');
  return {
    opened,
    workflow: (document) => callable(opened, workspace, document),
    [Symbol.asyncDispose]: () => opened.close(),
  };
}

function callable(opened: Process, workspace: string, document: Workflow): Callable {
  const plan = planOf(document);
  const path = String(document.nodes[0]?.params?.['path']);
  const runs: string[] = [];
  let count = 0;
  return {
    call: async (body) => {
      const input = startInput(plan, 'hook', body);
      count += 1;
      const actor = await opened.engine.start({
        workspace,
        workflow: { id: `wf_${path}`, name: document.name, version: 1 },
        plan,
        document,
        start: 'hook',
        input,
        lane: 'realtime',
        mode: 'live',
        isAwaited: true,
        trigger: { kind: 'webhook', key: 'hook' },
        event: {
          id: `evt_${opened.boot}_${path}_${count}`,
          source: `/hooks/main/${path}`,
          type: 'webhook',
          data: input[0],
          trigger: `wf_${path}/hook`,
        },
      });
      const reply = await actor.whenReplied();
      if (reply?.status !== 200) throw new Error(`${document.name} answered ${JSON.stringify(reply)}`);
      runs.push(actor.run);
      return reply.body;
    },
    readBack: async (wanted, output, steps) => {
      for (let n = 0; n < wanted; n += 1) {
        const run = runs[Math.floor(Math.random() * runs.length)] ?? '';
        const whole = wholeRun(run, plan, await opened.ledger.readFacts(run));
        const found = [whole.status, whole.output, whole.steps.map(({ key, status }) => `${key} ${status}`)];
        const expected = ['finished', [output], steps.map((key) => `${key} finished`)];
        if (JSON.stringify(found) !== JSON.stringify(expected))
          throw new Error(`${run} is not whole: ${JSON.stringify(found)}`);
      }
      return wanted;
    },
  };
}

function planOf(document: Workflow): Plan {
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(`${document.name}: ${JSON.stringify(compiled.issues)}`);
  return compiled.plan;
}
