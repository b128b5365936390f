import { afterAll, beforeAll, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { cancelRun, cancelRunsOf } from '../runs/act.ts';
import type { FindCallable } from './children.ts';
import { rebuildsAsItIs } from './testing/rebuild-law.ts';
import { openTestEngine, planOf, until } from './testing/test-engine.ts';
import type { TestEngine } from './testing/test-engine.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database[Symbol.asyncDispose]());

const each = { params: { workflow: 'leaf', mode: 'each', parallel: 10 } };
const documents: Record<string, Workflow> = {
  leaf: draw('s:start.called -> w:test.wait'),
  branch: draw('s:start.called -> call:control.call', { call: each }),
};
const published: FindCallable = async (_, name) => {
  const document = documents[name];
  return document && { id: name, name, version: 1, plan: planOf(document), document, start: 's' };
};
const tree = draw('a:test.start -> call:control.call -> z', {
  call: { params: { workflow: 'branch', mode: 'each', parallel: 10 } },
});
const input = [0, 1, 2].map((n) => ({ n }));
const open = (findCallable = published) => openTestEngine({ url: database.url, findCallable });
const liveIn = async ({ ledger: { sql } }: TestEngine) =>
  Number((await sql`select count(*) as n from runs where finished_at is null`)[0]?.['n']);

test('a tree is cancelled with a statement for each level, whatever its runs hold: nothing of it is read, waits or is left to anybody', async () => {
  await using one = await open();
  const { run } = await one.start(tree, { input });
  const { ledger } = one;
  const isAtRest = async () =>
    (await ledger.sql`select 1 from stages where state = 'leased' or next_at <= now()`).length === 0 &&
    one.engine.carrying === 0;
  await until('all of it waits', async () => (await liveIn(one)) === 1 + 3 + 3 && (await isAtRest()));
  const { read, cancelMany } = ledger;
  const [reads, statements]: string[][] = [[], []];
  ledger.read = (id) => {
    reads!.push(id);
    return read(id);
  };
  ledger.cancelMany = (of, fact) => {
    statements!.push('parents' in of ? `below ${of.parents.length}` : 'workflow');
    return cancelMany(of, fact);
  };
  const told: string[] = [];
  await cancelRun({ engine: one.engine, told: (_, runs) => void told.push(...runs) }, run, { reason: 'enough' });
  expect(statements).toEqual(['below 1', 'below 3', 'below 3']);
  expect(reads).toEqual([]);
  expect(new Set(told).size).toBe(7);
  const { sql } = ledger;
  expect(await sql`select distinct status, error ->> 'message' as why from runs where parent_run is not null`).toEqual([
    { status: 'cancelled', why: 'its parent was cancelled' },
  ]);
  expect(await sql`select 1 from stages`).toEqual([]);
  expect(await sql`select 1 from effects`).toEqual([]);
  // Memory knows it too: what is said to one of them is refused, and nobody waits for its end.
  for (const id of told) await (await one.engine.actor(id)).whenOver();
  await rebuildsAsItIs(ledger);
});

test('runs of a workflow are cancelled with what they called, those that are being carried out too', async () => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let asked = 0;
  await using one = await open(async (workspace, name) => {
    if (name === 'leaf') {
      asked++;
      await held;
    }
    return published(workspace, name);
  });
  const { run } = await one.start(tree, { input });
  // Three branches look for what they call at this moment: they hold their claims.
  await until('the branches call', async () => asked === 3);
  await cancelRunsOf(
    { engine: one.engine, told: () => {}, deliver: async () => {} },
    { workspace: 'ws_1', workflow: 'workflow_test' },
    { reason: 'deleted' },
  );
  expect(await liveIn(one)).toBe(0);
  // They go on, for they have not heard of it, and start their children: those are not to live either.
  letGo();
  await until('all that was held is let go', async () => one.engine.carrying === 0);
  const begun = async () =>
    Number(
      (
        await one.ledger
          .sql`select count(*) as n from runs where workflow = 'leaf' and status = 'cancelled' and started_at > (select max(started_at) from runs where id = ${run})`
      )[0]?.['n'],
    );
  await until('the children have begun and ended', async () => (await begun()) === 3);
  expect(await liveIn(one)).toBe(0);
  expect(one.broken).toEqual([]);
});
