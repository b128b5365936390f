import { afterAll, beforeAll, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { processorMs } from '../processor-time.ts';
import { countFamily } from '../journal/family.ts';
import type { StartChildren } from './calls.ts';
import { childStarter } from './children.ts';
import type { FindCallable } from './children.ts';
import { Families, usualFamily } from './families.ts';
import { farSide, httpReply } from './testing/in-memory.ts';
import { rebuildsAsItIs } from './testing/rebuild-law.ts';
import { openTestEngine, planOf, until } from './testing/test-engine.ts';
import type { TestEngine } from './testing/test-engine.ts';

let database: TestDatabase;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  url = database.url;
});
afterAll(() => database[Symbol.asyncDispose]());

const published =
  (documents: Record<string, Workflow>): FindCallable =>
  async (_, name) => {
    const document = documents[name];
    return document && { id: name, name, version: 3, plan: planOf(document), document, start: document.nodes[0]!.key };
  };
const child = (rest: string) => draw(`s:start.called -> ${rest}`);
const caller = (params: object) => draw('a:test.start -> call:control.call -> z', { call: { params: { ...params } } });
const childrenOf = async ({ ledger }: TestEngine, run: string) =>
  ledger.sql`select id, status, hidden, parent_item as item, depth from runs where parent_run = ${run} order by parent_item`;
const open = (documents: Record<string, Workflow>, more: Partial<Parameters<typeof openTestEngine>[0]> = {}) =>
  openTestEngine({ url, findCallable: published(documents), ...more });

/** Delivers the ends of children as the process's own commits and the sweeper do. */
async function deliverUntilOver(one: TestEngine, run: string): Promise<void> {
  await until('the parent is over', async () => {
    await one.deliveries.sweep(50);
    await one.takeAll();
    return ['finished', 'failed', 'cancelled'].includes(await one.status(run));
  });
  // The row is committed a moment before the actor that committed it has folded the same facts.
  await (await one.engine.actor(run)).whenOver();
}

test('once with all items: one hidden child, and its output goes on', async () => {
  await using one = await open({ sum: child('c:test.count') });
  const { run } = await one.start(caller({ workflow: 'sum' }), { input: [{ n: 1 }, { n: 2 }] });
  await deliverUntilOver(one, run);
  expect((await one.engine.actor(run)).state.output).toEqual([{ count: 2, via: 'p' }]);
  expect(await childrenOf(one, run)).toMatchObject([{ status: 'finished', hidden: true, item: 0, depth: 1 }]);
  await rebuildsAsItIs(one.ledger);
});

test('once for each, two at a time: never more than two are open, and the outputs keep the order of the items', async () => {
  let [now, most] = [0, 0];
  const far = farSide(async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return httpReply();
  });
  await using one = await open({ each: child('c:test.idempotent') }, { far });
  const { run } = await one.start(caller({ workflow: 'each', mode: 'each', parallel: 2 }), {
    input: [0, 1, 2, 3, 4].map((n) => ({ n })),
  });
  await deliverUntilOver(one, run);
  expect(most).toBeLessThanOrEqual(2);
  expect((await one.engine.actor(run)).state.output).toEqual([0, 1, 2, 3, 4].map((n) => ({ n, via: 'ip' })));
  expect((await childrenOf(one, run)).map(({ item }) => item)).toEqual([0, 1, 2, 3, 4]);
  await rebuildsAsItIs(one.ledger);
});

test('not waited for: the parent goes on with the ids of runs that go their own way', async () => {
  await using one = await open({ slow: child('w:test.wait') });
  const actor = await one.start(caller({ workflow: 'slow', wait: false }));
  await actor.whenOver();
  const [begun] = await childrenOf(one, actor.run);
  expect(actor.state.output).toEqual([{ run: begun?.['id'], status: 'started', via: 'p' }]);
  expect(begun).toMatchObject({ status: 'waiting' });
});

