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
