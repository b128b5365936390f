import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { openDoubts } from '../../flow/facts/retry-run.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import { answerRun, cancelRun } from '../runs/act.ts';
import { retryRun } from '../runs/retry.ts';
import { farSide, httpReply } from './testing/in-memory.ts';
import type { FarSide } from './testing/in-memory.ts';
import { rebuildsAsItIs } from './testing/rebuild-law.ts';
import { openTestEngine, until } from './testing/test-engine.ts';
import type { TestEngine } from './testing/test-engine.ts';

const S = 'a:test.start';
let database: TestDatabase;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  url = database.url;
});
afterAll(() => database[Symbol.asyncDispose]());

const gate = () => Promise.withResolvers<void>();
const keysOf = (far: FarSide) => far.sent.map(({ headers }) => headers?.['idempotency-key']);
const cancel = ({ engine }: TestEngine, run: string) =>
  cancelRun({ engine, told: () => {} }, run, { reason: 'enough' });

async function retry(one: TestEngine, run: string, document: ReturnType<typeof draw>, from?: string) {
  const { plan } = await one.ledger.read(run);
  const next = { plan, document, version: 1 };
  return retryRun(one.engine, { workspace: 'ws_1', run, plan, facts: await one.facts(run), next, from });
}

describe('cancel stops a run in every state (E15, F28)', () => {
  test('ready', async () => {
    const far = farSide();
    await using starter = await openTestEngine({ url, slots: 0 });
    await using worker = await openTestEngine({ url, far });
    const { run } = await starter.start(draw(`${S} -> b:test.effect`));
    await cancel(starter, run);
    expect(await worker.engine.take(run, 's1', '')).toBe(false);
    expect(far.sent).toHaveLength(0);
    expect(await starter.status(run)).toBe('cancelled');
    await rebuildsAsItIs(starter.ledger);
  });

  test.each(['in the process that carries it', 'in another'])(
    'running, cancelled %s: no further effect, and what was sent is kept as late',
    async (where) => {
      const [sent, answer] = [gate(), gate()];
      const far = farSide(async () => {
        sent.resolve();
        await answer.promise;
        return httpReply();
      });
      await using one = await openTestEngine({ url, far });
      await using other = await openTestEngine({ url, far });
      const actor = await one.start(draw(`${S} -> b:test.effect -> c:test.effect`), { input: [{ n: 0 }, { n: 1 }] });
      await sent.promise;
      await cancel(where === 'in another' ? other : one, actor.run);
      if (where === 'in another') await one.engine.renew();
      answer.resolve();
      await until('the late outcome is recorded', async () => {
        const facts = await other.facts(actor.run);
        return facts.some((fact) => fact.type === 'step.answered' && fact.data.late === true && fact.data.item === 0);
      });
      expect(far.sent).toHaveLength(1);
      expect(await other.status(actor.run)).toBe('cancelled');
      expect(one.engine.carrying).toBe(0);
      await rebuildsAsItIs(other.ledger);
    },
  );

  test('running a node that calls several times: what its call came to is kept as late, and leaves no doubt', async () => {
    const [sent, answer] = [gate(), gate()];
    const far = farSide(async () => {
      sent.resolve();
      await answer.promise;
      return httpReply(200, { id: 7 });
    });
    await using one = await openTestEngine({ url, far });
    const actor = await one.start(draw(`${S} -> b:test.calls`));
    await sent.promise;
    await cancel(one, actor.run);
    answer.resolve();
    await until('the late outcome is recorded', async () =>
      (await one.facts(actor.run)).some((fact) => fact.type === 'call.answered' && fact.data.late === true),
    );
    expect(far.sent).toHaveLength(1);
    const { plan } = await one.ledger.read(actor.run);
    expect(openDoubts(plan, await one.facts(actor.run))).toEqual([]);
    await rebuildsAsItIs(one.ledger);
  });

  test('running something that may be repeated: it is cut off', async () => {
    const sent = gate();
    let reason: unknown;
    await using one = await openTestEngine({
      url,
      lend: ((_name: string, { signal }: { signal: AbortSignal }) => ({
        send: () =>
          new Promise((_, reject) => {
            sent.resolve();
            signal.addEventListener('abort', () => reject((reason = signal.reason)));
          }),
      })) as never,
    });
    const { run } = await one.start(draw(`${S} -> b:test.idempotent`));
    await sent.promise;
    await cancel(one, run);
    expect(String(reason)).toMatch(/claim was lost/);
    expect(one.engine.carrying).toBe(0);
    expect(one.broken).toEqual([]);
  });

  test('waiting on a timer', async () => {
    await using one = await openTestEngine({ url });
    const { run } = await one.start(draw(`${S} -> w:test.wait`));
    await until('it waits', async () => (await one.status(run)) === 'waiting');
    await cancel(one, run);
    expect(await one.ledger.sql`select 1 from stages where run = ${run}`).toHaveLength(0);
    await rebuildsAsItIs(one.ledger);
  });

  test('in doubt: nothing is asked any more', async () => {
    const far = farSide(() => {
      throw new Fault('http.reset', 'reset', { done: 'unknown' });
    });
    await using one = await openTestEngine({ url, far });
    const { run } = await one.start(draw(`${S} -> b:test.effect`));
    await until('it asks', async () => (await one.status(run)) === 'waiting');
    await cancel(one, run);
    expect(await one.ledger.sql`select status, needs from runs where id = ${run}`).toEqual([
      { status: 'cancelled', needs: [] },
    ]);
    await rebuildsAsItIs(one.ledger);
  });

  test('between two tries, whose claim has been given back', async () => {
    const far = farSide(() => httpReply(503));
    await using one = await openTestEngine({ url, far });
    const { run } = await one.start(
      draw(`${S} -> b:test.idempotent`, { b: { settings: { retry: { times: 3, wait: '1h' } } } }),
    );
    await until('it is between two tries', async () =>
      (await one.facts(run)).some(({ type }) => type === 'step.failed' || type === 'item.failed'),
    );
    expect(one.engine.carrying).toBe(0);
    const [row] = await one.ledger
      .sql`select state, next_at > now() + interval '50 minutes' as later from stages where run = ${run}`;
    expect(row).toEqual({ state: 'ready', later: true });
    await rebuildsAsItIs(one.ledger);
    await cancel(one, run);
    expect(await one.engine.take(run, 's2', '', { isEarly: true })).toBe(false);
    expect(far.sent).toHaveLength(1);
  });
});

