import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { text } from 'node:stream/consumers';
import type { Dispatcher } from 'undici';
import { expect, test } from 'vitest';
import { exchange } from './exchange.ts';
import type { Ask, HeldReply, StreamedReply } from './exchange.ts';

// An answer whose pieces have one byte each, as far as we keep them: 250 kB of them took 35 MB.

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const count = 20_000;
const ask = (isStreamed: boolean): Ask => ({
  target: { url: new URL('http://far.test/'), host: 'far.test' },
  method: 'GET',
  headers: {},
  mostOf: () => ({ bytes: 1_000_000 }),
  isStreamed: () => isStreamed,
  room: { free: 1_000_000, enter: async ({ most }) => ({ bytes: most, letGo: () => {} }) },
});

/** Answers with pieces of one byte, all at once; `pieces` are those that are still there, `ends` says that the answer is over. */
function drips() {
  const pieces: WeakRef<Uint8Array>[] = [];
  let handler: Dispatcher.DispatchHandler;
  const controller = { pause: () => {}, resume: () => {}, abort: () => {} } as unknown as Dispatcher.DispatchController;
  const dispatcher = {
    dispatch: (_: unknown, talk: Dispatcher.DispatchHandler) => {
      handler = talk;
      talk.onRequestStart?.(controller, {});
      talk.onResponseStart?.(controller, 200, {}, 'OK');
      for (let n = 0; n < count; n++) {
        const piece = Buffer.from('x');
        pieces.push(new WeakRef(piece));
        talk.onResponseData?.(controller, piece);
      }
      return true;
    },
  } as unknown as Dispatcher;
  return { pieces, dispatcher, ends: () => handler.onResponseEnd?.(controller, {}) };
}

/** Weak references hold what they were asked for until the turn is over. */
async function kept(pieces: readonly WeakRef<Uint8Array>[]): Promise<number> {
  await new Promise(setImmediate);
  collect();
  return pieces.filter((piece) => piece.deref() !== undefined).length;
}

test('pieces of an answer that is held are not kept, only what they say', async () => {
  const { pieces, dispatcher, ends } = drips();
  const reply = exchange(dispatcher, ask(false), {}, { now: false });
  expect(await kept(pieces)).toBeLessThan(count / 100);
  ends();
  const { body } = (await reply) as HeldReply;
  expect([new TextDecoder().decode(body) === 'x'.repeat(count), body.buffer.byteLength]).toEqual([true, count]);
});

test('pieces of an answer that is read as it comes are not kept either, and all of it comes', async () => {
  const { pieces, dispatcher, ends } = drips();
  const reply = (await exchange(dispatcher, ask(true), {}, { now: false })) as StreamedReply;
  expect(await kept(pieces)).toBeLessThan(count / 100);
  ends();
  expect(await text(reply.stream)).toBe('x'.repeat(count));
});
