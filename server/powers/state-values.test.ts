import { expect, test } from 'vitest';
import { stateLender } from './state.ts';

/** State over a database that takes everything and holds nothing. */
function state() {
  const written: unknown[] = [];
  const tx = async (_parts: TemplateStringsArray, ...values: unknown[]) => {
    written.push(...values);
    return [];
  };
  const sql = Object.assign(tx, { begin: (work: (inside: typeof tx) => Promise<unknown>) => work(tx) });
  // As much of them as it asks for.
  const lend = stateLender(sql as never);
  return { written, state: lend({ workspace: 'ws_1', state: () => ({}) } as never, { idempotencyKey: 'k' } as never) };
}

test('a value that is far too long is refused without being written: 16 MB of small ones took a quarter of a second', async () => {
  const unwritten = {
    toJSON: () => {
      throw new Error('It was written.');
    },
  };
  const { state: power } = state();
  const large = [...Array.from({ length: 1_000_000 }, () => 1), unwritten];
  await expect(power.set('k', large)).rejects.toMatchObject({ code: 'items.limit' });
  await expect(power.set('k', 'x'.repeat(65_535))).rejects.toMatchObject({ code: 'items.limit' });
});

test.each([
  ['digits', Array.from({ length: 32_700 }, () => 1)],
  ['text', 'x'.repeat(65_534)],
  ['keys', Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}`, 1]))],
])('one that fits is kept, whatever it is of: %s', async (_, value) => {
  const { state: power, written } = state();
  await power.set('k', value);
  expect(written).toContain(JSON.stringify(value));
});
