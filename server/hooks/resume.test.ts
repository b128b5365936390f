import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { until } from '../engine/testing/test-engine.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

/** A start, a node that shows the link of the wait after it, the wait, and what came. */
const asking = (name: string, wait: object = {}) =>
  drawn(
    name,
    {
      go: { type: 'start.manual' },
      shown: {
        type: 'data.set',
        params: { fields: [{ name: 'link', type: 'string', value: '{{ $step.resumeUrl }}' }], keep: 'all' },
      },
      wait: { type: 'control.wait', params: { called: true, ...wait } },
      came: { type: 'control.no-op' },
      late: { type: 'control.no-op' },
    },
    'go -> shown\nshown -> wait\nwait.out -> came\nwait.timeout -> late',
  );

const start = async (at: TestServer, document: object, input: unknown = [{ id: 1 }]) => {
  const { id } = await at.publish(document);
  const started = await at.call('POST', `/api/v1/workflows/${id}/runs`, { input });
  return String(started.json.runId);
};

interface Step {
  readonly key: string;
  readonly path: string;
  readonly status: string;
  readonly output: Record<string, Record<string, unknown>[]>;
}
const stepsOf = async (at: TestServer, run: string): Promise<Step[]> =>
  (await at.call('GET', `/api/v1/runs/${run}/steps`)).json.items;

/** The path of the link that the run showed; the server's own address is not that of the test. */
async function linkOf(at: TestServer, run: string, key = 'shown'): Promise<string> {
  let link = '';
  await until(`${run} shows its link and waits`, async () => {
    const steps = await stepsOf(at, run);
    link = String(
      steps.find((step) => step.key === key && step.output['out']?.length)?.output['out']?.[0]?.['link'] ?? '',
    );
    return link !== '' && (await at.call('GET', `/api/v1/runs/${run}`)).json.status === 'waiting';
  });
  return new URL(link).pathname;
}