test('a call that is made again after a crash finds the children that it had begun', async () => {
  await using starter = await open({}, { slots: 0 });
  const documents = { each: child('c:test.idempotent') };
  const far = farSide();
  const { run } = await starter.start(caller({ workflow: 'each', mode: 'each' }), { input: [{ n: 0 }, { n: 1 }] });
  await starter.takeAll();
  {
    // This one dies between the start of the children and the fact that it waits for them.
    await using dying = await open(documents, { slots: 0, leaseMs: 50 });
    const { append } = dying.ledger;
    dying.ledger.append = (given) =>
      given.run === run && given.facts.some((fact) => fact.type === 'call.suspended')
        ? Promise.resolve({ ok: false, why: 'fenced' })
        : append(given);
    await dying.takeAll();
    expect(await childrenOf(dying, run)).toHaveLength(2);
    await until('its lease has run out', async () => (await starter.engine.recover()) > 0);
  }
  await using one = await open(documents, { far });
  await deliverUntilOver(one, run);
  expect(await one.status(run)).toBe('finished');
  expect(await childrenOf(one, run)).toHaveLength(2);
  expect(far.sent).toHaveLength(2);
  await rebuildsAsItIs(one.ledger);
});

test('an end that its own process did not deliver is found by another, whose memory of the parent is old', async () => {
  // A node with a timeout is not carried out ahead of its start: its end comes later.
  const documents = { sum: draw('s:start.called -> c:test.count', { c: { settings: { timeout: '30s' } } }) };
  await using stale = await open(documents, { slots: 0 });
  const actor = await stale.start(caller({ workflow: 'sum' }));
  {
    await using gone = await open(documents);
    await gone.takeAll();
    await until('the call waits for its child', async () => (await gone.status(actor.run)) === 'waiting');
    await until('the child is over', async () => (await gone.ledger.findUndelivered(1)).length === 1);
  }
  expect(actor.state.seq).toBe(1);
  await deliverUntilOver(stale, actor.run);
  expect(await stale.status(actor.run)).toBe('finished');
});

test('a parent that waits for something else once its children are over is not read at each sweep, for ever', async () => {
  const later = draw('s:start.called -> c:test.count', { c: { settings: { timeout: '30s' } } });
  await using one = await open({ sum: later });
  const { run } = await one.start(
    draw('a:test.start -> call:control.call -> q:test.ask', { call: { params: { workflow: 'sum' } } }),
  );
  const awaits = async () => (await one.ledger.sql`select awaits_runs from runs where id = ${run}`)[0]?.['awaits_runs'];
  const told = async () => (await one.facts(run)).map(({ type }) => type);
  await until('it waits for its child', async () => (await awaits()) === true);
  await until('it waits for something else', async () => {
    await one.deliveries.sweep(50);
    await one.takeAll();
    return (await told()).filter((type) => type === 'call.suspended').length === 2;
  });
  expect(await awaits()).toBe(false);
  expect(await one.ledger.findUndelivered(50)).toEqual([]);
  await rebuildsAsItIs(one.ledger);
});

test('children that are over with their start answer the call at once, as those would that end later', async () => {
  const later = draw('s:start.called -> c:test.count', { c: { settings: { timeout: '30s' } } });
  await using one = await open({ now: child('c:test.count'), later });
  const input = Array.from({ length: 25 }, (_, n) => ({ n }));
  const told = async (workflow: string) => {
    const { run } = await one.start(caller({ workflow, mode: 'each' }), { input });
    await deliverUntilOver(one, run);
    const { state } = await one.engine.actor(run);
    const types = (await one.facts(run)).map(({ type }) => type);
    return { output: state.output, waits: types.filter((type) => type === 'call.suspended').length };
  };
  const [now, after] = [await told('now'), await told('later')];
  expect(now.output).toHaveLength(25);
  expect(now.output).toEqual(after.output);
  // One that is computed elsewhere, for it was slow once on a busy machine, makes its lot wait.
  expect(now.waits).toBeLessThan(after.waits);
  expect(after.waits).toBe(3);
});

