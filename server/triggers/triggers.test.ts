import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, openPlace } from './testing/place.ts';
import { tidyTriggers } from '../inbox/tidy.ts';
import type { TestServer } from './testing/place.ts';

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

/** The runs that have begun. */
const runsOf = async (workflow: string) => {
  const { items } = (await place.call('GET', `/api/v1/runs?workflow=${workflow}&limit=200`)).json;
  const runs = items as { id: string; status: string; trigger: string; start: string }[];
  return runs.filter(({ status }) => status !== 'queued');
};
const rows = (text: string, ...values: string[]) => place.opened.ledger.sql.unsafe(text, values);

test('an interval of a second fires by itself', async () => {
  const { id } = await place.publish(
    drawn('Ticks', { clock: { type: 'start.schedule', params: { rules: [{ every: '1s' }] } } }),
  );
  await expect.poll(async () => (await runsOf(id)).length).toBeGreaterThan(1);
  await place.call('DELETE', `/api/v1/workflows/${id}`);
  const { length } = await runsOf(id);
  expect(await rows('select 1 from triggers where workflow = $1', id)).toEqual([]);
  const fires = await rows('select distinct fire_at from fires where workflow = $1', id);
  expect(fires.length).toBeLessThanOrEqual(length);
});

describe('turns, throttles and gatherings (E29)', () => {
  const limited = (name: string, settings: object, then: object = { type: 'control.wait', params: { for: '1h' } }) =>
    place.publish(
      drawn(
        name,
        { hook: { type: 'start.webhook', params: { path: name } }, then: then as { type: string } },
        'hook -> then',
        settings,
      ),
    );
  const send = (path: string, body: unknown) =>
    place.hook(`/hooks/main/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const live = async (id: string) =>
    (await runsOf(id)).filter(({ status }) => status === 'running' || status === 'waiting');

  test('at most two at once: the others wait their turn, in order, under the ids that they were promised', async () => {
    const { id } = await limited('two', { concurrency: 2 });
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => send('two', { n })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    const promised = new Set(answers.map(({ json }) => json.runId));
    expect(promised.size).toBe(5);
    const states = async () => {
      const found = await Promise.all([...promised].map((run) => place.call('GET', `/api/v1/runs/${run}`)));
      return found.map(({ json }) => json.status).toSorted();
    };
    // Two that begin are running before they wait.
    await expect.poll(states).toEqual(['queued', 'queued', 'queued', 'waiting', 'waiting']);
    expect(await live(id)).toHaveLength(2);
    for (let left = 5; left > 0; left--) {
      const [one] = await live(id);
      await place.call('POST', `/api/v1/runs/${one?.id}/cancel`);
      await expect.poll(async () => (await live(id)).length).toBe(Math.min(2, left - 1));
    }
    expect(new Set((await runsOf(id)).map((run) => run.id))).toEqual(promised);
    expect(await rows('select 1 from events where trigger = $1', `${id}/hook`)).toHaveLength(5);
    expect(await rows('select 1 from pending_events where workflow = $1', id)).toEqual([]);
  });

  test('a run that waits for its turn is a run to whoever asks', async () => {
    const { id } = await limited('asked', { concurrency: 1 });
    const first = (await send('asked', 1)).json.runId;
    const promised = [(await send('asked', 2)).json.runId, (await send('asked', 3)).json.runId];
    const get = async (url: string) => (await place.call('GET', `/api/v1/runs${url}`)).json;
    const ids = async (query: string) =>
      (await get(`?workflow=${id}${query}`)).items.map((run: { id: string }) => run.id);
    expect(await ids('')).toEqual([...promised.toReversed(), first]);
    expect(await ids('&status=queued')).toEqual(promised.toReversed());
    expect(await ids('&q=nothing-like-it')).toEqual([]);
    const page = await get(`?workflow=${id}&limit=2`);
    expect(await ids(`&limit=2&cursor=${page.next}`)).toEqual([first]);
    expect(await get(`/count?workflow=${id}`)).toEqual({
      total: 3,
      isMore: false,
      statuses: { queued: 2, waiting: 1 },
      triggers: { webhook: 3 },
    });
    expect(await get(`/count?workflow=${id}&status=queued`)).toMatchObject({ total: 2, triggers: { webhook: 2 } });
    expect(await get(`/${promised[0]}`)).toMatchObject({ id: promised[0], status: 'queued', trigger: 'webhook' });
    expect([await get(`/${promised[0]}/steps`), await get(`/${promised[0]}/events`)]).toEqual([
      { items: [] },
      { items: [] },
    ]);
    expect(await get(`/${promised[0]}/document`)).toMatchObject({ version: 1, document: { name: 'asked' } });
    const act = async (what: string, body: object) =>
      (await place.call('POST', `/api/v1/runs/${promised[0]}/${what}`, body)).json.error.code;
    expect(await act('retry', {})).toBe('run-running');
    expect(await act('answer', { step: 'then', answer: 'again' })).toBe('answered');
    expect((await place.call('GET', `/api/v1/runs/${promised[0]}`, undefined, 'stranger')).status).toBe(404);
  });

  test('a run that waits for its turn can be cancelled, and is found as that', async () => {
    const { id } = await limited('leaves', { concurrency: 1 });
    await send('leaves', 1);
    const { runId } = (await send('leaves', 2)).json;
    expect((await place.call('POST', `/api/v1/runs/${runId}/cancel`, {}, 'stranger')).status).toBe(404);
    const cancelled = await place.call('POST', `/api/v1/runs/${runId}/cancel`, { reason: 'enough' });
    expect(cancelled.json).toMatchObject({ id: runId, status: 'cancelled', error: { message: 'enough' } });
    expect((await place.call('GET', `/api/v1/runs/${runId}`)).json).toEqual(cancelled.json);
    expect((await place.call('POST', `/api/v1/runs/${runId}/cancel`)).json.error.code).toBe('run-over');
    expect(await rows('select 1 from pending_events where workflow = $1', id)).toEqual([]);
  });

  test.each([
    ['deleted', 'DELETE', ''],
    ['unpublished', 'POST', '/unpublish'],
  ])('what was promised a run of a workflow that is %s ends as cancelled, never lost', async (reason, method, rest) => {
    const { id } = await limited(`gone-${reason}`, { concurrency: 1 });
    const first = (await send(`gone-${reason}`, 1)).json.runId;
    const { runId } = (await send(`gone-${reason}`, 2)).json;
    expect((await place.call(method, `/api/v1/workflows/${id}${rest}`)).status).toBeLessThan(300);
    const states = [first, runId].map(async (run) => (await place.call('GET', `/api/v1/runs/${run}`)).json);
    expect(await Promise.all(states)).toMatchObject([
      reason === 'deleted' ? { status: 'cancelled', error: { message: 'deleted' } } : { status: 'waiting' },
      { status: 'cancelled', error: { code: 'cancelled', message: reason } },
    ]);
    expect((await send(`gone-${reason}`, 3)).status).toBe(404);
    expect(await rows('select 1 from pending_events where workflow = $1', id)).toEqual([]);
  });

  test('one for each customer: a turn is counted by its key', async () => {
    const { id } = await limited('each', { concurrency: { max: 1, key: '{{ $json.body.who }}', over: 'skip' } });
    await send('each', { who: 'ada' });
    await send('each', { who: 'bo' });
    const third = await send('each', { who: 'ada' });
    expect(third.json).toMatchObject({ runId: null, skipped: expect.any(String) });
    expect(await live(id)).toHaveLength(2);
  });

  test('replace: the newest ends the oldest', async () => {
    const { id } = await limited('newest', { concurrency: { max: 1, over: 'replace' } });
    const first = await send('newest', 1);
    const second = await send('newest', 2);
    expect((await live(id)).map((run) => run.id)).toEqual([second.json.runId]);
    expect((await place.call('GET', `/api/v1/runs/${first.json.runId}`)).json).toMatchObject({
      status: 'cancelled',
      error: { message: 'replaced' },
    });
  });

  test('a throttle lets so many start in a period, the others later', async () => {
    const { id } = await limited('slowly', { throttle: { limit: 2, per: '2s' } }, { type: 'control.no-op' });
    await Promise.all([1, 2, 3].map((n) => send('slowly', n)));
    expect(await runsOf(id)).toHaveLength(2);
    await expect.poll(async () => (await runsOf(id)).length).toBe(3);
  });

  test('keys that differ at their end are two, however long they are', async () => {
    const { id } = await limited('long', { concurrency: { max: 1, key: '{{ $json.body }}' } });
    for (const end of ['one', 'two', 'one']) await send('long', `${'x'.repeat(1_000)}${end}`);
    await expect.poll(async () => (await live(id)).length).toBe(2);
    expect(await rows('select 1 from pending_events where workflow = $1', id)).toHaveLength(1);
  });

  test.each(['concurrency', 'throttle', 'debounce', 'batch'] as const)(
    'a call whose key of %s cannot be worked out is refused, and counts with no other',
    async (setting) => {
      const key = '{{ $json.body.text.repeat(20) }}';
      const settings = {
        concurrency: { max: 1, key },
        throttle: { limit: 1, per: '1h', key },
        debounce: { wait: '1h', key },
        batch: { size: 2, within: '1h', key },
      };
      const { id } = await limited(`keyless-${setting}`, { [setting]: settings[setting] });
      const refused = await send(`keyless-${setting}`, { text: 'a'.repeat(1_000_000) });
      expect([refused.status, refused.json.error.code]).toEqual([422, 'key-failed']);
      expect(refused.json.error.message).toContain(`${setting}.key`);
      expect(await runsOf(id)).toEqual([]);
      expect(await rows('select 1 from events where trigger = $1', `${id}/hook`)).toEqual([]);
      expect(await rows('select 1 from pending_events where workflow = $1', id)).toEqual([]);
      // What is not there is the lot of all that say nothing, as ever.
      expect((await send(`keyless-${setting}`, { other: 1 })).status).toBe(202);
    },
  );

  test('debounce: of a burst one run, with the last', async () => {
    const { id } = await limited('calm', { debounce: { wait: '700ms' } }, { type: 'control.no-op' });
    const ids = new Set<string>();
    for (const n of [1, 2, 3]) ids.add((await send('calm', n)).json.runId);
    expect(ids.size).toBe(1);
    const { json } = await expect
      .poll(async () => (await runsOf(id)).length)
      .toBe(1)
      .then(() => place.over([...ids][0] ?? ''));
    expect(json.output).toMatchObject([{ body: 3 }]);
    expect(await rows('select 1 from events where trigger = $1', `${id}/hook`)).toHaveLength(3);
  });

  test('a batch goes when it is full, or when its time has come', async () => {
    const { id } = await limited('lots', { batch: { size: 3, within: '1s' } }, { type: 'control.no-op' });
    const full = [await send('lots', 1), await send('lots', 2), await send('lots', 3)];
    expect((await place.over(full[0]?.json.runId)).json.output).toMatchObject([{ body: 1 }, { body: 2 }, { body: 3 }]);
    const late = await send('lots', 4);
    await expect.poll(async () => (await runsOf(id)).length).toBe(2);
    expect((await place.over(late.json.runId)).json.output).toMatchObject([{ body: 4 }]);
  });

  test('a batch goes when a megabyte is gathered, whatever its size says: each that comes is put to all of it', async () => {
    const { id } = await limited('heavy', { batch: { size: 1_000_000, within: '1h' } }, { type: 'control.no-op' });
    const ids = new Set<string>();
    for (let n = 0; n < 3; n++) ids.add((await send('heavy', 'x'.repeat(400_000))).json.runId);
    expect(ids.size).toBe(1);
    await place.over([...ids][0] ?? '');
    expect(await rows('select 1 from pending_events where workflow = $1', id)).toEqual([]);
    await send('heavy', 'again');
    expect(await rows('select 1 from pending_events where workflow = $1', id)).toHaveLength(1);
  });

  test('the same delivery is taken in once, also when it must wait', async () => {
    const { id } = await limited('waits', { concurrency: 1 });
    await send('waits', 0);
    const again = () =>
      place
        .hook('/hooks/main/waits', { method: 'POST', headers: { 'idempotency-key': 'k' } })
        .then(({ json }) => json.runId);
    expect(new Set([await again(), await again(), await again()]).size).toBe(1);
    expect(await rows('select 1 from pending_events where workflow = $1', id)).toHaveLength(1);
  });
});

describe('when another run fails', () => {
  const stop = { type: 'control.stop', params: { as: 'error', message: 'no stock' } };

  test('who is named, and who watches all, starts once each; what they began sets nothing off (E30)', async () => {
    const named = await place.publish(drawn('Alarm', { heard: { type: 'start.failed' }, stop }, 'heard -> stop'));
    const all = await place.publish(
      drawn(
        'Watch',
        { heard: { type: 'start.failed', params: { watch: 'all' } }, end: { type: 'control.no-op' } },
        'heard -> end',
      ),
    );
    const failing = await place.publish(
      drawn('Fails', { go: { type: 'start.manual' }, stop }, 'go -> stop', { errorWorkflow: 'Alarm' }),
    );
    const { runId } = (await place.call('POST', `/api/v1/workflows/${failing.id}/runs`, { wait: 10 })).json;
    await expect.poll(async () => [(await runsOf(named.id)).length, (await runsOf(all.id)).length]).toEqual([1, 1]);
    const heard = await place.over((await runsOf(all.id))[0]?.id ?? '');
    expect(heard.json.output).toEqual([
      {
        workflow: { id: failing.id, name: 'Fails' },
        run: { id: runId, trigger: 'manual' },
        error: { code: 'stop.author', message: expect.stringContaining('no stock'), node: 'stop' },
      },
    ]);
    // The alarm itself failed: nobody hears of that.
    expect((await place.over((await runsOf(named.id))[0]?.id ?? '')).json.status).toBe('failed');
    await place.rooms.triggers.sweep();
    expect([(await runsOf(named.id)).length, (await runsOf(all.id)).length]).toEqual([1, 1]);
    await place.call('DELETE', `/api/v1/workflows/${all.id}`);
  });

  test('what nobody waits for is kept as a failed run when its key cannot be worked out', async () => {
    const watcher = await place.publish(
      drawn('Keyless watcher', { heard: { type: 'start.failed' }, end: { type: 'control.no-op' } }, 'heard -> end', {
        concurrency: { max: 1, key: '{{ $json.error.code.repeat(9000000) }}' },
      }),
    );
    const failing = await place.publish(
      drawn('Fails too', { go: { type: 'start.manual' }, stop }, 'go -> stop', { errorWorkflow: 'Keyless watcher' }),
    );
    await place.call('POST', `/api/v1/workflows/${failing.id}/runs`, { wait: 10 });
    await expect.poll(async () => (await runsOf(watcher.id)).length).toBe(1);
    const { json } = await place.over((await runsOf(watcher.id))[0]?.id ?? '');
    expect(json).toMatchObject({ status: 'failed', error: { code: 'key.failed' } });
    await place.rooms.triggers.sweep();
    expect(await runsOf(watcher.id)).toHaveLength(1);
    await place.call('DELETE', `/api/v1/workflows/${watcher.id}`);
  });

  test('a workflow that is its own error workflow, and one whose error workflow calls it, fail once and no more', async () => {
    const own = await place.publish(
      drawn(
        'Own alarm',
        { go: { type: 'start.manual' }, heard: { type: 'start.failed' }, stop },
        'go -> stop\nheard -> stop',
        {
          errorWorkflow: 'Own alarm',
        },
      ),
    );
    const calling = await place.publish(
      drawn(
        'Calls it again',
        { heard: { type: 'start.failed' }, again: { type: 'control.call', params: { workflow: 'Called again' } } },
        'heard -> again',
      ),
    );
    const failing = await place.publish(
      drawn('Called again', { go: { type: 'start.manual' }, stop }, 'go -> stop', { errorWorkflow: 'Calls it again' }),
    );
    for (const { id } of [own, failing]) await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 10 });
    await expect.poll(async () => (await runsOf(calling.id)).length).toBe(1);
    expect((await place.over((await runsOf(calling.id))[0]?.id ?? '')).json.status).toBe('failed');
    await place.rooms.triggers.sweep();
    const counts = await rows(
      'select workflow, count(*)::int as runs from runs where workflow in ($1, $2, $3) group by workflow',
      own.id,
      calling.id,
      failing.id,
    );
    // The run by hand and the one that was called; a child's failure is its parent's to tell of.
    expect(new Map(counts.map((row) => [row['workflow'], row['runs']]))).toEqual(
      new Map([
        [own.id, 1],
        [calling.id, 1],
        [failing.id, 2],
      ]),
    );
  });
});

describe('forms', () => {
  const form = (params: object = {}) => ({
    type: 'start.form',
    params: {
      path: 'contact',
      title: 'Write to <us>',
      description: '<img src=x onerror=alert(1)>',
      fields: [
        { name: 'name', required: true, label: '"><script>alert(1)</script>' },
        { name: 'topic', kind: 'dropdown', options: ['Sales', 'Help'] },
        { name: 'note', kind: 'html', value: '<script>alert(2)</script>' },
      ],
      ...params,
    },
  });
  const send = (body: Record<string, string>, path = 'contact') =>
    place.hook(`/forms/main/${path}`, { method: 'POST', body: new URLSearchParams(body) });

  test('is a page without scripts, whatever people wrote; sending it in starts a run', async () => {
    const { id, triggers } = await place.publish(drawn('Contact', { form: form() }));
    expect(triggers[0]?.url).toMatch(/\/forms\/main\/contact$/);
    const page = await place.hook('/forms/main/contact');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(page.text).toContain('&#60;us&#62;');
    const wrong = await send({ name: '"><script>', topic: 'Help' });
    expect(wrong.status).toBe(200);
    const missing = await send({ name: '', topic: '<script>alert(3)</script>' });
    expect([missing.status, missing.text.includes('Fill this in.')]).toEqual([422, true]);
    expect(missing.text).not.toContain('<script');
    const [run] = await runsOf(id);
    expect((await place.over(run?.id ?? '')).json).toMatchObject({
      trigger: 'form',
      output: [{ name: '"><script>', topic: 'Help' }],
    });
    expect((await place.hook('/forms/main/contact', { method: 'PUT' })).status).toBe(405);
    expect((await place.hook('/forms/main/contact', { method: 'POST', body: '{}' })).status).toBe(415);
    expect((await place.hook('/forms/main/other')).status).toBe(404);
  });

  test('shows what the workflow gave', async () => {
    const set = { type: 'data.set', params: { json: { hello: '{{ $json.name }}' } } };
    await place.publish(drawn('Shown', { form: form({ path: 'shown', reply: 'last' }), set }, 'form -> set'));
    const shown = await send({ name: '<b>Ada</b>' }, 'shown');
    expect(shown.text).toContain('&#60;b&#62;Ada&#60;/b&#62;');
  });
});

test('what ran out is forgotten, what still counts is kept', async () => {
  await rows(`insert into dedupe_keys (workspace_id, trigger, key, run, until) values
    ('ws_main', 't', 'old', 'r', now() - interval '1 s'), ('ws_main', 't', 'new', 'r', now() + interval '1 h')`);
  await rows(`insert into fires (workspace_id, workflow, key, fire_at, outcome, at) values
    ('ws_main', 'tidy', 'k', '2020-01-01', 'started', now() - interval '91 days'), ('ws_main', 'tidy', 'k', '2020-01-02', 'started', now())`);
  await rows(`insert into turns (workspace_id, workflow, lot, kind, run, at) values
    ('ws_main', 'tidy', 'l', 'throttle', 'r1', now() - interval '32 days'), ('ws_main', 'tidy', 'l', 'throttle', 'r2', now())`);
  await tidyTriggers(place.opened.ledger.sql);
  const left = async (text: string) => (await rows(text)).map((row) => row['one']);
  expect(await left(`select key as one from dedupe_keys where trigger = 't'`)).toEqual(['new']);
  expect(await left(`select extract(day from fire_at)::int as one from fires where workflow = 'tidy'`)).toEqual([2]);
  expect(await left(`select run as one from turns where workflow = 'tidy'`)).toEqual(['r2']);
});

test('what ran out goes as a whole, however much of it there is: a sender filled it faster than it went', async () => {
  await rows(`insert into dedupe_keys (workspace_id, trigger, key, run, until)
    select 'ws_main', 'flood', n::text, 'r', now() - interval '1 s' from generate_series(1, 12000) n`);
  await tidyTriggers(place.opened.ledger.sql);
  expect(await rows(`select count(*)::int as one from dedupe_keys where trigger = 'flood'`)).toEqual([{ one: 0 }]);
});

test('a call that came before leaves nothing of itself: its values were kept for days', async () => {
  const path = 'large-repeats';
  await place.publish(
    drawn(path, {
      hook: { type: 'start.webhook', params: { path, reply: 'now', dedupeKey: '{{ $json.headers["x-id"] }}' } },
    }),
  );
  const send = (text: string) => {
    const form = new FormData();
    form.append('text', text.repeat(100_000));
    form.append('file', new File([text.repeat(1_000)], 'a.txt'));
    return place.hook(`/hooks/main/${path}`, { method: 'POST', headers: { 'x-id': 'one' }, body: form });
  };
  const first = await send('a');
  await place.over(first.json.runId);
  const kept = async () => rows(`select run, hash from blob_refs order by run, hash`);
  const before = await kept();
  expect(before.some(({ run }) => run === first.json.runId)).toBe(true);
  for (const text of ['b', 'c']) expect((await send(text)).json.runId).toBe(first.json.runId);
  await expect.poll(kept, { timeout: 20_000 }).toEqual(before);
});
