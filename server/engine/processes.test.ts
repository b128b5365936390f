import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fold } from '../../flow/facts/fold.ts';
import { emptyState } from '../../flow/facts/state.ts';
import { draw } from '../../flow/testing/draw.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { Refused } from '../journal/refused.ts';
import { farSide, httpReply } from './testing/in-memory.ts';
import { rebuildsAsItIs } from './testing/rebuild-law.ts';
import { openTcpProxy } from './testing/tcp-proxy.ts';
import { openTestEngine, until } from './testing/test-engine.ts';

const S = 'a:test.start';
let database: TestDatabase;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  url = database.url;
});
afterAll(() => database[Symbol.asyncDispose]());

const gate = () => Promise.withResolvers<void>();
const typesOf = (facts: readonly { type: string }[]) => facts.map((fact) => fact.type);

describe('in place', () => {
  test('a chain ends where it began, in one append after its start', async () => {
    await using one = await openTestEngine({ url });
    const actor = await one.start(draw(`${S} -> b -> c:test.respond`));
    expect(await actor.whenReplied()).toMatchObject({ status: 200, body: { n: 1, via: 'p' } });
    await actor.whenOver();
    expect(typesOf(await one.facts(actor.run))).toEqual([
      'run.started',
      'run.replied',
      'stage.finished',
      'run.finished',
    ]);
    expect(await one.ledger.sql`select 1 from stages where run = ${actor.run}`).toHaveLength(0);
    await rebuildsAsItIs(one.ledger);
  });

  test('branches that end together are coalesced: one append for all that gathered while one was in flight', async () => {
    const wide = Array.from({ length: 12 }, (_, n) => `a -> i${n}:test.idempotent -> j`).join('\n');
    await using one = await openTestEngine({ url, far: farSide() });
    let appends = 0;
    const { append } = one.ledger;
    one.ledger.append = (given) => (appends++, append(given));
    const actor = await one.start(draw(`${S} -> j\n${wide}`));
    await actor.whenOver();
    expect(actor.state.output).toHaveLength(13);
    expect(appends).toBeLessThanOrEqual(6);
    await rebuildsAsItIs(one.ledger);
  });

  test('with every slot taken a stage is ready with its wake-up, and another process takes it', async () => {
    await using starter = await openTestEngine({ url, slots: 0 });
    const actor = await starter.start(draw(`${S} -> b -> c`));
    const { sql } = starter.ledger;
    expect(await sql`select state from stages where run = ${actor.run}`).toMatchObject([{ state: 'ready' }]);
    expect(await sql`select task_identifier as task from graphile_worker.jobs`).toEqual([
      { task: 'stage.interactive' },
    ]);
    await using worker = await openTestEngine({ url });
    await worker.takeAll();
    expect(await starter.status(actor.run)).toBe('finished');
  });
});

describe('beside other processes', () => {
  test('F13: two processes race for 200 stages while both renew: each is carried out once, nobody lost a claim', async () => {
    const far = farSide();
    await using starter = await openTestEngine({ url, slots: 0 });
    await using one = await openTestEngine({ url, far });
    await using two = await openTestEngine({ url, far });
    const document = draw(`${S} -> b:test.effect -> c`);
    const actors = await Promise.all(
      Array.from({ length: 200 }, (_, n) => starter.start(document, { input: [{ n }] })),
    );
    let isRacing = true;
    const renewing = [one, two].map(async ({ engine }) => {
      while (isRacing) await engine.renew();
    });
    while ((await Promise.all([one.takeAll(), two.takeAll()])).some((ready) => ready > 0));
    isRacing = false;
    await Promise.all(renewing);
    expect(new Set(far.sent.map(({ headers }) => headers?.['idempotency-key'])).size).toBe(200);
    expect(far.sent).toHaveLength(200);
    for (const { run } of actors) {
      const facts = await starter.facts(run);
      expect(typesOf(facts)).toEqual([
        'run.started',
        'stage.finished',
        'step.intended',
        'step.answered',
        'stage.finished',
        'stage.finished',
        'run.finished',
      ]);
      expect(facts.flatMap((fact) => (fact.type === 'step.answered' ? [fact.data.attempt] : []))).toEqual([1]);
    }
    expect([...one.broken, ...two.broken]).toEqual([]);
    await rebuildsAsItIs(starter.ledger);
  });

  test('a process that holds a branch takes up another that its memory of the run does not know yet', async () => {
    const held = gate();
    const far = farSide(async ({ body }) => {
      if (String(body).includes('hold')) await held.promise;
      return httpReply();
    });
    await using starter = await openTestEngine({ url, slots: 0 });
    await using one = await openTestEngine({ url, slots: 0, far });
    await using two = await openTestEngine({ url, slots: 0, far });
    const { run } = await starter.start(
      draw(`${S} -> b:test.idempotent -> j\na -> c:test.idempotent -> d:test.idempotent -> j`, {
        c: { settings: { retry: { times: 0 } } },
      }),
      { input: [{ n: 'hold' }] },
    );
    const { sql } = starter.ledger;
    await starter.takeAll();
    const [first, second] = await sql`select stage from stages where run = ${run} and state = 'ready' order by stage`;
    const holding = one.engine.take(run, String(first?.['stage']), '');
    await until('one holds a branch', () => far.sent.length === 1);
    const other = two.engine.take(run, String(second?.['stage']), '');
    await until('two holds the other', () => far.sent.length === 2);
    held.resolve();
    await Promise.all([holding, other]);
    for (let ready = 1; ready > 0;) ready = await one.takeAll();
    expect(await one.status(run)).toBe('finished');
    await rebuildsAsItIs(starter.ledger);
  });

  test('a dedupe key counts once: the second start is refused and names the first run', async () => {
    await using one = await openTestEngine({ url });
    const event = (id: string) => ({
      id,
      source: 'test',
      type: 'test.sent',
      data: {},
      trigger: 'hook',
      dedupeKey: 'k1',
    });
    const document = draw(`${S} -> b`);
    const first = await one.start(document, { event: event('evt_1') });
    const second = await one.start(document, { event: event('evt_2') }).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(Refused);
    expect((second as Refused).result).toEqual({ ok: false, why: 'duplicate', run: first.run });
    expect(await one.ledger.sql`select id from events`).toEqual([{ id: 'evt_1' }]);
  });
});