describe('a run that is done again (E24)', () => {
  const document = draw(`${S} -> b:test.effect -> c:test.idempotent -> d`);

  test('from the failed node keeps the effects that were done; from the start all is done under new keys', async () => {
    const far = farSide((_, count) => httpReply(count === 2 ? 500 : 200));
    await using one = await openTestEngine({ url, far });
    const failed = await one.start(document);
    await failed.whenOver();
    expect(await one.status(failed.run)).toBe('failed');
    const again = await retry(one, failed.run, document, 'c');
    await again.whenOver();
    expect(again.state.output).toEqual([{ n: 1, via: 'eip' }]);
    const [effect, first, second] = keysOf(far);
    expect(second).toBe(first);
    const anew = await retry(one, failed.run, document);
    await anew.whenOver();
    expect(keysOf(far)).toHaveLength(5);
    expect([effect, first]).not.toContain(keysOf(far)[3]);
    expect(keysOf(far)[4]).not.toBe(first);
    await rebuildsAsItIs(one.ledger);
  });

  test('an effect that a cancel left open blocks a retry until it is answered, and is not sent again when it counts as sent', async () => {
    const sent = gate();
    const far = farSide(async () => {
      sent.resolve();
      return new Promise<never>(() => undefined);
    });
    await using one = await openTestEngine({ url, far });
    const actor = await one.start(document);
    await sent.promise;
    await cancel(one, actor.run);
    await expect(retry(one, actor.run, document, 'b')).rejects.toMatchObject({ status: 409, code: 'doubts' });
    await answerRun(one.engine, actor.run, { step: 'b', answer: 'sent', output: { n: 7 } });
    far.answer = () => httpReply();
    const again = await retry(one, actor.run, document, 'b');
    await again.whenOver();
    expect(again.state.output).toEqual([{ n: 7, via: 'ip' }]);
    expect(far.sent).toHaveLength(2);
  });
});

describe('what is the same whenever it is done (E18), and when it is done again (E10)', () => {
  test('a stage that is carried out again sees the same $now and draws the same random numbers', async () => {
    const seen: unknown[] = [];
    const far = farSide((request, count) => {
      seen.push(JSON.parse(String(request.body)));
      return httpReply(count === 1 ? 503 : 200);
    });
    await using one = await openTestEngine({ url, far });
    const set = { json: '{{ { now: $now.toMillis(), random: Math.random() } }}' };
    const document = draw(`${S} -> b:connect.http-request`, {
      b: { params: { method: 'PUT', url: 'http://far/', ...set }, settings: { retry: { times: 1, wait: '100ms' } } },
    });
    const actor = await one.start(document);
    await actor.whenOver();
    expect(await one.status(actor.run)).toBe('finished');
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
  });

  test('tries come ever further apart, never sooner than the far side asks', async () => {
    const far = farSide((_, count) => {
      throw new Fault('http.status', 'busy', { done: 'yes', ...(count === 3 ? { retryAfterMs: 700 } : {}) });
    });
    await using one = await openTestEngine({ url, far });
    const retry = { times: 3, wait: '40ms', backoff: 'exponential' } as const;
    const actor = await one.start(draw(`${S} -> b:test.effect`, { b: { settings: { retry } } }));
    await actor.whenOver();
    const waits = (await one.facts(actor.run)).flatMap((fact) =>
      fact.type === 'item.failed' && fact.data.retryAt !== undefined ? [fact.data.retryAt - fact.at] : [],
    );
    expect(far.sent).toHaveLength(4);
    for (const [index, wait] of waits.slice(0, 2).entries()) {
      expect(wait).toBeGreaterThanOrEqual(40 * 2 ** index * 0.75);
      expect(wait).toBeLessThanOrEqual(40 * 2 ** index * 1.25 + 1);
    }
    expect(waits[2]).toBe(700);
  });
});