const post = (at: TestServer, url: string, body: unknown = { ok: true }) =>
  at.hook(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('a POST to the link goes on with what it brought, once', async () => {
  const run = await start(place, asking('Asks'));
  const link = await linkOf(place, run);
  expect(link).toMatch(/^\/resume\/[\w-]{22}$/);
  const first = await post(place, link, { approved: true });
  expect([first.status, first.json]).toEqual([200, { runId: run }]);
  expect((await place.over(run)).json).toMatchObject({ status: 'finished', output: [{ approved: true }] });
  expect((await post(place, link)).status).toBe(409);
});

test('of calls at the same moment one counts', async () => {
  const run = await start(place, asking('Races'));
  const link = await linkOf(place, run);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => post(place, link, { n })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
  const won = answers.findIndex(({ status }) => status === 200);
  expect((await place.over(run)).json.output).toEqual([{ n: won }]);
});

test('opening the link changes nothing: a person gets a button, a program a word', async () => {
  const run = await start(place, asking('Previews'));
  const link = await linkOf(place, run);
  const page = await place.hook(`${link}?answer=yes`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(page.text).toContain('<form method="post"><button');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect((await place.hook(link, { method: 'HEAD' })).status).toBe(200);
  expect((await place.hook(link)).json).toMatchObject({ waiting: true });
  const deleted = await place.hook(link, { method: 'DELETE' });
  expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, PUT, PATCH']);
  expect((await place.call('GET', `/api/v1/runs/${run}`)).json.status).toBe('waiting');
  // As the button of the page sends it.
  const pressed = await place.hook(`${link}?answer=yes`, {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect([pressed.status, pressed.text.includes('Thank you')]).toEqual([200, true]);
  expect((await place.over(run)).json.output).toEqual([{ answer: 'yes' }]);
  expect((await place.hook(link, { headers: { accept: 'text/html' } })).status).toBe(409);
});

test('opening a link again and again replays nothing, also once it was used: each look cost what the whole run weighs', async () => {
  const run = await start(place, asking('Is looked at'));
  const link = await linkOf(place, run);
  const read = vi.spyOn(place.opened.ledger, 'read');
  const reads = () => read.mock.calls.filter(([of]) => of === run).length;
  try {
    const looks = () => Promise.all(Array.from({ length: 10 }, () => place.hook(link)));
    expect((await looks()).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect((await post(place, link)).status).toBe(200);
    await place.over(run);
    await looks();
    const before = reads();
    expect((await looks()).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 409));
    expect((await Promise.all([post(place, link), post(place, link)])).map(({ status }) => status)).toEqual([409, 409]);
    expect(reads()).toBe(before);
    expect(before).toBeLessThanOrEqual(2);
  } finally {
    read.mockRestore();
  }
});

test('after its time the items leave by timeout, and the link is gone', async () => {
  const run = await start(place, asking('Times out', { for: '300ms' }));
  const link = new URL(String((await place.over(run)).json.output[0].link)).pathname;
  const steps = await stepsOf(place, run);
  expect(steps.find(({ key }) => key === 'late')?.status).toBe('finished');
  expect(steps.find(({ key }) => key === 'came')?.status).toBe('skipped');
  expect((await post(place, link)).status).toBe(410);
  expect((await place.hook(link)).status).toBe(410);
});

test('a cancelled run takes no call', async () => {
  const run = await start(place, asking('Is cancelled'));
  const link = await linkOf(place, run);
  await place.call('POST', `/api/v1/runs/${run}/cancel`);
  expect((await post(place, link)).status).toBe(410);
});

describe('what was never lent is not there', () => {
  test.each([`/resume/${'A'.repeat(22)}`, '/resume/short', '/resume/', '/resume/a/b', `/resume/${'A'.repeat(23)}`])(
    '%s',
    async (url) => {
      expect((await post(place, url)).status).toBe(404);
      expect((await place.hook(url)).status).toBe(404);
    },
  );
});

test('the token is in the journal and the tables as a hash only', async () => {
  const run = await start(place, asking('Keeps its secret'));
  const link = await linkOf(place, run);
  const token = link.slice('/resume/'.length);
  const { sql } = place.opened.ledger;
  const [table] = await sql`select string_agg(t::text, ' ') as text from tokens t`;
  expect(String(table?.['text'])).not.toContain(token);
  const facts =
    await sql`select type, data::text as text from run_events where run = ${run} and data::text like ${`%${token}%`}`;
  // Only in what the author's own node made of it.
  expect(facts.map(({ type }) => type)).toEqual(['stage.finished']);
});

test('a wait in a loop has a link a turn and waits once for the batch', async () => {
  const run = await start(
    place,
    drawn(
      'Loops',
      {
        go: { type: 'start.manual' },
        loop: { type: 'control.loop', params: { size: 2 } },
        shown: {
          type: 'data.set',
          params: { fields: [{ name: 'link', type: 'string', value: '{{ $step.resumeUrl }}' }] },
        },
        wait: { type: 'control.wait', params: { called: true } },
      },
      'go -> loop\nloop.each -> shown\nshown -> wait\nwait.out -> loop.next',
    ),
    [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }],
  );
  const links = new Set<string>();
  for (const turn of [0, 1]) {
    await until(`turn ${turn} waits`, async () => {
      const step = (await stepsOf(place, run)).find(
        ({ key, path, status }) => key === 'wait' && path === `/loop:${turn}` && status === 'waiting',
      );
      return step !== undefined;
    });
    const shown = (await stepsOf(place, run)).find(({ key, path }) => key === 'shown' && path === `/loop:${turn}`);
    const urls = new Set(shown?.output['out']?.map(({ link }) => String(link)));
    expect(urls.size).toBe(1);
    const [url = ''] = urls;
    links.add(url);
    expect((await post(place, new URL(url).pathname, { turn })).status).toBe(200);
  }
  expect(links.size).toBe(2);
  expect((await place.over(run)).json.output).toEqual([{ turn: 0 }, { turn: 1 }]);
});

test('a call that comes before the wait is kept for it', async () => {
  const sent = Promise.withResolvers<string>();
  const go = Promise.withResolvers<void>();
  const far = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      sent.resolve(String(JSON.parse(body).link));
      void go.promise.then(() => response.end('{}'));
    });
  }).listen(0, '127.0.0.1');
  await once(far, 'listening');
  const port = (far.address() as AddressInfo).port;
  await using quick = await openPlace({ env: { HEDDLE_ALLOW_HOSTS: `127.0.0.1:${port}` } });
  const run = await start(
    quick,
    drawn(
      'Is quick',
      {
        go: { type: 'start.manual' },
        mail: {
          type: 'connect.http-request',
          params: { method: 'POST', url: `http://127.0.0.1:${port}/`, json: { link: '{{ $step.resumeUrl }}' } },
        },
        wait: { type: 'control.wait', params: { called: true } },
      },
      'go -> mail\nmail -> wait',
    ),
  );
  const link = new URL(await sent.promise).pathname;
  expect((await post(quick, link, { early: true })).status).toBe(200);
  expect((await post(quick, link)).status).toBe(409);
  go.resolve();
  expect((await quick.over(run)).json.output).toEqual([{ early: true }]);
  far.close();
});

