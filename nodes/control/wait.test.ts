import { expect, test } from 'vitest';
import { exampleBatch } from '../kit/examples.ts';
import { fakeWorld } from '../kit/fakes.ts';
import { prepare } from '../kit/perform.ts';
import { wait } from './wait.ts';

test.each([
  [{ for: '2h' }, 'UTC', '2026-01-15T11:30:00Z'],
  [{ for: 90 }, 'UTC', '2026-01-15T09:31:30Z'],
  [{ until: '2026-07-01T09:00' }, 'Europe/Berlin', '2026-07-01T07:00:00Z'],
  [{ until: '2026-07-01T09:00:00-05:00' }, 'Europe/Berlin', '2026-07-01T14:00:00Z'],
  [{ until: '{{ $now }}' }, 'UTC', '2026-01-15T09:30:00Z'],
])('%j in %s waits until %s, once for all items', async (params, zone, until) => {
  const world = fakeWorld({});
  const batch = exampleBatch(wait, params, {
    given: { in: [1, 2, 3] },
    fakes: { clock: { now: '2026-01-15T09:30:00Z', zone } },
  });
  const outcome = await prepare(wait, params).batch(batch, world.powers);
  expect(world.waits).toEqual([Date.parse(until)]);
  expect(outcome.out['out']).toEqual({ items: [1, 2, 3], pick: 'all', of: 'in' });
});
