import { expect, test } from 'vitest';
import type { Fact } from '../../flow/facts/fact.ts';
import { draw } from '../../flow/testing/draw.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { Append } from './flusher.ts';
import { rebuild } from './rebuild.ts';
import { farSide, InMemoryRun } from '../engine/testing/in-memory.ts';
import { testNodes } from '../engine/testing/nodes.ts';
import { openTestStore, running, start } from '../engine/testing/store.ts';

const document = draw('a:test.start -> b:test.effect -> c');

/** The facts of a run of three items, up to the first of a type, or to its end. */
async function factsUntil(type?: Fact['type']) {
  const played = new InMemoryRun(document, { nodes: testNodes, far: farSide(), input: [{ n: 0 }, { n: 1 }, { n: 2 }] });
  await played.play();
  const last = played.facts.findIndex((fact) => fact.type === type);
  return { plan: played.plan, facts: last < 0 ? played.facts : played.facts.slice(0, last + 1) };
}

test('runs, stages and intents come back from the facts alone as they were, with nobody holding a stage', async () => {
  await using base = await createTestDatabase();
  const { engine } = await base.open();
  await using store = openTestStore({ engine });
  const half = await factsUntil('step.intended');
  const whole = await factsUntil();
  const ended = whole.facts.at(-1)?.at ?? 0;
  const intended = half.facts.at(-1);
  if (intended?.type !== 'step.intended') throw new Error('the run sent nothing');
  const place = { stage: intended.data.stage, path: intended.data.path };
  const intent = { ...place, node: 'b', item: 0, call: '', epoch: 1, class: 'effect', key: 'wf_test', at: intended.at };
  const begin = (run: string, facts: readonly Fact[], more: Partial<Append>) => {
    const plain = start(run, { facts, stages: [], ...more });
    return store.flusher.append({
      ...plain,
      start: { plan: { fingerprint: half.plan.fingerprint, plan: half.plan, document } },
    });
  };
  const results = await Promise.all([
    begin('run_half', half.facts, {
      row: running,
      stages: [{ ...place, to: 'leased', lane: 'interactive', epoch: 4 }],
      effects: { open: [intent], close: [] },
    }),
    begin('run_whole', whole.facts, {
      row: { status: 'finished', needs: [], awaitsRuns: false, error: null, finishedAt: ended },
    }),
  ]);
  expect(results).toEqual([
    { ok: true, seq: half.facts.length },
    { ok: true, seq: whole.facts.length },
  ]);

  const mirrors = async () => ({
    runs: await engine.sql`select * from runs order by id`,
    stages: await engine.sql`select workspace_id, run, stage, path, lane, crashes, code from stages`,
    effects: await engine.sql`select workspace_id, run, stage, path, node, item, call, class, at from effects`,
  });
  const before = await mirrors();
  const facts = await engine.sql`select * from run_events order by run, seq`;
  await engine.sql`update runs set status = 'queued', seq = 77, workflow_name = 'wrong' where id = 'run_half'`;
  await engine.sql`delete from runs where id = 'run_whole'`;
  await engine.sql`delete from effects`;
  await engine.sql`insert into stages (workspace_id, run, stage, path, state, lane) values ('ws_1', 'run_whole', 's9', '', 'ready', 'realtime')`;

  expect(await rebuild({ sql: engine.sql, blobs: store.blobs })).toEqual({ runs: 2, stages: 1, effects: 1 });
  expect(await mirrors()).toEqual(before);
  expect(await engine.sql`select * from run_events order by run, seq`).toEqual(facts);
  // Whoever held it is fenced: the epoch is above the one that was given out.
  expect(await engine.sql`select state, epoch, lease_owner from stages`).toEqual([
    { state: 'ready', epoch: 5, lease_owner: null },
  ]);
});
