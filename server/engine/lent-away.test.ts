import { expect, test } from 'vitest';
import { powers } from '../../flow/document/powers.ts';
import type { Power } from '../../flow/document/powers.ts';
import type { Lend, PowerRequest } from './carriage.ts';
import { lentAway } from './lent-away.ts';
import { Pass } from './pass.ts';
import { Shares } from './shares.ts';
import { Slots } from './slots.ts';

const who = { workspace: 'a', lane: 'realtime' as const };

/** One slot, held by a stage that was lent a power whose every call waits for `answer`. */
function lent(name: Power, effect: 'pure' | 'effect') {
  const slots = new Slots(1);
  slots.take(who);
  const pass = new Pass({ slots, tickets: new Shares(1) }, who, 0, () => {});
  const { promise, resolve } = Promise.withResolvers<string>();
  const lend = (() => ({ call: () => promise })) as unknown as Lend;
  const abort = new AbortController();
  const request = { node: { effect }, signal: abort.signal } as unknown as PowerRequest;
  const power = lentAway(lend, pass)(name, request) as unknown as { call: () => Promise<string> };
  return { slots, pass, power, abort, answer: () => resolve('answered') };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a stage is away exactly while a power is asked whose answers come from outside', async () => {
  for (const [name, { isAwaited }] of Object.entries(powers)) {
    const { slots, power, answer } = lent(name as Power, 'pure');
    const asked = power.call();
    expect([name, slots.used]).toEqual([name, isAwaited ? 0 : 1]);
    answer();
    expect(await asked).toBe('answered');
    expect(slots.used).toBe(1);
  }
});

test('a claim that is lost while its answer queues for a slot computes no further', async () => {
  const { slots, pass, power, abort, answer } = lent('code', 'pure');
  const asked = power.call();
  slots.take({ ...who, workspace: 'b' });
  answer();
  await turn();
  expect(slots.waiting).toBe(1);
  pass.close();
  abort.abort(new Error('the claim was lost'));
  await expect(asked).rejects.toThrow('the claim was lost');
  expect([slots.waiting, slots.used]).toEqual([0, 1]);
});

test('what an effect came to is told even so: it happened', async () => {
  const { slots, pass, power, abort, answer } = lent('http', 'effect');
  const asked = power.call();
  slots.take({ ...who, workspace: 'b' });
  answer();
  await turn();
  pass.close();
  abort.abort(new Error('the claim was lost'));
  expect(await asked).toBe('answered');
});

test('what an answer brought weighs on the ticket until the stage is over, a share at most', async () => {
  const slots = new Slots(1);
  const tickets = new Shares(4_000);
  slots.take(who);
  tickets.take(who, 10);
  const pass = new Pass({ slots, tickets }, who, 10, () => {});
  const bodies = [100, 50, 100_000];
  const lend = (() => ({ send: async () => ({ bytes: new Uint8Array(bodies.shift() ?? 0) }) })) as unknown as Lend;
  const request = { node: { effect: 'pure' }, signal: new AbortController().signal } as unknown as PowerRequest;
  const power = lentAway(lend, pass)('http', request) as unknown as { send: () => Promise<unknown> };
  const weights: number[] = [];
  for (let n = 0; n < 4; n++) {
    await power.send();
    weights.push(tickets.used);
  }
  expect(weights).toEqual([310, 460, 1_000, 1_000]);
  pass.close();
  expect(tickets.used).toBe(0);
});
