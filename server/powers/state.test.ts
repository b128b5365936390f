import { expect, test } from 'vitest';
import { emptyState } from '../../flow/facts/state.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import type { Borrower } from './lend.ts';
import { stateLender } from './state.ts';

test('the name of a state value is as long as an index holds whatever its letters, and a longer one is a fault', async () => {
  await using base = await createTestDatabase();
  await using database = await base.open({ app: 1, engine: 1 });
  const borrower = { workspace: 'ws_main', run: 'run_a', state: () => emptyState } as unknown as Borrower;
  const lend = () =>
    stateLender(database.engine.sql)(borrower, { idempotencyKey: crypto.randomUUID() } as PowerRequest);
  // Letters of three bytes that do not repeat: nothing of them can be packed.
  const name = (length: number) =>
    String.fromCodePoint(...Array.from({ length }, (_, n) => 0x4e00 + ((n * 7_919) % 20_000)));
  await lend().set(name(500), 1);
  expect(await lend().increment(name(500), 2)).toBe(3);
  const asked = [() => lend().set(name(501), 1), () => lend().increment(name(1_000), 1), () => lend().get(name(501))];
  for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'items.limit' });
});
