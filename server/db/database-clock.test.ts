import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DatabaseClock } from './database-clock.ts';

/** A machine with a clock of its own beside a database: `wall` may be set, `steady` only goes on. */
function machine(offMs: number, { readMs = 1 }: { readMs?: number } = {}) {
  const world = { at: 1_790_000_000_000, steady: 5_000, offMs };
  const told: number[] = [];
  const pass = (ms: number) => {
    world.at += ms;
    world.steady += ms;
  };
  const clock = new DatabaseClock({
    read: async () => {
      pass(readMs / 2);
      const { at } = world;
      pass(readMs / 2);
      return at;
    },
    wall: () => world.at + world.offMs,
    steady: () => world.steady,
    onOff: (off) => told.push(off),
  });
  return { world, clock, told, pass };
}

test('whatever this machine says, the time is that of the database, as near as it could be read', async () => {
  const hour = 3_600_000;
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 60_000 }),
    set: fc.option(fc.integer({ min: -5 * hour, max: 5 * hour }), { freq: 4 }),
    reads: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -5 * hour, max: 5 * hour }),
      fc.integer({ min: 0, max: 200 }),
      fc.array(step, { maxLength: 30 }),
      async (offMs, readMs, steps) => {
        const { world, clock, pass } = machine(offMs, { readMs });
        await clock.sync();
        let last = clock.now();
        for (const { ms, set, reads } of steps) {
          if (set !== null) world.offMs = set;
          pass(ms);
          if (reads) await clock.sync();
          expect(Math.abs(clock.now() - world.at)).toBeLessThanOrEqual(readMs / 2 + 21);
          expect(clock.now()).toBeGreaterThanOrEqual(last);
          last = clock.now();
          expect(Math.abs(clock.off - world.offMs)).toBeLessThanOrEqual(readMs / 2 + 21);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a clock that is off by over five seconds is told of once, and once more when it is right again', async () => {
  const { world, clock, told, pass } = machine(7_200_000);
  for (let n = 0; n < 3; n++) {
    await clock.sync();
    pass(30_000);
  }
  world.offMs = 900;
  await clock.sync();
  await clock.sync();
  world.offMs = -7_200_000;
  await clock.sync();
  expect(told).toEqual([7_200_000, 0, -7_200_000]);
});

test('the time is not known before it was read, nor after a machine slept: its steady clock stood still', async () => {
  const { world, clock, pass } = machine(0);
  expect(clock.isKnown).toBe(false);
  await clock.sync();
  pass(60_000);
  expect(clock.isKnown).toBe(true);
  world.at += 3_600_000;
  expect([clock.isKnown, clock.now() < world.at]).toEqual([false, true]);
  await clock.sync();
  expect(clock.isKnown).toBe(true);
  expect(Math.abs(clock.now() - world.at)).toBeLessThanOrEqual(21);
});

test('a database that does not answer leaves the time as it was', async () => {
  const { world, clock, pass } = machine(100);
  await clock.sync();
  const broken = new DatabaseClock({ read: () => Promise.reject(new Error('away')) });
  await expect(broken.sync()).rejects.toThrow('away');
  expect(broken.isKnown).toBe(false);
  pass(1_000);
  expect(Math.abs(clock.now() - world.at)).toBeLessThanOrEqual(21);
});
