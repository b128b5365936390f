import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import postgres from 'postgres';
import { farSide } from '../wire/testing/far-side.ts';
import type { Ask, FarSide } from '../wire/testing/far-side.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { forgetFormer } from './former.ts';
import type { TestServer } from '../triggers/testing/place.ts';

// With letters that URLs, JSON and base64 each write in another way.
const secret = 'tëst"/secret+ of=the&wallet\\1234';
const token = 'tok_live_9f8e7d6c5b4a39281706';

let place: TestServer;
let far: FarSide;
let other: FarSide;
const seen: Ask[] = [];
const seenByOther: Ask[] = [];
let answer: (ask: Ask) => { status?: number; headers?: Record<string, string>; body?: string };
beforeAll(async () => {
  far = await farSide((ask, _, response) => {
    seen.push(ask);
    const { status = 200, headers = {}, body = '{"ok":true}' } = answer(ask);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  other = await farSide((ask, _, response) => {
    seenByOther.push(ask);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"other":true}');
  });
  place = await openPlace({ env: { HEDDLE_ALLOW_HOSTS: `${far.pair},${other.pair}` } });
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
beforeEach(() => {
  seen.length = 0;
  seenByOther.length = 0;
  answer = () => ({});
});

async function keep(name: string, type: string, fields: object, hosts?: string[]): Promise<string> {
  const made = await place.call('POST', '/api/v1/credentials', { name, type, fields, ...(hosts ? { hosts } : {}) });
  expect([made.status, made.json.name], made.text).toEqual([201, name]);
  return made.json.id;
}

/** Publishes one request and runs it; several `params` are requests one after another. */
async function send(name: string, ...params: object[]) {
  const keys = params.map((_, index) => `ask${index}`);
  const nodes = Object.fromEntries(
    keys.map((key, index) => [key, { type: 'connect.http-request', params: params[index]! }]),
  );
  const edges = keys.map((key, index) => `${index === 0 ? 'go' : keys[index - 1]} -> ${key}`).join('\n');
  const { id } = await place.publish(drawn(name, { go: { type: 'start.manual' }, ...nodes }, edges));
  return { id, run: () => place.call('POST', `/api/v1/workflows/${id}/runs`, { input: { n: 1 }, wait: 20 }) };
}

describe('what a credential adds to a request', () => {
  test.each([
    ['header', { name: 'X-Shop-Key', value: token }, { 'x-shop-key': token }],
    ['bearer', { token }, { authorization: `Bearer ${token}` }],
    [
      'basic',
      { username: 'åsa', password: secret },
      { authorization: `Basic ${Buffer.from(`åsa:${secret}`).toString('base64')}` },
    ],
  ])('%s', async (type, fields, headers) => {
    await keep(`as ${type}`, type, fields);
    const { run } = await send(`as ${type}`, {
      url: `${far.url}/in?a=1#part`,
      headers: { 'X-Shop-Key': 'mine', Authorization: 'mine' },
      credential: `as ${type}`,
    });
    expect((await run()).json).toMatchObject({ status: 'finished', output: [{ ok: true }] });
    expect(seen).toMatchObject([{ url: '/in?a=1', headers }]);
  });

  test('query: behind what the author wrote; the address that comes back is the author’s', async () => {
    await keep('as query', 'query', { name: 'api key', value: 'a b&c' });
    const { run } = await send('as query', { url: `${far.url}/in?a=1#part`, credential: 'as query', as: 'full' });
    expect((await run()).json.output).toMatchObject([{ url: `${far.url}/in?a=1`, body: { ok: true } }]);
    expect(seen[0]?.url).toBe('/in?a=1&api%20key=a%20b%26c');
  });
});

describe('whom it is lent to', () => {
  test('a redirect to another origin gets nothing of it, whatever its header is called; one at home keeps it', async () => {
    await keep('plain', 'header', { name: 'X-Plain', value: token });
    answer = ({ url }) =>
      url === '/home'
        ? { status: 307, headers: { location: '/there' } }
        : url === '/away'
          ? { status: 307, headers: { location: `${other.url}/x` } }
          : {};
    await (await send('at home', { url: `${far.url}/home`, credential: 'plain' })).run();
    expect(seen.map(({ headers }) => headers['x-plain'])).toEqual([token, token]);
    // Only a node that may call any host may be sent on at all.
    const { run } = await send('away', { url: '{{ $json.n ? "' + far.url + '/away" : "" }}', credential: 'plain' });
    expect((await run()).json.output).toEqual([{ other: true }]);
    expect(seenByOther.map(({ headers }) => headers['x-plain'])).toEqual([undefined]);
    expect(JSON.stringify(seenByOther)).not.toContain(token);
  });

  test('only to hosts that it names', async () => {
    await keep('narrow', 'bearer', { token }, ['api.example.com', `127.0.0.1:${other.port}`]);
    const denied = await (await send('narrow', { url: `${far.url}/x`, credential: 'narrow' })).run();
    expect(denied.json.error).toMatchObject({ code: 'credential.denied', node: 'ask0' });
    expect(seen).toEqual([]);
    await (await send('named', { url: `${other.url}/x`, credential: 'narrow' })).run();
    expect(seenByOther).toMatchObject([{ headers: { authorization: `Bearer ${token}` } }]);
  });

  test('another workspace’s is not there, though the name is the same (C1)', async () => {
    await place.call('POST', '/api/v1/credentials', { name: 'theirs', type: 'bearer', fields: { token } }, 'stranger');
    const document = drawn(
      'Thief',
      {
        go: { type: 'start.manual' },
        ask: { type: 'connect.http-request', params: { url: `${far.url}/x`, credential: '{{ "theirs" }}' } },
      },
      'go -> ask',
    );
    const { id } = await place.publish(document);
    const ran = await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 20 });
    expect(ran.json.error).toMatchObject({ code: 'credential.missing' });
    expect(seen).toEqual([]);
  });
});

test('hosts that it was not sent to need the secret again; fewer hosts do not', async () => {
  const id = await keep('guarded', 'bearer', { token }, ['*.example.com', 'api.example.org:443']);
  const put = (body: object) => place.call('PUT', `/api/v1/credentials/${id}`, body);
  const narrow = [['*.example.com'], ['a.example.com', '*.b.example.com:8443'], ['a.example.com']];
  for (const hosts of narrow) expect((await put({ hosts })).json, String(hosts)).toMatchObject({ hosts });
  for (const hosts of [[], ['evil.example'], ['a.example.com', 'b.example.com'], ['*.example.com']]) {
    const refused = await put({ hosts });
    expect([refused.status, refused.json.error?.code], refused.text).toEqual([422, 'secret-needed']);
    expect(refused.json.error.mend).toContain('secret again');
  }
  // Nothing else that decides where it goes, or as what, is changed without it either.
  for (const body of [{ type: 'query' }, { name: 'other' }, { fields: {} }])
    expect((await put(body)).status, JSON.stringify(body)).toBe(400);
  expect((await place.call('GET', `/api/v1/credentials/${id}`)).json.hosts).toEqual(['a.example.com']);
  expect((await put({ hosts: ['evil.example'], fields: { token: 'another token' } })).status).toBe(200);
});

test('a change holds from the next use on; without it nothing stands in for it (C3, F27)', async () => {
  const id = await keep('changing', 'bearer', { token });
  const flow = await send('Changing', { method: 'POST', url: `${far.url}/x`, credential: 'changing' });
  await flow.run();
  const changed = await place.call('PUT', `/api/v1/credentials/${id}`, { fields: { token: 'the second token' } });
  expect(changed.status).toBe(200);
  await flow.run();
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`, 'Bearer the second token']);
  const read = await place.call('GET', `/api/v1/credentials/${id}`);
  expect(read.json.uses).toEqual([{ id: flow.id, name: 'Changing', draft: true, published: true }]);
  expect((await place.call('DELETE', `/api/v1/credentials/${id}`)).status).toBe(204);
  // A POST that was surely not sent fails; it is not in doubt.
  expect((await flow.run()).json).toMatchObject({ status: 'failed', error: { code: 'credential.missing' } });
  expect(seen).toHaveLength(2);
  const issues = (await place.call('GET', `/api/v1/workflows/${flow.id}`)).json.issues;
  expect(issues).toMatchObject([
    { level: 'error', code: 'credential-missing', where: { node: 'ask0', param: 'credential' } },
  ]);
  expect((await place.call('POST', `/api/v1/workflows/${flow.id}/publish`)).status).toBe(422);
});

test('one that proves callers only, and one whose key is not here, are faults of their own', async () => {
  await keep('signing', 'hmac', { secret });
  const unfit = await (await send('unfit', { url: `${far.url}/x`, credential: 'signing' })).run();
  expect(unfit.json.error).toMatchObject({ code: 'credential.unfit' });
  const id = await keep('locked', 'bearer', { token });
  const owner = postgres(place.opened.ground.database.url, { max: 1 });
  await owner`update credentials set key_id = 'key_gone' where id = ${id}`;
  const flow = await send('locked', { url: `${far.url}/x`, credential: 'locked' });
  expect((await flow.run()).json.error).toMatchObject({
    code: 'credential.locked',
    mend: expect.stringContaining('master key'),
  });
  expect((await place.call('GET', `/api/v1/credentials/${id}`)).json).toMatchObject({
    locked: true,
    fields: ['token'],
  });
  // A row that was bent, or that belongs elsewhere, is locked too (C5).
  await owner`update credentials set (key_id, wrapped, sealed) = (select key_id, wrapped, sealed from credentials where name = 'signing') where id = ${id}`;
  expect((await flow.run()).json.error).toMatchObject({ code: 'credential.locked' });
  await owner.end();
  await place.call('PUT', `/api/v1/credentials/${id}`, { fields: { token } });
  expect((await flow.run()).json.status).toBe('finished');
});

describe('what a secret leaves behind', () => {
  /** Everything that is stored, as text. */
  async function dump(): Promise<string> {
    const owner = postgres(place.opened.ground.database.url, { max: 1 });
    const tables = await owner`
      select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'graphile_worker', 'heddle_meta')`;
    const texts: string[] = [];
    for (const { name } of tables) {
      const rows = await owner.unsafe(`select t::text as row from ${String(name)} t`);
      texts.push(...rows.map((row) => String(row['row'])));
    }
    await owner.end();
    return texts.join('\n');
  }
  const spellings = (text: string) => [
    text,
    Buffer.from(text).toString('base64'),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
  ];

  test('nothing: not after a run that went well, one that failed, one whose far side says it back in every way (I5, E21)', async () => {
    await keep('echoed', 'basic', { username: 'ada', password: secret });
    const long = 'x'.repeat(100_000);
    const echoes: Record<string, () => ReturnType<typeof answer>> = {
      '/well': () => ({}),
      '/fails': () => ({ status: 401, body: `{"error":"wrong password ${JSON.stringify(secret).slice(1, -1)}"}` }),
      '/text': () => ({ headers: { 'content-type': 'text/plain' }, body: `you are ada:${secret}` }),
      '/json': () => ({
        body: JSON.stringify({ auth: seen.at(-1)?.headers, again: [secret], url: encodeURIComponent(secret) }),
      }),
      '/header': () => ({
        headers: { 'x-echo': encodeURIComponent(secret), 'x-auth': String(seen.at(-1)?.headers.authorization) },
      }),
      '/long': () => ({ body: JSON.stringify({ long, at: secret }) }),
    };
    answer = ({ url }) => echoes[url]?.() ?? {};
    const runs: string[] = [];
    for (const path of Object.keys(echoes)) {
      const params = { url: far.url + path, credential: 'echoed', as: path === '/text' ? 'text' : 'full' };
      const ran = await (await send(`echo ${path}`, params)).run();
      expect(ran.json.status, ran.text).toBe(path === '/fails' ? 'failed' : 'finished');
      runs.push(ran.json.id);
      if (path !== '/well')
        expect(ran.text.slice(0, 1_000) + ran.text.slice(-1_000)).toContain(path === '/long' ? '$blob' : '[redacted]');
    }
    const answers = await Promise.all(
      runs.flatMap((run) =>
        ['', '/steps', '/events'].map(
          async (part) => (await place.call('GET', `/api/v1/runs/${run}${part}?full=1`)).text,
        ),
      ),
    );
    const stored = await dump();
    expect(stored).toContain('[redacted]');
    expect(stored.length).toBeGreaterThan(10_000);
    expect(seen.every(({ headers }) => headers.authorization?.startsWith('Basic '))).toBe(true);
    for (const text of [stored, place.logged.join('\n'), ...answers])
      for (const spelling of [...spellings(secret), ...spellings(`ada:${secret}`)])
        expect(text.includes(spelling), spelling).toBe(false);
  });

  test('a later node of the run that is told by the same far side does not see it either', async () => {
    await keep('lent', 'bearer', { token });
    let told = '';
    answer = ({ url, headers }) => {
      if (url === '/first') told = String(headers.authorization);
      return url === '/second' ? { body: JSON.stringify({ told }) } : {};
    };
    const flow = await send('Two', { url: `${far.url}/first`, credential: 'lent' }, { url: `${far.url}/second` });
    expect((await flow.run()).json.output).toEqual([{ told: 'Bearer [redacted]' }]);
    expect(told).toBe(`Bearer ${token}`);
  });

  test('it goes in by REST and never comes out; what does not fit is refused without its words', async () => {
    const fields = { username: 'ada', password: secret };
    const made = await place.call('POST', '/api/v1/credentials', { name: 'in', type: 'basic', fields });
    const wrong = [
      { name: 'in', type: 'basic', fields },
      { name: 'a', type: 'basic', fields: { username: 'a:b', password: secret } },
      { name: 'a', type: 'basic', fields: { ...fields, token: secret } },
      { name: 'a', type: 'bearer', fields: { token: `${token}\r\nx: y` } },
      { name: 'a', type: 'header', fields: { name: 'host', value: token } },
      { name: 'a', type: 'jwt', fields: { secret, jwks: secret } },
      { name: '{{ $json.x }}', type: 'bearer', fields: { token } },
      { name: 'a', type: 'bearer', fields: { token }, hosts: ['https://x.example.com/'] },
      { name: 'a', type: 'unheard-of', fields: { token } },
      { name: 'a', type: 'hmac', fields: { secret: `${secret}\0` } },
      { name: 'a', type: 'hmac', fields: { secret: `${secret}\ud800` } },
      { name: 'a', type: 'bearer', fields: { token }, workspaceId: 'ws_other' },
    ];
    const answers = await Promise.all(wrong.map((body) => place.call('POST', '/api/v1/credentials', body)));
    expect(answers.map(({ status }) => status)).toEqual([409, ...Array<number>(11).fill(400)]);
    const broken = await place.call('POST', '/api/v1/credentials', `{"name":"a","fields":{"token":"${token}"`);
    const listed = await place.call('GET', '/api/v1/credentials', undefined, 'viewer');
    expect(listed.json.items).toContainEqual({
      ...made.json,
      name: 'in',
      type: 'basic',
      fields: ['password', 'username'],
      locked: false,
    });
    const texts =
      [...answers, broken, made, listed].map(({ text }) => text).join('\n') + place.logged.join('\n') + (await dump());
    for (const spelling of [...spellings(secret), token]) expect(texts.includes(spelling)).toBe(false);
  });
});

test('what a service stored is not shown to a run that was lent nothing, nor after the secret was replaced or the connection removed', async () => {
  const once = 'tok_once_0123456789abcdef';
  const then = 'tok_then_0123456789abcdef';
  const id = await keep('stored', 'bearer', { token: once });
  answer = () => ({ body: JSON.stringify({ told: [once, then] }) });
  const flow = await send('Reads what was stored', { url: `${far.url}/stored` });
  const told = async () => (await flow.run()).json.output[0].told;
  expect(await told()).toEqual(['[redacted]', then]);
  await place.call('PUT', `/api/v1/credentials/${id}`, { fields: { token: then } });
  expect(await told()).toEqual(['[redacted]', '[redacted]']);
  await place.call('DELETE', `/api/v1/credentials/${id}`);
  expect(await told()).toEqual(['[redacted]', '[redacted]']);
  // Another workspace is told what it is told.
  const theirs = drawn(
    'Theirs',
    { go: { type: 'start.manual' }, ask: { type: 'connect.http-request', params: { url: `${far.url}/stored` } } },
    'go -> ask',
  );
  const made = await place.call('POST', '/api/v1/workflows', { document: theirs }, 'stranger');
  expect((await place.call('POST', `/api/v1/workflows/${made.json.id}/publish`, {}, 'stranger')).status).toBe(200);
  const run = await place.call('POST', `/api/v1/workflows/${made.json.id}/runs`, { wait: 20 }, 'stranger');
  expect(run.json.output).toEqual([{ told: [once, then] }]);

  const { sql } = place.opened.ledger;
  const count = async () =>
    Number((await sql`select count(*) from former_secrets where credential = ${id}`)[0]?.['count']);
  expect(await count()).toBe(2);
  await sql`update former_secrets set at = at - interval '31 days' where credential = ${id}`;
  place.opened.wallet.forget(await findWorkspace(place.opened.ground.database.app.sql, 'main'));
  expect(await told()).toEqual([once, then]);
  await forgetFormer(sql);
  expect(await count()).toBe(0);
});

test('a secret that came back in ISO-2022-JP in a file is not in the text that a later node reads', async () => {
  await keep('hidden', 'bearer', { token });
  const body = `you are ${[...token].join('\u001b(B')} .`;
  answer = () => ({ headers: { 'content-type': 'application/octet-stream' }, body });
  const nodes = {
    go: { type: 'start.manual' },
    ask: { type: 'connect.http-request', params: { url: `${far.url}/x`, credential: 'hidden', as: 'file' } },
    read: {
      type: 'data.from-file',
      params: { format: 'text', file: '{{ $json.file }}', encoding: 'iso-2022-jp' },
    },
  };
  const { id } = await place.publish(drawn('Hidden', nodes, 'go -> ask\nask -> read'));
  const ran = await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 20 });
  expect(ran.json.output).toEqual([{ text: 'you are [redacted] .' }]);
});

test('one that an expression names is known to later nodes, to the run that it calls and to the one that called it', async () => {
  await keep('worked out', 'bearer', { token });
  answer = ({ url }) =>
    url === '/lend'
      ? {}
      : { body: JSON.stringify({ told: [...token].map((char) => `&#${char.charCodeAt(0)};`).join('') }) };
  const ask = (path: string, more: object = {}) => ({
    type: 'connect.http-request',
    params: { url: far.url + path, ...more },
  });
  const go = { type: 'start.manual' };
  const lent = ask('/lend', { credential: '{{ "worked" + " out" }}' });
  const echoed = [{ told: '[redacted]' }];
  const run = async (id: string) => (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 20 })).json;

  const both = await place.publish(
    drawn('Lends and asks', { go, lent, echo: ask('/echo') }, 'go -> lent\nlent -> echo'),
  );
  expect((await run(both.id)).output).toEqual(echoed);
  const called = { type: 'start.called' };
  const asks = await place.publish(drawn('Asks', { called, echo: ask('/echo') }, 'called -> echo'));
  const lends = await place.publish(drawn('Lends', { called, lent }, 'called -> lent'));
  const call = ({ id }: { id: string }) => ({ type: 'control.call', params: { workflow: id } });
  const down = await place.publish(drawn('Down', { go, lent, call: call(asks) }, 'go -> lent\nlent -> call'));
  expect((await run(down.id)).output).toEqual(echoed);
  const up = await place.publish(
    drawn('Up', { go, call: call(lends), echo: ask('/echo') }, 'go -> call\ncall -> echo'),
  );
  expect((await run(up.id)).output).toEqual(echoed);
});
