import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Outcomes } from '../engine/outcomes.ts';
import { until } from '../engine/testing/test-engine.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
beforeAll(async () => {
  place = await openPlace();
  await publish(
    'waits',
    { wait: { type: 'control.wait', params: { called: true } } },
    'hook -> wait\nwait.out -> reply',
  );
  await publish('answers', {}, 'hook -> reply');
});
afterAll(() => place[Symbol.asyncDispose]());

/** A webhook whose callers wait for five minutes. */
const publish = (path: string, nodes: Parameters<typeof drawn>[1], edges: string) =>
  place.publish(
    drawn(
      path,
      {
        hook: { type: 'start.webhook', params: { path, reply: 'respond' } },
        ...nodes,
        reply: { type: 'control.respond', params: { with: 'json', value: { ok: true } } },
      },
      edges,
      { replyWithin: '300s' },
    ),
  );

const json = { 'content-type': 'application/json' };
const post = (path: string, headers: Record<string, string> = {}) =>
  place.hook(`/hooks/main/${path}`, { method: 'POST', headers: { ...json, ...headers }, body: '{"n":1}' });

/** Callers as they wait: what each waits for, and how often runs were read whole. */
function watched() {
  const of = vi.spyOn(Outcomes.prototype, 'of');
  const read = vi.spyOn(place.opened.ledger, 'read');
  return {
    waits: () => of.mock.results.map(({ value }) => value as Promise<unknown>),
    reads: () => {
      const runs = new Set(of.mock.calls.map(([{ run }]) => run));
      return read.mock.calls.filter(([run]) => runs.has(run)).length;
    },
    [Symbol.dispose]: () => {
      of.mockRestore();
      read.mockRestore();
    },
  };
}

test('callers who left are waited for no longer, and what they started was not read for them: each was looked after for five minutes', async () => {
  using seen = watched();
  const body = JSON.stringify({ text: 'x'.repeat(100_000) });
  const sent = Array.from({ length: 12 }, () => {
    const call = request(`${place.url}/hooks/main/waits`, { method: 'POST', headers: json });
    call.on('error', () => undefined);
    call.end(body);
    return call;
  });
  await until('all of them wait', () => seen.waits().length === 12);
  for (const call of sent) call.destroy();
  expect(new Set(await Promise.all(seen.waits()))).toEqual(new Set([undefined]));
  expect(seen.reads()).toBe(0);
});

test('so are those behind another on one connection', async () => {
  using seen = watched();
  const call = `POST /hooks/main/waits HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;
  const socket = connect(Number(new URL(place.url).port), '127.0.0.1', () => socket.write(call.repeat(3)));
  await until('all of them wait', () => seen.waits().length === 3);
  socket.destroy();
  expect(await Promise.all(seen.waits())).toEqual([undefined, undefined, undefined]);
});

test('a call that was sent again is told the recorded answer, of which alone is read: each replayed the whole run', async () => {
  const key = { 'idempotency-key': 'once' };
  const first = await post('answers', key);
  expect([first.status, first.json]).toEqual([200, { ok: true }]);
  using seen = watched();
  const again = await Promise.all(Array.from({ length: 8 }, () => post('answers', key)));
  const run = first.headers.get('heddle-run-id');
  expect(again.map(({ status, json: said, headers }) => [status, said, headers.get('heddle-run-id')])).toEqual(
    again.map(() => [200, { ok: true }, run]),
  );
  expect([seen.waits().length, seen.reads()]).toEqual([8, 0]);
});
