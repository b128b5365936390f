import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { TestDatabase } from '../db/testing.ts';
import type { Lend } from './carriage.ts';
import { usualLimits } from './run-limits.ts';
import type { RunLimits } from './run-limits.ts';
import { farSide } from './testing/in-memory.ts';
import { rebuildsAsItIs } from './testing/rebuild-law.ts';
import { openTestEngine } from './testing/test-engine.ts';

let database: TestDatabase;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  url = database.url;
});
afterAll(() => database[Symbol.asyncDispose]());

interface Ended {
  readonly status: string | undefined;
  readonly fault: unknown;
  readonly sent: number;
}

async function ended(
  document: Workflow,
  { limits = {}, lend, input }: { limits?: Partial<RunLimits>; lend?: Lend; input: unknown[] },
): Promise<Ended> {
  const far = farSide();
  await using one = await openTestEngine({ url, far, limits, ...(lend ? { lend } : {}) });
  const actor = await one.start(document, { input });
  await actor.whenOver();
  expect(one.broken).toEqual([]);
  await rebuildsAsItIs(one.ledger);
  return { status: actor.state.ended?.status, fault: actor.state.failing, sent: far.sent.length };
}

const finished = { status: 'finished', fault: undefined };
const over = (message: string, setting: string) => ({
  status: 'failed',
  fault: { code: 'run.limit', message, mend: expect.stringContaining(setting) },
});

test('what a run may use is what the safety page says', () => {
  expect(usualLimits).toEqual({ steps: 10_000, journalBytes: 67_108_864, codeMs: 900_000 });
});

describe('steps', () => {
  const looping = draw('a:test.start -> l:test.loop\nl.each -> b:test.effect -> l.next\nl.done -> c');
  const items = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

  test('a run that passes the limit fails and sends nothing more; one that stays below finishes', async () => {
    const limits = { steps: 21 };
    // The start, and two a turn.
    expect(await ended(looping, { limits, input: items(30) })).toEqual({
      ...over('The run took more than 21 steps.', 'HEDDLE_RUN_STEPS'),
      sent: 10,
    });
    expect(await ended(looping, { limits, input: items(8) })).toEqual({ ...finished, sent: 8 });
  });

  test('a process that takes the run over counts what others did', async () => {
    const far = farSide();
    await using one = await openTestEngine({ url, far, slots: 0 });
    const { run } = await one.start(draw('a:test.start -> b:test.effect -> c:test.effect -> d:test.effect'));
    await one.takeAll();
    await one.takeAll();
    expect(far.sent).toHaveLength(1);
    await using two = await openTestEngine({ url, far, slots: 0, limits: { steps: 2 } });
    await two.takeAll();
    expect(await two.status(run)).toBe('failed');
    expect((await two.facts(run)).at(-1)).toMatchObject({ type: 'run.failed', data: { fault: { code: 'run.limit' } } });
    expect(far.sent).toHaveLength(2);
    await rebuildsAsItIs(two.ledger);
  });
});

describe('the journal', () => {
  const passing = draw('a:test.start -> b:test.effect -> c:test.effect -> d:test.effect');

  test.each([
    ['in rows', 30_000],
    ['in blobs', 100_000],
  ])('a run that records too much fails, its values %s', async (_, size) => {
    const input = [{ text: 'x'.repeat(size) }];
    const limits = { journalBytes: 2.5 * size };
    expect(await ended(passing, { limits, input })).toMatchObject({
      ...over('The run recorded more than 0 MB of data.', 'HEDDLE_RUN_JOURNAL'),
      sent: 2,
    });
    expect(await ended(passing, { limits: { journalBytes: 10 * size }, input })).toEqual({ ...finished, sent: 3 });
  });

  test('weighs what its facts do, wherever they stand', async () => {
    await using one = await openTestEngine({ url, far: farSide() });
    const actor = await one.start(passing, { input: [{ text: 'x'.repeat(100_000) }, { text: 'y'.repeat(20) }] });
    await actor.whenOver();
    const facts = (await one.facts(actor.run)).map(({ data }) => JSON.stringify(data).length);
    const whole = facts.reduce((sum, length) => sum + length, 0);
    const { bytes } = await one.ledger.read(actor.run);
    expect(bytes).toBeGreaterThan(whole);
    expect(bytes).toBeLessThan(whole + 4_000);
    // Of a run that began before its bytes were counted the journal is weighed.
    await one.ledger.sql`update runs set bytes = null where id = ${actor.run}`;
    const { bytes: weighed } = await one.ledger.read(actor.run);
    expect(weighed).toBeGreaterThan(whole);
    expect(weighed).toBeLessThan(whole + 2_000);
  });
});

describe('code', () => {
  const lend = ((name: string) => (name === 'code' ? { run: async () => [{}] } : undefined)) as Lend;
  const code = { type: 'code.javascript', params: { code: 'return $input.all();' } };

  test('a run whose code took too long fails, and the time of other nodes does not count', async () => {
    const input = [{ n: 1 }];
    const limits = { codeMs: 0 };
    const withCode = await ended(
      draw('a:test.start -> b:code.javascript -> w:test.wait', { b: code, w: { params: { ms: 0 } } }),
      { limits, lend, input },
    );
    expect(withCode).toMatchObject(over('The code of the run took longer than 0 s.', 'HEDDLE_RUN_CODE'));
    expect(await ended(draw('a:test.start -> b:test.pure -> c:test.effect'), { limits, input })).toMatchObject(
      finished,
    );
  });
});