test('twenty children gave more together than their parent may record, and all of it was in memory at once: what does not fit is a fault', async () => {
  const fields = [{ name: 'text', type: 'string', value: "{{ 'x'.padEnd(300000, 'x') }}" }];
  const large = (settings: object) => draw('s:start.called -> c:data.set', { c: { params: { fields }, settings } });
  const documents = { now: large({}), later: large({ timeout: '30s' }) };
  await using one = await open(documents, { limits: { journalBytes: 2_000_000 } });
  let read = 0;
  const { readOutputs } = one.ledger;
  one.ledger.readOutputs = async (runs) => {
    read = Math.max(read, runs.length);
    return readOutputs(runs);
  };
  const input = Array.from({ length: 20 }, (_, n) => ({ n }));
  for (const workflow of ['now', 'later']) {
    const { run } = await one.start(caller({ workflow, mode: 'each', parallel: 20 }), { input });
    await deliverUntilOver(one, run);
    expect(await childrenOf(one, run)).toHaveLength(20);
    const [row] = await one.ledger.sql`select status, error from runs where id = ${run}`;
    expect(row).toMatchObject({ status: 'failed', error: { code: 'workflow.failed' } });
    expect(row?.['error'].message).toContain('may still record');
  }
  // Of the ends that were brought later, those that fit were read and no others.
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(7);
});

test('twelve children that give 4 MB each were worked out all at once: of what they give little is in memory that is not stored yet', async () => {
  const fields = [{ name: 'text', type: 'string', value: "{{ 'x'.padEnd(4000000, 'x') }}" }];
  await using one = await open({ large: draw('s:start.called -> c:data.set', { c: { params: { fields } } }) });
  let [now, most] = [0, 0];
  const { append } = one.ledger;
  one.ledger.append = async (begun) => {
    const bytes = begun.start ? jsonWeight(begun.facts, Number.POSITIVE_INFINITY) : 0;
    most = Math.max(most, (now += bytes));
    return append(begun).finally(() => (now -= bytes));
  };
  const input = Array.from({ length: 12 }, (_, n) => ({ n }));
  const params = { workflow: 'large', mode: 'each', parallel: 12, wait: false };
  const { run } = await one.start(caller(params), { input });
  await deliverUntilOver(one, run);
  expect(await childrenOf(one, run)).toHaveLength(12);
  // One at least was worked out ahead; of what gives 8 MB as facts three are more than 16 MB.
  expect(most).toBeGreaterThan(4_000_000);
  expect(most).toBeLessThan(30_000_000);
});

test('a child that fails is a fault of the call, which leaves by error when the author says so', async () => {
  const documents = { bad: child('c:test.fail') };
  await using one = await open(documents);
  const input = [{ n: 'bad' }];
  const failed = await one.start(caller({ workflow: 'bad' }), { input });
  await deliverUntilOver(one, failed.run);
  const [row] = await one.ledger.sql`select status, error from runs where id = ${failed.run}`;
  expect(row).toMatchObject({ status: 'failed', error: { code: 'workflow.failed', node: 'call' } });
  const caught = draw('a:test.start -> call:control.call\ncall.out -> y\ncall.error -> z', {
    call: { params: { workflow: 'bad' }, settings: { onError: 'port' } },
  });
  const { run } = await one.start(caught, { input });
  await deliverUntilOver(one, run);
  expect((await one.engine.actor(run)).state.output).toMatchObject([{ error: { code: 'workflow.failed' }, via: 'p' }]);
  await rebuildsAsItIs(one.ledger);
});

test.each([16, 3])('a workflow that calls itself stops at the depth that is set: %i', async (depth) => {
  const documents: Record<string, Workflow> = {};
  documents['self'] = draw('s:start.called -> call:control.call', { call: { params: { workflow: 'self' } } });
  await using one = await open(documents, { family: { depth } });
  const { run } = await one.start(caller({ workflow: 'self' }));
  await deliverUntilOver(one, run);
  expect(await one.status(run)).toBe('failed');
  const [deepest] = await one.ledger.sql`
    with recursive below as (
      select id from runs where id = ${run} union all select r.id from runs r join below b on r.parent_run = b.id)
    select max(depth) as depth, (array_agg(error order by depth desc))[1] as error from runs
    where workflow = 'self' and id in (select id from below)`;
  expect(deepest).toMatchObject({ depth, error: { code: 'workflow.depth' } });
});

