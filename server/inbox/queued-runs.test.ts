import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';

test('lists and counts do not read what came with runs that wait for their turn: they go on where nobody may read it', async () => {
  await using base = await createTestDatabase();
  await using place = await openPlace({ databaseUrl: base.url });
  const owner = postgres(base.url, { max: 1 });
  try {
    const nodes = {
      hook: { type: 'start.webhook', params: { path: 'one' } },
      then: { type: 'control.wait', params: { for: '1h' } },
    };
    const { id } = await place.publish(drawn('one', nodes, 'hook -> then', { concurrency: 1 }));
    const send = async () => (await place.hook('/hooks/main/one', { method: 'POST' })).json.runId;
    await send();
    const run = await send();
    await owner`revoke select on pending_events from public, heddle_app, heddle_engine`;
    await owner`grant select (id, workspace_id, workflow, key, lot, kind, run, due, at) on pending_events to heddle_app`;
    const get = (url: string) => place.call('GET', `/api/v1/runs${url}`);
    const [all, asked, count, one] = await Promise.all(
      [`?workflow=${id}`, `?workflow=${id}&status=queued&q=one`, `/count?workflow=${id}`, `/${run}`].map(get),
    );
    expect(all?.json.items.map((each: { id: string }) => each.id)).toContain(run);
    expect(asked?.json.items).toMatchObject([{ id: run, status: 'queued' }]);
    expect(count?.json.statuses).toMatchObject({ queued: 1 });
    expect(one?.json).toMatchObject({ id: run, status: 'queued' });
    // It does hold: to cancel a run is to write the one that was promised, with what came.
    const cancel = async () => (await place.call('POST', `/api/v1/runs/${run}/cancel`)).status;
    expect(await cancel()).toBe(500);
    await owner`grant select on pending_events to heddle_app`;
    expect(await cancel()).toBe(200);
  } finally {
    await owner.end();
  }
});

test('what waits is ended with what came, although a tick sees first that it is published no longer: it forgot it', async () => {
  await using place = await openPlace();
  const { sql } = place.opened.ledger;
  const nodes = {
    hook: { type: 'start.webhook', params: { path: 'gone' } },
    then: { type: 'control.wait', params: { for: '1h' } },
  };
  const { id } = await place.publish(drawn('gone', nodes, 'hook -> then', { concurrency: 1 }));
  const headers = { 'content-type': 'application/json' };
  const send = async () =>
    (await place.hook('/hooks/main/gone', { method: 'POST', headers, body: '{"n":7}' })).json.runId;
  await send();
  const run = await send();
  await sql`delete from triggers where workflow = ${id}`;
  await place.rooms.triggers.directory.read('ws_main');
  await place.rooms.triggers.admission.tick();
  expect((await place.call('POST', `/api/v1/workflows/${id}/unpublish`)).status).toBe(200);
  expect(await sql`select 1 from pending_events where workflow = ${id}`).toEqual([]);
  const { json } = await place.call('GET', `/api/v1/runs/${run}/events`);
  expect(json.items[0].data.input.items).toMatchObject([{ body: { n: 7 } }]);
  expect((await place.call('GET', `/api/v1/runs/${run}`)).json.status).toBe('cancelled');
});

test('what waited before lots were kept begins in its own lot: by its key, and not in that of events without one', async () => {
  await using place = await openPlace();
  const { sql } = place.opened.ledger;
  const nodes = {
    hook: { type: 'start.webhook', params: { path: 'old' } },
    then: { type: 'control.wait', params: { for: '1h' } },
  };
  const who = '{{ $json.query.who }}';
  const settings = { concurrency: { max: 1, key: who }, throttle: { limit: 3, per: '1h', key: who } };
  await place.publish(drawn('old', nodes, 'hook -> then', settings));
  const send = async (name: string) => (await place.hook(`/hooks/main/old?who=${name}`, { method: 'POST' })).json.runId;
  const statusOf = async (run: string) => (await place.call('GET', `/api/v1/runs/${run}`)).json.status;
  const [annasFirst] = [await send('anna'), await send('bert')];
  const [annas, berts] = [await send('anna'), await send('bert')];
  await sql`update pending_events set lots = null`;
  const [throttled] = await sql`select id from pending_events where run = ${annas}`;
  await sql`update pending_events set kind = 'throttle', lot = 'throttle anna', due = now() where id = ${throttled?.['id']}`;
  await place.call('POST', `/api/v1/runs/${annasFirst}/cancel`);
  await place.rooms.triggers.admission.tick();
  await expect.poll(() => statusOf(annas)).toBe('waiting');
  expect(await statusOf(berts)).toBe('queued');
  const counted = await sql`select kind, lot from turns where run = ${annas} order by kind`;
  expect(counted).toEqual([
    { kind: 'throttle', lot: 'throttle anna' },
    { kind: 'turn', lot: 'concurrency anna' },
  ]);
});
