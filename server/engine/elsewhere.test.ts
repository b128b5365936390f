import { expect, test } from 'vitest';
import { processorMs } from '../processor-time.ts';
import { Pass } from './pass.ts';
import { Shares } from './shares.ts';
import { Slots } from './slots.ts';

const who = { workspace: 'ws_1', lane: 'interactive' as const };
const MB = 1024 * 1024;

/** A pass of a stage that nobody expected to leave, in a room with so many bytes of tickets. */
function opened(ticketBytes: number) {
  const room = { slots: new Slots(1), tickets: new Shares(ticketBytes) };
  room.slots.take(who);
  let back = 0;
  const pass = new Pass(
    room,
    who,
    0,
    () => {},
    () => {
      back += 1;
    },
  );
  return { pass, ...room, ticketsBack: () => back };
}

test('a stage that is computed elsewhere gives its slot to others and holds a ticket of its weight until it is back', async () => {
  const { pass, slots, tickets, ticketsBack } = opened(64 * MB);
  const made = await pass.elsewhere(MB, async () => [slots.used, tickets.used]);
  expect(made).toEqual([0, MB + 64 * 1024]);
  expect([slots.used, tickets.used, ticketsBack()]).toEqual([1, 0, 1]);
  pass.close();
  expect([slots.used, tickets.used, ticketsBack()]).toEqual([0, 0, 1]);
});

test('where there is no room for what it weighs it waits with its slot in hand', async () => {
  const { pass, slots, tickets } = opened(64 * MB);
  tickets.add({ ...who, workspace: 'ws_2' }, 60 * MB);
  expect(await pass.elsewhere(MB, async () => slots.used)).toBe(1);
  expect(tickets.used).toBe(60 * MB);
});

test('one that is given up meanwhile has nothing left in hand', async () => {
  const { pass, slots, tickets, ticketsBack } = opened(64 * MB);
  await pass.elsewhere(MB, async () => pass.close());
  expect([slots.used, tickets.used, ticketsBack()]).toEqual([0, 0, 1]);
});

test('forty stages that rest between pieces of eight milliseconds hold a turn for no quarter of a second', async () => {
  let [longest, before, isOver] = [0, processorMs(), false];
  const look = () => {
    const now = processorMs();
    [longest, before] = [Math.max(longest, now - before), now];
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  const work = async () => {
    const { pass } = opened(64 * MB);
    for (let piece = 0; piece < 4; piece++) {
      await pass.rest();
      for (const began = processorMs(); processorMs() - began < 8;);
    }
    pass.close();
  };
  await Promise.all(Array.from({ length: 40 }, work));
  isOver = true;
  expect(longest).toBeLessThan(250);
});