describe('a database that is away (F9, F11)', () => {
  test('cut while an effect is out: the effect goes out once, its outcome is recorded when the database is back', async () => {
    await using proxy = await openTcpProxy(url);
    const sent = gate();
    const far = farSide(async () => {
      sent.resolve();
      proxy.cut();
      return httpReply(200, { id: 7 });
    });
    await using one = await openTestEngine({ url: proxy.url, far });
    const actor = await one.start(draw(`${S} -> b:test.effect -> c`));
    await sent.promise;
    const began = performance.now();
    await expect(one.start(draw(`${S} -> b`))).rejects.toMatchObject({ result: { why: 'unavailable' } });
    expect(performance.now() - began).toBeLessThan(10_000);
    await expect(one.engine.renew()).rejects.toThrow();
    proxy.mend();
    await actor.whenOver();
    await using other = await openTestEngine({ url });
    expect(typesOf(await other.facts(actor.run))).toEqual([
      'run.started',
      'stage.finished',
      'step.intended',
      'step.answered',
      'stage.finished',
      'stage.finished',
      'run.finished',
    ]);
    expect(far.sent).toHaveLength(1);
    await rebuildsAsItIs(other.ledger);
  });

  test('no beat for longer than the fence: a run begun when the database is back renews first, and does not fail', async () => {
    const far = farSide();
    await using one = await openTestEngine({ url, far, leaseMs: 400 });
    // The fence is three quarters of a lease, and nothing in a test engine beats.
    const began = performance.now();
    await until('the fence of this process is past', () => performance.now() > began + 300);
    const actors = await Promise.all(
      ['effect', 'idempotent'].map((kind) => one.start(draw(`${S} -> b:test.${kind} -> c`))),
    );
    await Promise.all(actors.map((actor) => actor.whenOver()));
    expect(await Promise.all(actors.map(({ run }) => one.status(run)))).toEqual(['finished', 'finished']);
    expect(far.sent).toHaveLength(2);
    await rebuildsAsItIs(one.ledger);
  });

  test('F11: half a second late, every run ends as ever: beats keep the leases, nothing is taken over or sent twice', async () => {
    await using proxy = await openTcpProxy(url);
    const far = farSide();
    await using slow = await openTestEngine({ url: proxy.url, far, leaseMs: 6_000 });
    await using other = await openTestEngine({ url });
    const document = draw(`${S} -> b:test.effect -> c:test.idempotent`);
    const early = await slow.start(document);
    proxy.delay(500);
    const beating = setInterval(() => void slow.engine.renew().catch(() => undefined), 1_000);
    try {
      const late = await slow.start(document, { input: [{ n: 1 }, { n: 2 }] });
      await until(
        'both runs are over, and nobody else found anything to take over',
        async () => {
          expect(await other.engine.recover()).toBe(0);
          return early.settled.isOver && late.settled.isOver;
        },
        40_000,
      );
      expect(await Promise.all([early, late].map(({ run }) => other.status(run)))).toEqual(['finished', 'finished']);
      expect(far.sent).toHaveLength(6);
      expect(new Set(far.sent.map(({ headers }) => headers?.['idempotency-key'])).size).toBe(6);
      for (const { run } of [early, late]) expect(typesOf(await other.facts(run))).not.toContain('stage.crashed');
    } finally {
      clearInterval(beating);
      proxy.mend();
    }
  });

  test('half open past its lease: what was sent is asked about, not sent again, and comes to light after all', async () => {
    await using proxy = await openTcpProxy(url);
    const [sent, answer] = [gate(), gate()];
    const far = farSide(async () => {
      sent.resolve();
      await answer.promise;
      return httpReply();
    });
    await using one = await openTestEngine({ url: proxy.url, far, leaseMs: 2_500 });
    await using two = await openTestEngine({ url, far });
    const actor = await one.start(draw(`${S} -> b:test.effect -> c`));
    await sent.promise;
    proxy.stall();
    await until('its lease ran out and is recovered', async () => (await two.engine.recover()) > 0);
    const asked = await two.status(actor.run);
    const [row] = await two.ledger.sql`select needs from runs where id = ${actor.run}`;
    await rebuildsAsItIs(two.ledger);
    answer.resolve();
    proxy.mend();
    await until('the late outcome settles the doubt', async () => {
      await two.takeAll();
      return (await two.status(actor.run)) === 'finished';
    });
    expect(asked).toBe('waiting');
    expect(row).toMatchObject({ needs: [{ kind: 'in-doubt', node: 'b', items: [0] }] });
    expect(await two.facts(actor.run)).toContainEqual(
      expect.objectContaining({ type: 'step.answered', data: expect.objectContaining({ item: 0, late: true }) }),
    );
    expect(far.sent).toHaveLength(1);
    await rebuildsAsItIs(two.ledger);
  });
});

