import { Command } from 'commander';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Pinned, Workflow, WorkflowTest } from '../../flow/document/workflow.ts';
import { pinned } from '../../flow/document/workflow.ts';
import * as z from 'zod';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { readConfig } from '../config.ts';
import { openLog } from '../log/log.ts';
import { openProcess } from '../process.ts';
import { startInput } from '../runs/start-input.ts';
import { wholeRun } from '../runs/views.ts';
import { differences } from './differences.ts';
import { planOf, readDocument, readText } from './document.ts';
import { issueLine, print } from './print.ts';
import { UsageError } from './usage-error.ts';
import { watchRun } from './watch-run.ts';

interface RunOptions {
  readonly input?: string;
  readonly start?: string;
  readonly with?: string;
  readonly fast?: boolean;
  readonly maxWait: string;
  readonly json?: boolean;
}

/** `heddle run FILE`: carries a workflow file through the real engine on the configured or embedded database. */
export const runCommand = (): Command =>
  new Command('run')
    .description('carry a workflow file out; without --input its first test is run and compared')
    .argument('<file>', 'a workflow document')
    .option('--input <file>', 'a JSON item or list for the start node; - reads standard input')
    .option('--start <key>', 'the start node to begin at')
    .option('--with <file>', 'JSON: outputs by node key that stand in for those nodes')
    .option('--fast', 'move the clock over timers')
    .option('--max-wait <seconds>', 'how long to wait for the run to end', '300')
    .action(async (file: string, options: RunOptions) => {
      const planned = planOf(await readDocument(file));
      if (!planned.ok) {
        if (options.json) print.json({ issues: planned.issues });
        else for (const issue of planned.issues) print.problem(issueLine(issue));
        process.exitCode = 2;
        return;
      }
      process.exitCode = await runDocument(planned.document, planned.plan, options);
    });

async function runDocument(document: Workflow, plan: Plan, options: RunOptions): Promise<number> {
  const test = options.input === undefined ? document.tests?.[0] : undefined;
  const start = chooseStart(plan, options.start ?? test?.start);
  const given = options.input === undefined ? test?.input : parseJson(await readText(options.input), '--input');
  const pins = pinsOf(
    plan,
    options.with === undefined
      ? test?.with
      : z.record(z.string(), pinned).parse(parseJson(await readText(options.with), '--with')),
  );
  const input = startInput(plan, start, given);

  const config = readConfig();
  const clock = options.fast ? fastClock() : undefined;
  const log = openLog({ level: process.env['HEDDLE_LOG_LEVEL'] ? config.logLevel : 'error' });
  await using opened = await openProcess({
    config,
    role: 'starter',
    log,
    say: print.problem,
    ...(clock ? { clock: clock.now } : {}),
  });
  const actor = await opened.engine.start({
    workspace: await findWorkspace(opened.ground.database.app.sql, 'main'),
    workflow: { id: `file_${plan.fingerprint.slice(0, 12)}`, name: document.name, version: null },
    plan,
    document,
    start,
    input,
    lane: 'interactive',
    mode: 'manual',
    trigger: { kind: 'manual', key: start },
    ...(pins ? { pins } : {}),
  });
  const waitMs = Number(options.maxWait) * 1000;
  await watchRun(opened, actor.run, {
    waitMs: Number.isFinite(waitMs) ? waitMs : 300_000,
    isDriver: config.slots > 0,
    ...(clock ? { jump: clock.jump } : {}),
  });
  const facts = await opened.ledger.readFacts(actor.run);
  return report(wholeRun(actor.run, plan, facts), test, options);
}

function report(run: ReturnType<typeof wholeRun>, test: WorkflowTest | undefined, options: RunOptions): number {
  const isOver = run.status === 'finished' || run.status === 'failed' || run.status === 'cancelled';
  const expected = test?.gives === undefined ? undefined : Array.isArray(test.gives) ? test.gives : [test.gives];
  const differs = isOver && run.status === 'finished' && expected ? differences(expected, run.output ?? []) : [];
  if (options.json) print.json(differs.length > 0 ? { ...run, differences: differs } : run);
  else if (run.status === 'finished') print.line(JSON.stringify(run.output ?? [], null, 2));
  if (differs.length > 0)
    print.problem(
      [
        `The output differs from what the test "${test?.name}" gives:`,
        ...differs.slice(0, 50).map((line) => `  ${line}`),
      ].join('\n'),
    );
  if (run.error)
    print.problem(
      `${run.status}: ${run.error.message}${run.error.node ? ` (node ${run.error.node})` : ''}${run.error.mend ? `\n  ${run.error.mend}` : ''}`,
    );
  if (!isOver) print.problem(waitingFor(run));
  if (!isOver) return 3;
  return run.status === 'finished' && differs.length === 0 ? 0 : 1;
}

const waitingFor = (run: ReturnType<typeof wholeRun>) => {
  const needs = run.needs.map(
    (need) =>
      `  ${need.step}: ${need.kind}${need.title ? `, ${need.title}` : ''}${need.items ? `, items ${need.items.join(', ')}` : ''}`,
  );
  return [`The run ${run.id} is not over; it is ${run.status}.`, ...needs].join('\n');
};

/** The start that was named, or the one there is, or the one manual one. */
function chooseStart(plan: Plan, named: string | undefined): string {
  if (named !== undefined) {
    if (plan.nodes[named]) return named;
    throw new UsageError(`There is no node ${named} to start at; the starts are ${plan.starts.join(', ')}.`);
  }
  const manual = plan.starts.filter((key) => plan.nodes[key]?.type === 'start.manual');
  const only = plan.starts.length === 1 ? plan.starts[0] : manual.length === 1 ? manual[0] : undefined;
  if (only === undefined)
    throw new UsageError(`There are several starts (${plan.starts.join(', ')}): say which with --start.`);
  return only;
}

function pinsOf(
  plan: Plan,
  given: Readonly<Record<string, Pinned>> | undefined,
): Record<string, Record<string, unknown[]>> | undefined {
  if (!given) return undefined;
  for (const key of Object.keys(given))
    if (!plan.nodes[key]) throw new UsageError(`The pinned outputs name ${key}, which is not a node.`);
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      Array.isArray(value) ? { [plan.nodes[key]?.outputs[0] ?? 'out']: value } : value,
    ]),
  );
}

function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${from} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** A clock that jumps over waits. */
function fastClock() {
  let ahead = 0;
  return { now: () => Date.now() + ahead, jump: (to: number) => void (ahead = Math.max(ahead, to - Date.now())) };
}
