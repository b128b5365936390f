import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lane } from '../../flow/document/workflow.ts';
import { Pass } from './pass.ts';
import { Shares } from './shares.ts';
import type { Claimant } from './shares.ts';
import { Slots } from './slots.ts';
import type { Waiter } from './slots.ts';

const workspace = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const lane = fc.constantFrom<Lane>('realtime', 'interactive', 'background');
const who: fc.Arbitrary<Claimant> = fc.record({ workspace, lane });
const capacity = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(64));

describe('what a process has, parted among workspaces', () => {
  const step = fc.record({ who, weight: fc.integer({ min: 1, max: 5 }), gives: fc.boolean() });

  test('is never more than there is, nor negative, and keeps its reserves whatever comes', () => {
    fc.assert(
      fc.property(capacity, fc.array(step, { maxLength: 200 }), (most, steps) => {
        const shares = new Shares(most);
        const held: { who: Claimant; weight: number }[] = [];
        for (const { who, weight: wanted, gives } of steps) {
          const weight = Math.min(wanted, shares.share);
          if (gives) {
            const back = held.shift();
            if (back) shares.release(back.who, back.weight);
          } else {
            const before = { used: shares.used, own: shares.usedBy(who.workspace) };
            const isTaken = shares.take(who, weight);
            if (isTaken) held.push({ who, weight });
            // Beyond its share nobody takes of what is kept for others; others than realtime never of what is kept for that.
            const isGreedy = before.own + weight > shares.share;
            if (isTaken && most > 1 && isGreedy) expect(shares.used).toBeLessThanOrEqual(most - shares.share);
            if (isTaken && most >= 8 && who.lane !== 'realtime') expect(shares.used).toBeLessThan(most);
          }
          const sum = held.reduce((total, one) => total + one.weight, 0);
          expect(shares.used).toBe(sum);
          expect(shares.used).toBeLessThanOrEqual(most);
          for (const name of 'abcde')
            expect(shares.usedBy(name)).toBe(
              held.filter((one) => one.who.workspace === name).reduce((total, one) => total + one.weight, 0),
            );
        }
        for (const { who, weight } of held) shares.release(who, weight);
        expect([shares.used, ...[...'abcde'].map((name) => shares.usedBy(name))]).toEqual([0, 0, 0, 0, 0, 0]);
      }),
    );
  });

  test('leaves room at once for a workspace that comes new, however much one alone has taken', () => {
    fc.assert(
      fc.property(
        capacity.filter((most) => most > 1),
        lane,
        lane,
        (most, theirs, own) => {
          const shares = new Shares(most);
          while (shares.take({ workspace: 'a', lane: theirs }));
          expect(shares.usedBy('a')).toBeGreaterThan(0);
          expect(shares.take({ workspace: 'b', lane: own })).toBe(true);
        },
      ),
    );
  });

  test('within one workspace, stages that a caller waits for find room beside all others', () => {
    const shares = new Shares(64);
    while (shares.take({ workspace: 'a', lane: 'background' }));
    expect(shares.usedBy('a')).toBe(40);
    expect(shares.take({ workspace: 'a', lane: 'realtime' })).toBe(true);
  });

  test('where there is only one of something, anybody may have it', () => {
    expect(new Shares(1).take({ workspace: 'a', lane: 'background' })).toBe(true);
  });
});

test('what is done with slots waits for them in turn and gives them back, also when it fails', async () => {
  const slots = new Slots(4);
  const one: Claimant = { workspace: 'a', lane: 'interactive' };
  const begun: string[] = [];
  const failing = slots.during(one, () => (begun.push('failing'), Promise.reject(new Error('no'))), 3);
  const next = slots.during(one, async () => void begun.push('next'));
  const other = slots.during({ ...one, workspace: 'b' }, async () => void begun.push('other'));
  expect(begun).toEqual([]);
  await expect(failing).rejects.toThrow('no');
  await Promise.all([next, other]);
  expect([begun.toSorted(), slots.used, slots.waiting]).toEqual([['failing', 'next', 'other'], 0, 0]);
});