test('a link outlives the server that lent it', async () => {
  await using database = await createTestDatabase();
  const env = { HEDDLE_MASTER_KEY: 'the same key for every process of a test' };
  let link = '';
  let run = '';
  {
    await using before = await openPlace({ databaseUrl: database.url, env });
    run = await start(before, asking('Outlives'));
    link = await linkOf(before, run);
  }
  await using after = await openPlace({ databaseUrl: database.url, env });
  expect((await after.hook(link)).json).toMatchObject({ waiting: true });
  expect((await post(after, link, { late: 'but well' })).status).toBe(200);
  expect((await after.over(run)).json.output).toEqual([{ late: 'but well' }]);
});

test('what a far side was lent and says again by a link is taken out of it: of fields, text, headers and the query', async () => {
  const token = 'tok_live_9f8e7d6c5b4a39281706';
  const { run, link } = await lent('told', 'bearer', { token });
  const spelled = Buffer.from(`x:${token}`).toString('base64');
  const answer = await place.hook(`${link}?of=${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-told': token, [`x-${token}`]: 'a name' },
    body: `{"a":"${token}","b":["${spelled}"],"c":"\\u0074${token.slice(1)}","n":1}`,
  });
  expect(answer.status, answer.text).toBe(200);
  const { json } = await place.over(run);
  expect(json.output).toEqual([{ a: '[redacted]', b: [expect.stringContaining('[redacted]')], c: '[redacted]', n: 1 }]);
  const events = await place.call('GET', `/api/v1/runs/${run}/events?full=1`);
  expect(events.text).toContain('[redacted]');
  expect(events.text).not.toContain(token);
  expect(events.text).not.toContain(spelled.slice(4, -4));
});

test('a secret with letters beyond ASCII is taken out in whichever encoding the far side says it', async () => {
  const password = 'пароль надёжный и долгий';
  const { run, link } = await lent('lake', 'basic', { username: 'ada', password });
  const body = Buffer.concat([Buffer.from('a='), iconv.encode(password, 'windows-1251')]);
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=windows-1251' };
  expect((await place.hook(link, { method: 'POST', headers, body })).status).toBe(200);
  expect((await place.over(run)).json.output).toEqual([{ a: '[redacted]' }]);
});

test('1 MB of short texts that comes by a link is looked through in turns: it held everybody up for half a second', async () => {
  const { run, link } = await lent('long', 'bearer', { token: 'tok_live_0a1b2c3d4e5f' });
  let longest = 0;
  let isOver = false;
  let began = process.threadCpuUsage();
  const look = () => {
    const { user, system } = process.threadCpuUsage(began);
    longest = Math.max(longest, (user + system) / 1_000);
    began = process.threadCpuUsage();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  const body = `{"of":[${'"abc",'.repeat(170_000)}1]}`;
  const headers = { 'content-type': 'application/json' };
  expect((await place.hook(link, { method: 'POST', headers, body })).status).toBe(200);
  isOver = true;
  expect(longest).toBeLessThan(250);
  await place.over(run);
});

/** The link of a run that waits, and that may lend a connection to a far side. */
async function lent(name: string, type: string, fields: object): Promise<{ run: string; link: string }> {
  await place.call('POST', '/api/v1/credentials', { name, type, fields });
  const document = asking(`Lends ${name}`);
  const nodes = document.nodes.map((node) =>
    node.key === 'late'
      ? { ...node, type: 'connect.http-request', params: { url: 'https://example.com/', credential: name } }
      : node,
  );
  const run = await start(place, { ...document, nodes });
  return { run, link: await linkOf(place, run) };
}
