import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import { openQueueRoom } from './queue-room.ts';

test('a workflow may have half of what may wait in a workspace, by events and by bytes, as of the last look and what came since', async () => {
  await using base = await createTestDatabase();
  const database = await base.open({ app: 1, engine: 2 });
  const { sql } = database.engine;
  const put = (workspace: string, workflow: string, count: number, bytes = 1) => sql`
    insert into pending_events (id, workspace_id, workflow, key, lot, kind, run, items, bytes)
    select ${`${workflow} ${bytes} `} || n, ${workspace}, ${workflow}, 'hook', '', 'queue', 'run', '[]', ${bytes} from generate_series(1, ${count}) n`;
  const room = openQueueRoom(sql, { events: 10, bytes: 1_000 });
  const full = (workspace: string, ...workflows: string[]) =>
    workflows.filter((workflow) => room.isFull(workspace, workflow));
  await put('ws_1', 'a', 4);
  await put('ws_2', 'd', 1);
  await room.look();
  expect(full('ws_1', 'a', 'b')).toEqual([]);
  room.add('ws_1', 'a', { events: 1, bytes: 1 });
  expect(full('ws_1', 'a', 'b')).toEqual(['a']);
  // It was started, or somebody else's look says otherwise.
  room.add('ws_1', 'a', { events: -1, bytes: -1 });
  expect(full('ws_1', 'a', 'b')).toEqual([]);
  await put('ws_1', 'b', 3);
  await put('ws_1', 'c', 3);
  await room.look();
  expect(full('ws_1', 'a', 'b', 'c', 'new')).toEqual(['a', 'b', 'c', 'new']);
  expect(full('ws_2', 'd')).toEqual([]);
  await sql`delete from pending_events`;
  await put('ws_1', 'b', 1, 499);
  await room.look();
  expect(full('ws_1', 'b')).toEqual([]);
  room.add('ws_1', 'b', { events: 1, bytes: 1 });
  expect(full('ws_1', 'b', 'c')).toEqual(['b']);
  await database[Symbol.asyncDispose]();
  // A look that fails forgets nothing.
  await expect(room.look()).rejects.toThrow();
  expect(full('ws_1', 'b', 'c')).toEqual(['b']);
});

test('who floods a workflow that waits for turns is told to come again before his body is read; others are let in', async () => {
  await using place = await openPlace({ most: { queueMost: { events: 6, bytes: 1_000_000 } } });
  const workflow = (name: string, settings?: object) =>
    place.publish(
      drawn(
        name,
        {
          hook: { type: 'start.webhook', params: { path: name } },
          then: { type: 'control.wait', params: { for: '1h' } },
        },
        'hook -> then',
        settings,
      ),
    );
  const { id } = await workflow('narrow', { concurrency: 1 });
  await workflow('wide');
  const headers = { 'content-type': 'application/json' };
  const send = (path: string, body: string) => place.hook(`/hooks/main/${path}`, { method: 'POST', headers, body });
  const statuses: number[] = [];
  for (let n = 0; n < 6; n++) statuses.push((await send('narrow', '1')).status);
  // One begins, half of six wait.
  expect(statuses).toEqual([202, 202, 202, 202, 429, 429]);
  const refused = await send('narrow', '{ no JSON');
  expect([refused.status, refused.json.error.code, refused.headers.get('retry-after')]).toEqual([429, 'backlog', '30']);
  expect((await send('wide', '1')).status).toBe(202);
  // What nobody sent, and nobody sends again, is left out.
  const { directory, admission } = place.rooms.triggers;
  const trigger = directory.of('ws_main').find((one) => one.workflow === id)!;
  const published = (await directory.version(trigger))!;
  const fire = { workspace: 'ws_main', published, key: 'hook', kind: 'schedule', items: [{}], source: 'clock' };
  expect(await admission.admit({ ...fire, lane: 'background' })).toMatchObject({ is: 'skipped' });
  const [run] = (await place.call('GET', `/api/v1/runs?workflow=${id}&status=waiting`)).json.items;
  await place.call('POST', `/api/v1/runs/${run.id}/cancel`);
  await expect.poll(async () => (await send('narrow', '1')).status).toBe(202);
});

test('a thousand that wait for a turn of one key keep no other key from its own', async () => {
  await using place = await openPlace();
  const { id } = await place.publish(
    drawn(
      'keyed',
      {
        hook: { type: 'start.webhook', params: { path: 'keyed' } },
        then: { type: 'control.wait', params: { for: '1h' } },
      },
      'hook -> then',
      { concurrency: { max: 1, key: '{{ $json.query.who }}' } },
    ),
  );
  const send = async (who: string) =>
    (await place.hook(`/hooks/main/keyed?who=${who}`, { method: 'POST' })).json.runId as string;
  const status = async (run: string) => (await place.call('GET', `/api/v1/runs/${run}`)).json.status;
  await send('many');
  const waits = await send('many');
  const first = await send('few');
  const { sql } = place.opened.ledger;
  // As if a thousand more had come before the next of the other key.
  await sql`
    insert into pending_events (id, workspace_id, workflow, key, lot, kind, run, items, lots, at)
    select 'evt_' || n, workspace_id, workflow, key, lot, kind, 'run_many_' || n, items, lots, at
    from pending_events, generate_series(1, 1000) n where run = ${waits}`;
  const next = await send('few');
  expect(await status(next)).toBe('queued');
  await place.call('POST', `/api/v1/runs/${first}/cancel`);
  await expect.poll(() => status(next)).toBe('waiting');
  expect([id, await status(waits)]).toEqual([id, 'queued']);
});