test('a workflow that calls itself twice is stopped at the budget of its root', async () => {
  const documents: Record<string, Workflow> = {};
  const again = { params: { workflow: 'fork' } };
  documents['fork'] = draw('s:start.called -> a:control.call\ns -> b:control.call', { a: again, b: again });
  await using one = await open(documents, { family: { runs: 30 } });
  const { run } = await one.start(caller({ workflow: 'fork' }));
  await deliverUntilOver(one, run);
  expect(await one.status(run)).toBe('failed');
  const [{ n }] = (await one.ledger.sql`select count(*)::int as n from runs where workflow = 'fork'`) as never as [
    { n: number },
  ];
  expect(n).toBeLessThanOrEqual(30);
  expect(n).toBeGreaterThan(4);
  const errors = await one.ledger.sql`select distinct error ->> 'code' as code from runs where workflow = 'fork'`;
  expect(errors.map(({ code }) => code)).toContain('workflow.too-many');
});

test('a tree is stopped at its budget of items: what one call hands on counts with what all below it do', async () => {
  const documents: Record<string, Workflow> = {};
  documents['on'] = draw('s:start.called -> call:control.call', { call: { params: { workflow: 'on' } } });
  await using one = await open(documents, { family: { items: 500 } });
  const input = Array.from({ length: 100 }, (_, n) => ({ n }));
  const { run } = await one.start(caller({ workflow: 'on' }), { input });
  await deliverUntilOver(one, run);
  const [last] = await one.ledger.sql`
    select depth, error ->> 'code' as code, error ->> 'message' as message from runs where workflow = 'on' order by depth desc limit 1`;
  expect(last).toMatchObject({ depth: 5, code: 'workflow.items', message: expect.stringContaining('500 items') });
});

test.each([true, false])(
  'what is done while children are begun is not the time of the call: waited for %s',
  async (wait) => {
    const find = published({ each: child('c:test.count') });
    const busy: FindCallable = (...asked) => {
      // As ten thousand starts take, in turns of this same thread.
      for (const until = processorMs() + 400; processorMs() < until;);
      return find(...asked);
    };
    await using one = await open({}, { findCallable: busy });
    const input = '{{ (() => { let s = 0; for (let i = 0; i < 5000; i++) s += i; return s })() }}';
    // As many as are looked at when they come back.
    const { run } = await one.start(caller({ workflow: 'each', mode: 'each', parallel: 50, wait, input }), {
      input: Array.from({ length: 100 }, (_, n) => ({ n })),
    });
    await deliverUntilOver(one, run);
    expect((await one.engine.actor(run)).state.failing).toBeUndefined();
    expect(await one.status(run)).toBe('finished');
  },
);

// Counts are in no fact: what is rebuilt would have none, so this stands behind what rebuilds.
test.each([700, 2_000])(
  'a call that is made again, here or in another process, counts its children once: of %i',
  async (runs) => {
    const find = published({ each: child('w:test.wait') });
    await using one = await open({});
    const { sql } = one.ledger;
    const actor = await one.start(draw('a:test.start -> w:test.wait'));
    const [here, elsewhere] = [0, 1].map(() =>
      childStarter(
        () => one.engine,
        find,
        new Families((...asked) => countFamily(sql, ...asked), { ...usualFamily, runs }),
      )(actor),
    ) as [StartChildren, StartChildren];
    const call = (start: StartChildren, many: number, id: string) => {
      const inputs = Array.from({ length: many }, (_, n) => [{ n }]);
      const parent = { path: '', node: 'call', call: id, from: 0, signal: new AbortController().signal };
      return start({ workflow: 'each', inputs, wait: false, parallel: 1 }, parent);
    };
    const begun = await call(here, 600, '0');
    expect(await call(here, 600, '0'), 'by the same process').toEqual(begun);
    expect(await call(elsewhere, 600, '0'), 'by another').toEqual(begun);
    expect(await sql`select family from runs where id = ${actor.run}`).toEqual([{ family: 600 }]);
    await call(here, runs - 600, '1');
    await expect(call(here, 1, '2'), 'one beyond').rejects.toMatchObject({ code: 'workflow.too-many' });
  },
);
