import { expect, test } from 'vitest';
import { BodyRoom } from './body-room.ts';

const MB = 1024 * 1024;
const codeOf = (work: () => void): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};

/** A body of so many megabytes for a workspace of its own, from an address. */
const send = (room: BodyRoom, address: string, size: number, workspace = `ws ${address}`, door = 'hook') => {
  const held = room.enter({ workspace, door, address });
  return { held, refused: codeOf(() => held.grow(size * MB)) };
};

test('one outsider who sends to triggers of several workspaces leaves room for the callers of another', () => {
  const room = new BodyRoom(64 * MB);
  const sent = ['a one', 'a two', 'b one', 'b two'].map((to) => {
    const [workspace, door] = to.split(' ');
    return send(room, '192.0.2.1', 15.97, workspace, door);
  });
  expect(sent.map(({ refused }) => refused)).toEqual([undefined, undefined, undefined, 'too-many']);
  expect(send(room, '198.51.100.1', 16).refused).toBeUndefined();
});

test('a place that has its quarter gets more only while another quarter is left', () => {
  const room = new BodyRoom(64 * MB);
  const [first, second, third] = ['192.0.2.1', '198.51.100.1', '203.0.113.1'];
  expect(send(room, first!, 16).refused).toBeUndefined();
  expect(send(room, second!, 16, 'b').refused).toBeUndefined();
  expect(send(room, second!, 10, 'c').refused).toBeUndefined();
  expect(send(room, second!, 10, 'd').refused).toBe('too-many');
  const last = send(room, third!, 16);
  expect(last.refused).toBeUndefined();
  last.held.letGo();
  expect(send(room, first!, 6, 'e').refused).toBeUndefined();
});

test.each([
  ['a household’s addresses', (n: number) => `2001:db8:1:2::${n}`],
  ['a network of households', (n: number) => `2001:db8:1:${n}::1`],
  ['neighbours', (n: number) => `192.0.2.${n}`],
])('%s have no more than three quarters together', (_, addressOf) => {
  const room = new BodyRoom(64 * MB);
  const refused = [1, 2, 3, 4].map((n) => send(room, addressOf(n), 15.97).refused);
  expect(refused).toEqual([undefined, undefined, undefined, 'too-many']);
  expect(send(room, '2001:db8:2::1', 16).refused).toBeUndefined();
});
