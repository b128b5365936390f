import type { Sql, TransactionSql } from 'postgres';
import * as z from 'zod';
import { decide } from '../../flow/facts/decide.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { fold } from '../../flow/facts/fold.ts';
import { emptyState, instanceKey, type RunState } from '../../flow/facts/state.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { rowsOf, type AppendRows } from './append-rows.ts';
import type { BlobStore } from './blobs.ts';
import type { Append, Intent, IntentRef } from './flusher.ts';
import { flushStatement } from './flush-statement.ts';
import { planReader, readFacts } from './journal.ts';
import { Known } from './known.ts';
import { effectChanges, openedTokens, restingChange, runPatch } from './mirror.ts';

/** How many rows were made anew. */
export interface Rebuilt {
  readonly runs: number;
  readonly stages: number;
  readonly effects: number;
}

/** Runs read at once: the facts of so many are in memory. */
const pageSize = 20;

/**
 * Makes `runs`, `stages`, `effects` and `tokens` anew from the facts (`doctor --rebuild`), a transaction a run. No other process may run meanwhile. Stages
 * come back as nobody's, their epochs above any that was given out; the leases of before are void. Throws at a run whose plan is not there.
 */
export async function rebuild({ sql, blobs }: { sql: Sql; blobs: BlobStore }): Promise<Rebuilt> {
  const readPlan = planReader(sql);
  const total = { runs: 0, stages: 0, effects: 0 };
  for (let after = ''; ;) {
    const page = await nextRuns(sql, after);
    for (const { workspace, run } of page) {
      const facts = await readFacts(sql, blobs, run, 0, { workspace });
      const [first] = facts;
      const plan = first?.type === 'run.started' ? await readPlan(workspace, first.data.plan) : undefined;
      if (!plan) throw new Error(`The plan of ${run} is not there: it cannot be made anew.`);
      const made = await sql.begin((tx) => replace(tx, mirrorOf({ workspace, run, plan, facts })));
      total.runs += 1;
      total.stages += made.stages.length;
      total.effects += made.effects?.open.length ?? 0;
    }
    const last = page.at(-1);
    if (!last) return total;
    after = last.run;
  }
}

async function nextRuns(sql: Sql, after: string): Promise<{ workspace: string; run: string }[]> {
  const rows = await sql`
    select workspace_id as workspace, run from run_events where run > ${after} and seq = 1 order by run limit ${pageSize}`;
  return z.array(z.object({ workspace: z.string(), run: z.string() })).parse([...rows]);
}

/** The append that would write a run's mirrors if all of its facts came at once. */
export function mirrorOf(from: { workspace: string; run: string; plan: Plan; facts: readonly StoredFact[] }): Append {
  const { workspace, run, plan, facts } = from;
  const state = fold(emptyState, facts);
  const decision = decide(plan, state);
  return {
    workspace,
    run,
    expect: 0,
    facts,
    row: runPatch(state, decision),
    // The document is in the row that the plan is in already, which is not written again.
    start: { plan: { fingerprint: plan.fingerprint, plan, document: { heddle: 1, name: '', nodes: [], edges: [] } } },
    stages: decision.live.map((live) => restingChange(plan, state, live)),
    effects: { open: openIntents(plan, state, run, facts, new Set(decision.live.map(instanceOf))), close: [] },
    tokens: openedTokens(facts),
  };
}

const instanceOf = ({ stage, path }: { stage: string; path: string }) => instanceKey(stage, path);
const nameOf = ({ stage, path, node, item, call }: IntentRef) => JSON.stringify([stage, path, node, item, call]);

/** What facts opened and none closed, of instances that are live. */
function openIntents(
  plan: Plan,
  state: RunState,
  run: string,
  facts: readonly StoredFact[],
  live: ReadonlySet<string>,
): Intent[] {
  const open = new Map<string, Intent>();
  for (const fact of facts) {
    const changes = effectChanges(plan, state, run, [fact], () => 0);
    for (const intent of changes.open) open.set(nameOf(intent), intent);
    for (const closed of changes.close) open.delete(nameOf(closed));
  }
  return [...open.values()].filter((intent) => live.has(instanceOf(intent)));
}

async function replace(tx: TransactionSql, append: Append): Promise<Append> {
  const { run } = append;
  const epochs = new Map<string, number>();
  for (const row of await tx`delete from stages where run = ${run} returning stage, path, epoch`)
    epochs.set(instanceKey(String(row['stage']), String(row['path'])), Number(row['epoch']));
  await tx`delete from effects where run = ${run}`;
  await tx`delete from runs where id = ${run}`;
  const epochOf = (one: { stage: string; path: string }) => (epochs.get(instanceOf(one)) ?? 0) + 1;
  const mirrors: Append = {
    ...append,
    stages: append.stages.map((change) => ({ ...change, epoch: epochOf(change) })),
    effects: { open: append.effects?.open.map((intent) => ({ ...intent, epoch: epochOf(intent) })) ?? [], close: [] },
  };
  const { text, parameters } = flushStatement([withoutFacts(mirrors)], { boot: 'boot_rebuild', leaseMs: 0 });
  await tx.unsafe(text, parameters);
  return mirrors;
}

/** The rows of a start without the facts, the inbox and the plan, which are the truth and stay as they are. */
function withoutFacts(append: Append): AppendRows {
  const { begin, put, open, token } = rowsOf(append, { facts: append.facts, event: undefined }, new Known(1)).rows;
  const { run, workspace, expect, seq } = { ...append, seq: append.facts.length };
  return { run, workspace, expect, seq, bytes: 0, journal: 0, largest: 0, rows: { begin, put, open, token } };
}
