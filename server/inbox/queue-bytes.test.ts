import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { openTcpProxy } from '../engine/testing/tcp-proxy.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';

const queued = 59;
const bodyBytes = 900_000;
const megabyte = 1_000_000;

test(
  'nothing reads what came with 59 runs of 0.9 MB that wait: beside 199, lists and counts took 4 s and 700 MB',
  { timeout: 300_000 },
  async () => {
    await using base = await createTestDatabase();
    await using proxy = await openTcpProxy(base.url);
    await using place = await openPlace({ databaseUrl: proxy.url });
    const nodes = {
      hook: { type: 'start.webhook', params: { path: 'big' } },
      then: { type: 'control.wait', params: { for: '1h' } },
    };
    const settings = { concurrency: { max: 1, key: '{{ $json.query.who }}' } };
    const { id } = await place.publish(drawn('big', nodes, 'hook -> then', settings));
    const send = async () => {
      const body = JSON.stringify({ text: randomBytes((bodyBytes * 3) / 4).toString('base64') });
      const headers = { 'content-type': 'application/json' };
      return (await place.hook('/hooks/main/big?who=one', { method: 'POST', headers, body })).json.runId as string;
    };
    const first = await send();
    const runs: string[] = [];
    for (let n = 0; n < queued; n++) runs.push(await send());
    // Once each: as an event and as what waits it was two, and a third when it began.
    const stored = async () => {
      const { sql } = place.opened.ledger;
      const [row] = await sql`
        select (select sum(octet_length(data::text)) from events)::int as events,
          (select sum(octet_length(items::text)) from pending_events)::int as waiting,
          (select count(*) from blobs)::int as blobs`;
      return row;
    };
    const once = await stored();
    expect(once?.['events']).toBeLessThan(megabyte);
    expect(once?.['waiting']).toBeLessThan(megabyte);
    expect(once?.['blobs']).toBe(queued + 1);

    const read = async (work: () => Promise<unknown>) => {
      const from = proxy.bytesRead();
      await work();
      return proxy.bytesRead() - from;
    };
    const get = (url: string) => async () => {
      const { status } = await place.call('GET', `/api/v1${url}`);
      expect(status).toBe(200);
    };
    const latest = runs.at(-1)!;
    const reads: Record<string, () => Promise<unknown>> = {
      count: get('/runs/count'),
      list: get('/runs?limit=200'),
      'list of what waits': get(`/runs?workflow=${id}&status=queued&limit=200`),
      one: get(`/runs/${latest}`),
      'its steps': get(`/runs/${latest}/steps`),
      'its facts': get(`/runs/${latest}/facts`),
      workflows: get('/workflows'),
      'a tick': () => place.rooms.triggers.admission.tick(),
      'a cancel': async () => expect((await place.call('POST', `/api/v1/runs/${latest}/cancel`)).status).toBe(200),
      // The next begins, so one body is read, and no more.
      'the end of the one under way': async () => {
        await place.call('POST', `/api/v1/runs/${first}/cancel`);
        const begun = async () => (await place.call('GET', '/api/v1/runs?status=waiting')).json.items;
        await expect.poll(begun).toMatchObject([{ id: runs[0] }]);
      },
      unpublish: async () => {
        expect((await place.call('POST', `/api/v1/workflows/${id}/unpublish`)).status).toBe(200);
        expect((await place.call('GET', '/api/v1/runs/count')).json.statuses).toEqual({
          cancelled: queued,
          waiting: 1,
        });
      },
    };
    for (const [name, work] of Object.entries(reads)) {
      const most = name.startsWith('the end') ? 4 * megabyte : megabyte;
      expect(await read(work), name).toBeLessThan(most);
    }
    expect((await stored())?.['blobs']).toBe(queued + 1);
    // What came is still there for whoever looks at it.
    const steps = await place.call('GET', `/api/v1/runs/${runs[50]}/events?full=1`);
    expect(steps.json.items[0].data.input.items[0].body.text).toHaveLength(bodyBytes);
  },
);