test('E20: a run of many facts is read from its snapshot and the facts after it, and is what folding all of them gives', async () => {
  const held = gate();
  const far = farSide(async () => {
    if (far.sent.length > 600) await held.promise;
    return httpReply();
  });
  await using one = await openTestEngine({ url, far });
  const input = Array.from({ length: 620 }, (_, n) => ({ n }));
  const document = draw(`${S} -> b:test.idempotent`, { b: { settings: { concurrency: 50 } } });
  const actor = await one.start(document, { input });
  const { sql } = one.ledger;
  await until(
    'a snapshot is kept',
    async () => (await sql`select 1 from snapshots where run = ${actor.run}`).length === 1,
  );
  const facts = await one.facts(actor.run);
  expect(facts.length).toBeGreaterThan(500);
  const { state } = await one.ledger.read(actor.run);
  const folded = fold(emptyState, await one.facts(actor.run));
  expect(state.seq).toBeGreaterThan(500);
  expect(fold(emptyState, (await one.facts(actor.run)).slice(0, state.seq))).toEqual(state);
  expect(folded.seq).toBeGreaterThanOrEqual(state.seq);
  held.resolve();
  await actor.whenOver();
  expect(actor.state.output).toHaveLength(620);
  await rebuildsAsItIs(one.ledger);
});

test('F21: what does not end in time is handed back at the end of the drain: nothing failed, an effect is asked about', async () => {
  const [sent, never] = [gate(), gate()];
  const far = farSide(async () => {
    if (far.sent.length === 2) sent.resolve();
    await never.promise;
    return httpReply();
  });
  await using stopping = await openTestEngine({ url, far });
  const effect = await stopping.start(draw(`${S} -> b:test.effect`));
  const repeatable = await stopping.start(draw(`${S} -> b:test.idempotent`));
  await sent.promise;
  await stopping.engine.drain(50);
  await stopping.ledger.handBack();
  expect(await stopping.ledger.sql`select state from stages where run in (${effect.run}, ${repeatable.run})`).toEqual([
    { state: 'ready' },
    { state: 'ready' },
  ]);
  await using next = await openTestEngine({ url, far: farSide() });
  await next.takeAll();
  await until('the effect is asked about', async () => (await next.status(effect.run)) === 'waiting');
  await until('the other goes on', async () => (await next.status(repeatable.run)) === 'finished');
  for (const { run } of [effect, repeatable]) expect(typesOf(await next.facts(run))).not.toContain('stage.crashed');
  expect(typesOf(await next.facts(effect.run))).toContain('step.in-doubt');
  await rebuildsAsItIs(next.ledger);
});
