import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';
import * as z from 'zod';
import type { FaultRecord, Fact } from '../../flow/facts/fact.ts';
import type { Actor } from '../engine/actor.ts';
import type { Engine } from '../engine/engine.ts';
import { accept } from './accept.ts';
import type { Admission } from './admission.ts';
import { FailedParams } from '../triggers/describe.ts';
import type { Directory, Trigger } from '../triggers/directory.ts';

export interface FailureOptions {
  /** The engine's pool. */
  readonly sql: Sql;
  readonly engine: Engine;
  readonly directory: Directory;
  readonly admission: Admission;
}

/** A run that failed, as watchers are told of it. */
interface Failure {
  readonly workspace: string;
  readonly run: string;
  readonly workflow: { readonly id: string; readonly name: string; readonly version: number };
  readonly trigger: string;
  readonly error: FaultRecord;
}

/** The failure among the facts of a commit that others may hear of; undefined when there is none. */
export function failureIn({ workspace, run, state }: Actor, facts: readonly Fact[]): Failure | undefined {
  const failed = facts.find((fact) => fact.type === 'run.failed');
  const { started } = state;
  if (failed?.type !== 'run.failed' || !started) return undefined;
  const { workflow, trigger, mode, parent } = started;
  // A child's failure is its parent's to tell of; and what `start.failed` began never sets it off again (E30).
  if (mode !== 'live' || parent || trigger.kind === 'failed' || workflow.version === null) return undefined;
  return {
    workspace,
    run,
    workflow: { ...workflow, version: workflow.version },
    trigger: trigger.kind,
    error: failed.data.fault,
  };
}

/** Starts the workflows that watch for this failure, each once, however often it is told. */
export async function tellOfFailure(options: FailureOptions, failure: Failure): Promise<void> {
  const { directory, engine, admission } = options;
  const { workspace, run, workflow, trigger: kind, error } = failure;
  for (const watcher of await watchers(directory, failure)) {
    const published = await directory.version(watcher);
    if (!published) continue;
    const { code, message, node = null } = error;
    await accept(engine, admission, {
      workspace,
      published,
      key: watcher.key,
      kind: 'failed',
      items: [
        {
          workflow: { id: workflow.id, name: workflow.name },
          run: { id: run, trigger: kind },
          error: { code, message, node },
        },
      ],
      lane: 'background',
      source: `runs/${run}`,
      subject: run,
      dedupeKey: `failed ${run}`,
      run: watchRun(run, watcher),
    });
  }
}

const watchRun = (run: string, { workflow, key }: Trigger) =>
  `run_${createHash('sha256')
    .update(JSON.stringify(['failed', run, workflow, key]))
    .digest('base64url')
    .slice(0, 26)}`;

async function watchers(directory: Directory, { workspace, workflow }: Failure): Promise<Trigger[]> {
  const all = directory.of(workspace).filter(({ kind, workflow: own }) => kind === 'failed' && own !== workflow.id);
  if (all.length === 0) return [];
  const failing = await directory.version({ workspace, workflow: workflow.id, version: workflow.version });
  const named = failing?.document.settings?.errorWorkflow;
  const watching = await Promise.all(
    all.map(async (trigger) => {
      const given = await directory.params(trigger);
      if (!given) return false;
      const { watch, workflows } = FailedParams.parse(given);
      if (watch !== 'named') return watch === 'all' || workflows.includes(workflow.id);
      if (named === undefined) return false;
      return named === trigger.workflow || named === (await directory.version(trigger))?.name;
    }),
  );
  return all.filter((_, index) => watching[index]);
}

const Rows = z.array(
  z.object({
    workspace: z.string(),
    run: z.string(),
    workflow: z.string(),
    name: z.string(),
    version: z.number(),
    trigger: z.string(),
    error: z.looseObject({ code: z.string(), message: z.string(), node: z.string().optional() }),
  }),
);

const lookBackMs = 10 * 60_000;

/** Failures of the last minutes that nobody may have told of, because their process died at that moment. */
export async function sweepFailures(options: FailureOptions, now = options.engine.options.clock()): Promise<void> {
  const { sql, directory } = options;
  const rows = Rows.parse([
    ...(await sql`
      select workspace_id as workspace, id as run, workflow, workflow_name as name, version, trigger_kind as trigger, error
      from runs where status = 'failed' and finished_at > to_timestamp(${now - lookBackMs}::float8 / 1000) and mode = 'live'
        and parent_run is null and trigger_kind <> 'failed' and version is not null
        and workspace_id in (select workspace_id from triggers where kind = 'failed')
      order by finished_at limit 200`),
  ]);
  for (const { workflow, name, version, error, ...failure } of rows) {
    const failed = { ...failure, workflow: { id: workflow, name, version }, error };
    const wanted = (await watchers(directory, failed)).map((watcher) => watchRun(failed.run, watcher));
    if (wanted.length === 0) continue;
    const there = await sql`select id from runs where id = any(${wanted}::text[])`;
    if (there.length < wanted.length) await tellOfFailure(options, failed);
  }
}