describe('the queue for slots', () => {
  const step = fc.record({ who, does: fc.constantFrom('queue', 'queue', 'take', 'release', 'release', 'leave') });

  test('serves everybody in the end, never beyond capacity, and at rest nothing is held', async () => {
    await fc.assert(
      fc.asyncProperty(capacity, fc.array(step, { maxLength: 150 }), async (most, steps) => {
        const slots = new Slots(most);
        const held: Claimant[] = [];
        const queued = new Set<Waiter>();
        const left = new Set<Waiter>();
        const wait = (waiter: Waiter) => {
          queued.add(waiter);
          void waiter.granted.then(() => {
            queued.delete(waiter);
            if (!left.has(waiter)) held.push(waiter.who);
          });
        };
        for (const { who, does } of steps) {
          if (does === 'take' && slots.take(who)) held.push(who);
          if (does === 'queue') {
            const waiter = slots.queue(who);
            if (waiter) wait(waiter);
            else held.push(who);
          }
          if (does === 'release') {
            const one = held.shift();
            if (one) slots.release(one);
          }
          if (does === 'leave') {
            const [first] = queued;
            if (first && slots.leave(first)) left.add(first);
          }
          await Promise.resolve();
          expect(slots.used).toBe(held.length);
          expect(slots.used).toBeLessThanOrEqual(most);
          expect(slots.waiting).toBe(queued.size);
          // Nobody waits who could be served: who takes a slot without waiting overtakes nobody.
          for (const waiter of queued) expect(fits(slots, waiter.who)).toBe(false);
        }
        while (held.length > 0) {
          slots.release(held.shift()!);
          await Promise.resolve();
        }
        expect([queued.size, slots.waiting, slots.used]).toEqual([0, 0, 0]);
      }),
    );
  });

  /** Asked by taking and giving back, which must change nothing. */
  function fits(slots: Slots, who: Claimant): boolean {
    if (!slots.take(who)) return false;
    slots.release(who);
    return true;
  }

  test('a slot goes to the workspace that holds the fewest, and among equals to whoever came first', async () => {
    const slots = new Slots(64);
    const a: Claimant = { workspace: 'a', lane: 'realtime' };
    const b: Claimant = { workspace: 'b', lane: 'realtime' };
    const held: Claimant[] = [];
    for (const name of ['a', 'c', 'd', 'e'])
      for (let n = 0; n < 16; n++) {
        const one: Claimant = { workspace: name, lane: 'realtime' };
        if (slots.take(one)) held.push(one);
      }
    expect(slots.used).toBe(64);
    const served: string[] = [];
    for (const [name, one] of [
      ['a1', a],
      ['a2', a],
      ['b1', b],
      ['b2', b],
    ] as const)
      void slots.queue(one)?.granted.then(() => served.push(name));
    for (let n = 0; n < 4; n++) slots.release(held.findLast(({ workspace }) => workspace === 'e')!);
    await Promise.resolve();
    // Four were given back by e: b has none, so both of b's come before a's.
    expect(served).toEqual(['b1', 'b2']);
  });
});

describe('what one claim holds', () => {
  const gates = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { wait: () => promise, open: resolve };
  };
  const open = (most = 4) => {
    const room = { slots: new Slots(most), tickets: new Shares(1_000) };
    const one: Claimant = { workspace: 'a', lane: 'realtime' };
    const enter = () => {
      room.slots.take(one);
      room.tickets.take(one, 10);
      return new Pass(room, one, 10, () => {});
    };
    return { room, one, enter };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('is no slot while it waits, and one again before it goes on', async () => {
    const { room, enter } = open();
    const pass = enter();
    const gate = gates();
    let heldAfter = 0;
    const work = pass.away(gate.wait).then(() => (heldAfter = room.slots.used));
    expect([room.slots.used, room.tickets.used]).toEqual([0, 10]);
    gate.open();
    await work;
    expect(heldAfter).toBe(1);
    pass.close();
    expect([room.slots.used, room.tickets.used]).toEqual([0, 0]);
  });

  test('of things side by side the slot is held while any of them computes, and not for one that is slow', async () => {
    const { room, enter } = open();
    const pass = enter();
    const [slow, quick] = [gates(), gates()];
    const all = pass.sideBySide([() => pass.away(slow.wait), () => pass.away(quick.wait)]);
    expect(room.slots.used).toBe(0);
    quick.open();
    await turn();
    // The quick one is over; before, its slot would have been kept until the slow one is.
    expect(room.slots.used).toBe(0);
    slow.open();
    await all;
    expect(room.slots.used).toBe(1);
    pass.close();
    expect(room.slots.used).toBe(0);
  });

  test('whatever its strands do, a claim that is over holds nothing and lets nobody wait', async () => {
    const how = fc.record({ strands: fc.integer({ min: 1, max: 4 }), closes: fc.nat(6), full: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(how, async ({ strands, closes, full }) => {
        const { room, one, enter } = open(1);
        const pass = enter();
        const gate = Array.from({ length: strands }, gates);
        const all = pass.sideBySide(
          gate.map(
            ({ wait }) =>
              async () =>
                pass.away(wait),
          ),
        );
        // Another takes the slot meanwhile, so that what comes back must queue.
        const other = full && room.slots.take({ ...one, workspace: 'b' });
        for (const [n, { open: let1 }] of gate.entries()) {
          if (n === closes) pass.close();
          let1();
          await turn();
        }
        pass.close();
        await all;
        if (other) room.slots.release({ ...one, workspace: 'b' });
        await turn();
        expect([room.slots.used, room.slots.waiting, room.tickets.used]).toEqual([0, 0, 0]);
      }),
    );
  });
});
