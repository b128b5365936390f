import { setTimeout as later } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openHttpClient } from '../wire/http-client.ts';
import { farSide } from '../wire/testing/far-side.ts';
import { AnswerRooms } from './answer-rooms.ts';

const kB = 1024;
const who = (workspace: string) => ({ workspace, lane: 'realtime' as const });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const clients: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

test('answers of one workspace fill three quarters of the memory, and another is let in at once', async () => {
  const rooms = new AnswerRooms(1 / 64);
  const most = 10 * kB * kB;
  const inside: string[] = [];
  const enter = (workspace: string) =>
    rooms
      .of(who(workspace))
      .enter({ bytes: 300 * kB, isAll: false, most })
      .then((entered) => {
        inside.push(workspace);
        return entered;
      });
  const all = Array.from({ length: 20 }, () => enter('a'));
  await turn();
  expect(inside).toEqual(['a', 'a', 'a']);
  all.push(enter('b'));
  await turn();
  expect(inside).toEqual(['a', 'a', 'a', 'b']);
  expect(rooms.used).toBeLessThanOrEqual(kB * kB);
  for (const one of all) (await one).letGo();
  expect([inside.length, rooms.used]).toEqual([21, 0]);
});

test('whatever comes, there is never more than there is room for, all come in in the end, and nothing is left', async () => {
  const answer = fc.record({
    workspace: fc.constantFrom('a', 'b', 'c'),
    bytes: fc.integer({ min: 1, max: 30 * kB * kB }),
    isAll: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { maxLength: 60 }), async (answers) => {
      const rooms = new AnswerRooms(1 / 16);
      const most = 64 * kB * kB;
      await Promise.all(
        answers.map(async ({ workspace, bytes, isAll }) => {
          const room = rooms.of(who(workspace));
          // As an answer is read: of one that does not say how long it is more and more comes.
          let letGo = () => {};
          for (let has = isAll ? bytes : Math.min(bytes, room.free + 1), may = 0; has > may;) {
            const entered = await room.enter({ bytes: has, isAll, most });
            letGo();
            ({ letGo } = entered);
            may = entered.bytes;
            expect(may).toBeGreaterThanOrEqual(has);
            expect(rooms.used).toBeLessThanOrEqual((544 * kB * kB) / 16);
            await turn();
            has = Math.min(bytes, may + 1);
            if (may >= bytes) break;
          }
          letGo();
        }),
      );
      expect(rooms.used).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('forty long answers that do not say how long they are come through a small room, whole', async () => {
  const body = Buffer.alloc(3 * kB * kB, 'x');
  await using far = await farSide(async (_, __, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    for (let at = 0; at < body.length; at += 512 * kB) {
      response.write(body.subarray(at, at + 512 * kB));
      await later(1);
    }
    response.end();
  });
  const client = openHttpClient({ allowHosts: [far.pair] });
  clients.push(client);
  const rooms = new AnswerRooms(1 / 16);
  const used: number[] = [];
  const ask = async (workspace: string) => {
    const room = rooms.of(who(workspace));
    const { body: came } = await client.send({
      method: 'GET',
      url: far.url,
      timeoutMs: 60_000,
      room: {
        free: room.free,
        enter: async (wanted) => {
          const entered = await room.enter(wanted);
          used.push(rooms.used);
          return entered;
        },
      },
    });
    return came.length;
  };
  const lengths = await Promise.all(Array.from({ length: 40 }, (_, index) => ask(`${index % 3}`)));
  expect(new Set(lengths)).toEqual(new Set([body.length]));
  expect(Math.max(...used)).toBeLessThanOrEqual((224 * kB * kB) / 16);
  expect(rooms.used).toBe(0);
});

test('an answer that is given up while it waits for room keeps none', async () => {
  await using far = await farSide((_, __, response) => response.end(Buffer.alloc(500 * kB)));
  const client = openHttpClient({ allowHosts: [far.pair] });
  clients.push(client);
  const rooms = new AnswerRooms(1 / 256);
  const held = [];
  for (let n = 0; n < 3; n++)
    held.push(await rooms.of(who('a')).enter({ bytes: 300 * kB, isAll: false, most: kB * kB }));
  const abort = new AbortController();
  const asked = client.send({
    method: 'GET',
    url: far.url,
    timeoutMs: 60_000,
    signal: abort.signal,
    room: rooms.of(who('a')),
  });
  await later(50);
  abort.abort();
  await expect(asked).rejects.toMatchObject({ code: 'http.cancelled' });
  for (const { letGo } of held) letGo();
  await turn();
  expect(rooms.used).toBe(0);
});
