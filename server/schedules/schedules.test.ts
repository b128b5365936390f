import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Turns } from '../text/turns.ts';
import { fireDue, mendSchedules, Watch } from './schedule.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

/** A process that fires nothing by itself: time is the tests' own. */
let place: TestServer;
beforeAll(async () => void (place = await openPlace({ role: 'web' })));
afterAll(() => place[Symbol.asyncDispose]());

/** The runs that have begun. */
const runsOf = async (workflow: string) => {
  const { items } = (await place.call('GET', `/api/v1/runs?workflow=${workflow}&limit=200`)).json;
  const runs = items as { id: string; status: string; trigger: string; start: string }[];
  return runs.filter(({ status }) => status !== 'queued');
};
const rows = (text: string, ...values: string[]) => place.opened.ledger.sql.unsafe(text, values);

describe('schedules', () => {
  const nightly = (name: string, params: object) =>
    drawn(
      name,
      {
        clock: {
          type: 'start.schedule',
          params: { rules: [{ unit: 'days', hour: 3 }], timezone: 'Europe/Berlin', ...params },
        },
        wait: { type: 'control.wait', params: { for: '1h' } },
      },
      'clock -> wait',
    );
  const firing = (now: string) => ({
    sql: place.opened.ledger.sql,
    engine: place.opened.engine,
    directory: place.rooms.triggers.directory,
    admission: place.rooms.triggers.admission,
    onBroken: (error: unknown) => {
      throw error;
    },
    now: () => Date.parse(now),
  });
  /** As it would be if the process had been away since then. */
  const since = (id: string, at: string) =>
    rows('update triggers set next_fire = $1::timestamptz where workflow = $2', at, id);
  const fires = (id: string) =>
    rows(
      'select to_char(fire_at at time zone $2, $3) as at, outcome from fires where workflow = $1 order by fire_at',
      id,
      'utc',
      'MM-DD HH24:MI',
    );

  test('publishing says when it fires next; a fire is one run, however many look for it at once', async () => {
    const { id, triggers } = await place.publish(nightly('Nightly', { missed: 'all' }));
    expect(triggers).toEqual([
      { key: 'clock', type: 'start.schedule', nextFire: expect.stringMatching(/T0[12]:00:00/) },
    ]);
    await since(id, '2026-01-10T02:00:00Z');
    await Promise.all(Array.from({ length: 6 }, () => fireDue(firing('2026-01-10T02:00:05Z'))));
    expect(await runsOf(id)).toMatchObject([{ trigger: 'schedule', start: 'clock' }]);
    expect(await fires(id)).toEqual([{ at: '01-10 02:00', outcome: 'started' }]);
    const [item] = (await place.call('GET', `/api/v1/runs/${(await runsOf(id))[0]?.id}/steps`)).json.items;
    expect(item.output.out).toEqual([
      { scheduledFor: '2026-01-10T02:00:00.000Z', firedAt: '2026-01-10T02:00:05.000Z', timezone: 'Europe/Berlin' },
    ]);
    // The clock goes back over it, and the trigger is set as if it had not been: it is not fired again.
    await since(id, '2026-01-10T02:00:00Z');
    await fireDue(firing('2026-01-10T02:00:09Z'));
    expect(await runsOf(id)).toHaveLength(1);
  });

  test('a fire whose process died between its run and its row is the same run when it is found again', async () => {
    const { id } = await place.publish(nightly('Died', {}));
    await since(id, '2026-01-10T02:00:00Z');
    await fireDue(firing('2026-01-10T02:00:05Z'));
    await rows('delete from fires where workflow = $1', id);
    await since(id, '2026-01-10T02:00:00Z');
    await fireDue(firing('2026-01-10T02:00:08Z'));
    expect(await runsOf(id)).toHaveLength(1);
    expect(await fires(id)).toHaveLength(1);
  });

  test('a fire whose key cannot be worked out is a run that failed by it, and can be seen', async () => {
    const key = '{{ $json.scheduledFor.repeat(2000000) }}';
    const document = { ...nightly('Keyless', {}), settings: { concurrency: { max: 1, key } } };
    const { id } = await place.publish(document);
    await since(id, '2026-01-10T02:00:00Z');
    await fireDue(firing('2026-01-10T02:00:05Z'));
    expect(await fires(id)).toEqual([{ at: '01-10 02:00', outcome: 'started' }]);
    const [run] = await runsOf(id);
    const { json } = await place.over(run?.id ?? '');
    expect(json).toMatchObject({ status: 'failed', trigger: 'schedule', error: { code: 'key.failed' } });
    expect(json.error.message).toContain('concurrency.key');
    await since(id, '2026-01-10T02:00:00Z');
    await fireDue(firing('2026-01-10T02:00:09Z'));
    expect(await runsOf(id)).toHaveLength(1);
  });

  test.each([
    ['skip', 0],
    ['once', 1],
    ['all', 3],
  ])('three nights away: %s starts %d', async (missed, count) => {
    const { id } = await place.publish(nightly(`Away ${missed}`, { missed }));
    await since(id, '2026-01-08T02:00:00Z');
    await fireDue(firing('2026-01-10T12:00:00Z'));
    expect(await runsOf(id)).toHaveLength(count);
    const [next] = await rows('select next_fire::text as at from triggers where workflow = $1', id);
    expect(next?.['at']).toContain('2026-01-11 02:00:00');
  });

  test('many nights away: those that are made up for are made in turns, and all at one beat', async () => {
    const { id } = await place.publish(nightly('Long away', { missed: 'all' }));
    await since(id, '2026-01-10T02:00:00Z');
    await fireDue(firing('2026-01-23T12:00:00Z'));
    expect(await fires(id)).toHaveLength(14);
    await place.call('DELETE', `/api/v1/workflows/${id}`);
  });

  test('however many are due in one workspace, the one of another comes next, and all are fired at one beat', async () => {
    const params = JSON.stringify({ rules: [{ every: '1s' }], zone: 'UTC', missed: 'once', overlap: 'allow' });
    await rows(
      `insert into triggers (workspace_id, workflow, key, version, kind, params, next_fire)
        select 'ws_many', 'workflow_many', 's' || n, 1, 'schedule', $1::text::json, '2026-01-10T01:00:00Z'::timestamptz + n * interval '1 ms'
        from generate_series(1, 120) n union all
        select 'ws_one', 'workflow_one', 's', 1, 'schedule', $1::text::json, '2026-01-10T01:00:02Z'::timestamptz`,
      params,
    );
    await fireDue(firing('2026-01-10T01:00:04Z'));
    const order = await rows(`select distinct on (workflow, key) workspace_id as workspace, at from fires
      where workflow in ('workflow_many', 'workflow_one')`);
    expect(order).toHaveLength(121);
    const inOrder = order.toSorted((one, two) => String(one['at']).localeCompare(String(two['at'])));
    expect(inOrder.findIndex(({ workspace }) => workspace === 'ws_one')).toBe(1);
    await rows(`delete from triggers where workflow in ('workflow_many', 'workflow_one')`);
  });

  test('what waited for its turn here was not missed, however late it is; what was due while nobody looked was', async () => {
    const { id } = await place.publish(nightly('Behind', { missed: 'skip' }));
    const night = (day: number, time: string) => Date.parse(`2026-01-${day}T${time}Z`);
    const watch = new Watch();
    watch.begin(night(10, '01:59:50'));
    watch.end(night(10, '02:00:40'));
    await since(id, '2026-01-10T02:00:00Z');
    await fireDue(firing('2026-01-10T02:00:41Z'), watch);
    expect(await runsOf(id)).toHaveLength(1);
    await since(id, '2026-01-11T02:00:00Z');
    await fireDue(firing('2026-01-11T02:00:41Z'), watch);
    expect(await runsOf(id)).toHaveLength(1);
    await place.call('DELETE', `/api/v1/workflows/${id}`);
  });

  test('a fire while the last run is under way is skipped, or waits for it', async () => {
    const skip = await place.publish(nightly('Skips', { overlap: 'skip', missed: 'all' }));
    const queue = await place.publish(nightly('Queues', { overlap: 'queue', missed: 'all' }));
    for (const { id } of [skip, queue]) await since(id, '2026-01-08T02:00:00Z');
    await fireDue(firing('2026-01-10T12:00:00Z'));
    expect(await runsOf(skip.id)).toHaveLength(1);
    expect((await fires(skip.id)).map((fire) => fire['outcome'])).toEqual(['started', 'skipped', 'skipped']);
    for (let n = 1; n <= 3; n++) {
      const all = await runsOf(queue.id);
      expect(all).toHaveLength(n);
      await place.call('POST', `/api/v1/runs/${all[0]?.id}/cancel`);
      if (n < 3) await expect.poll(async () => (await runsOf(queue.id)).length).toBe(n + 1);
    }
  });

  test('a moment that a wrong clock put far away is brought back', async () => {
    const { id } = await place.publish(nightly('Far', {}));
    await since(id, '2031-01-01T02:00:00Z');
    using turns = vi.spyOn(Turns.prototype, 'taken');
    await mendSchedules(firing('2026-06-01T12:00:00Z'));
    // The schedules of all workspaces: others have their turn between two of them.
    expect(turns).toHaveBeenCalled();
    const [next] = await rows('select next_fire::text as at from triggers where workflow = $1', id);
    expect(next?.['at']).toContain('2026-06-02 01:00:00');
    await place.call('DELETE', `/api/v1/workflows/${id}`);
  });
});
