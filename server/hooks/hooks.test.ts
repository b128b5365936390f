import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { safeHeaders } from './write-reply.ts';

const secret = 'a secret of some length';
let place: TestServer;
beforeAll(async () => {
  place = await openPlace();
  await keep('signing', 'hmac', { secret });
  await keep('login', 'basic', { username: 'ada', password: 'pass' });
  await keep('key', 'header', { name: 'X-Key', value: secret });
  await keep('tokens', 'jwt', { secret });
});
afterAll(() => place[Symbol.asyncDispose]());

/** Puts a credential into the wallet, as people do. */
async function keep(name: string, type: string, fields: Record<string, string>): Promise<string> {
  const { status, json: made } = await place.call('POST', '/api/v1/credentials', { name, type, fields });
  expect([status, made.name]).toEqual([201, name]);
  return made.id;
}

const json = { 'content-type': 'application/json' };
const post = (path: string, body?: unknown, headers: Record<string, string> = json) =>
  place.hook(`/hooks/main/${path}`, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

/** A webhook that gives back what `value` says of the call. */
const hook = (path: string, params: object = {}, value: unknown = '{{ $json }}', settings?: object) =>
  place.publish(
    drawn(
      path,
      {
        hook: { type: 'start.webhook', params: { path, reply: 'respond', ...params } },
        reply: { type: 'control.respond', params: { with: 'json', value } },
      },
      'hook -> reply',
      settings,
    ),
  );

describe('where it listens', () => {
  test('a path gives its named parts; what is written out wins over what is named', async () => {
    await hook('orders/:id', { methods: ['GET', 'PUT'] });
    await hook('orders/new', { methods: ['GET'] }, 'new');
    const got = await place.hook('/hooks/main/orders/a%20b?x=1&x=2&y=z', {
      headers: { cookie: 'session=1', 'heddle-called-by': 'run_a 1 x' },
    });
    expect(got.json).toMatchObject({
      method: 'GET',
      path: '/orders/a b',
      params: { id: 'a b' },
      query: { x: ['1', '2'], y: 'z' },
      body: null,
    });
    expect(got.json.headers).not.toHaveProperty('cookie');
    expect(got.json.headers).not.toHaveProperty('heddle-called-by');
    expect((await place.hook('/hooks/main/orders/new')).json).toBe('new');
    const put = await place.hook('/hooks/main/orders/new', { method: 'PUT' });
    expect(put.json.params).toEqual({ id: 'new' });
  });

  test.each([
    'orders/1/',
    'orders//1',
    'Orders/1',
    'orders/..',
    'orders/%2e%2e',
    'orders/a%2fb',
    'orders/%00',
    'orders/%zz',
    '',
    'оrders/1',
  ])('nothing answers to %s (W5)', async (path) => {
    // As bytes: a client of the platform would tidy some of them.
    const status = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(place.url).port), '127.0.0.1', () =>
        socket.write(
          `GET /hooks/main/${encodeURI(path).replaceAll('%25', '%')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        ),
      );
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text.split(' ')[1] ?? ''));
      socket.on('error', reject);
    });
    expect(['404', '400']).toContain(status);
  });

  test('another method is a 405 that says which are taken', async () => {
    await hook('only-post');
    const got = await place.hook('/hooks/main/only-post');
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('pages of allowed origins may ask and read, others get no leave', async () => {
    await hook('cors', { allowedOrigins: ['https://shop.example.com'] });
    const ask = (origin: string) =>
      place.hook('/hooks/main/cors', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
    const allowed = await ask('https://shop.example.com');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://shop.example.com',
    ]);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await ask('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull();
    const said = await post('cors', {}, { ...json, origin: 'https://shop.example.com' });
    expect(said.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
  });
});

describe('what it takes', () => {
  beforeAll(async () => {
    await hook('bodies', {}, '{{ $json.body }}');
    await hook('raw', { body: 'raw' }, { body: '{{ $json.body }}' });
  });

  test.each([
    ['{"a":[null,{},[],"ÅÄÖ 🎈"]}', json, { a: [null, {}, [], 'ÅÄÖ 🎈'] }],
    ['{"big":9007199254740993,"b":-1.5}', json, { big: '9007199254740993', b: -1.5 }],
    ['a=1&a=2&b=x+y', { 'content-type': 'application/x-www-form-urlencoded' }, { a: ['1', '2'], b: 'x y' }],
    ['hej', { 'content-type': 'text/plain' }, 'hej'],
    ['{"__proto__":{"x":1}}', json, JSON.parse('{"__proto__":{"x":1}}')],
  ])('%s', async (body, headers, value) => {
    expect((await post('bodies', body, headers)).json).toEqual(value);
  });

  test('an integer that no number holds stays exact as text, and the trace says so', async () => {
    const got = await post('bodies', '{"id":12345678901234567890}');
    expect(got.json).toEqual({ id: '12345678901234567890' });
    const { items } = (await place.call('GET', `/api/v1/runs/${got.headers.get('heddle-run-id')}/steps`)).json;
    expect(items[0]).toMatchObject({ key: 'hook', logs: [{ level: 'warn', text: expect.stringContaining('/id') }] });
  });

  test('the raw body is the text as it came', async () => {
    expect((await post('raw', '{ "a" : 1 }')).json).toEqual({ body: '{ "a" : 1 }' });
  });

  test.each([
    ['{"a":', json, 400, 'json-invalid'],
    [JSON.stringify('x'.repeat(16 * 1024 * 1024)), json, 413, 'too-large'],
    ['['.repeat(100), json, 400, 'json-too-much'],
    ['{"f":{"$file":"abc","name":"x"}}', json, 400, 'file-handle'],
    ['{"f":{"\\u0024file":"abc"}}', json, 400, 'file-handle'],
  ])('%.30s is refused', async (body, headers, status, code) => {
    const got = await post('bodies', body, headers);
    expect([got.status, got.json.error.code]).toEqual([status, code]);
  });

  test('files come as handles of this server, their names without a path (W3)', async () => {
    const form = new FormData();
    form.append('note', 'hej');
    form.append('doc', new File(['content'], '../../etc/passwd', { type: 'text/plain' }));
    const got = await place.hook('/hooks/main/bodies', { method: 'POST', body: form });
    expect(got.json).toEqual({
      note: 'hej',
      doc: { $file: expect.any(String), name: 'passwd', type: 'text/plain', size: 7 },
    });
  });
});

describe('who may call', () => {
  const sign = (body: string, key = secret) => createHmac('sha256', key).update(body).digest('hex');
  const runs = async () => (await place.call('GET', '/api/v1/runs?limit=200')).json.items.length;

  test('a signature over the very bytes, by the very secret, once (W1)', async () => {
    const auth = { kind: 'hmac', header: 'x-signature', prefix: 'sha256=', credential: 'signing' };
    await hook('signed', { auth }, '{{ $json.headers["x-signature"] ? "in" : "in" }}');
    const body = '{"a": 1}';
    const send = (signature?: string) =>
      post('signed', body, { ...json, ...(signature === undefined ? {} : { 'x-signature': signature }) });
    expect((await send(`sha256=${sign(body)}`)).status).toBe(200);
    const before = await runs();
    const wrong = [
      undefined,
      '',
      'sha256=',
      sign(body),
      `sha256=${sign(body).slice(0, -2)}`,
      `sha256=${sign('{"a":1}')}`,
      `sha256=${sign(body, 'another')}`,
      `sha256=${sign(body)}, sha256=${sign(body)}`,
    ];
    for (const signature of wrong) expect((await send(signature)).status, signature).toBe(401);
    expect(await runs()).toBe(before);
  });

  test('an old time is refused, and a copy of a signed call starts nothing', async () => {
    const auth = { kind: 'hmac', header: 'x-signature', timestampHeader: 'x-time', credential: 'signing' };
    await hook('timed', { auth }, '{{ $json.body.n }}');
    const send = (at: number) => {
      const time = String(Math.floor(at / 1000));
      return post('timed', '{"n":1}', { ...json, 'x-time': time, 'x-signature': sign(`${time}.{"n":1}`) });
    };
    const now = Date.now();
    const first = await send(now);
    expect(first.json).toBe(1);
    const copy = await send(now);
    expect([copy.json, copy.headers.get('heddle-run-id')]).toEqual([1, first.headers.get('heddle-run-id')]);
    expect((await send(now - 6 * 60_000)).status).toBe(401);
    expect((await send(now + 6 * 60_000)).status).toBe(401);
  });

  test('a webhook whose secret is not there lets nobody in', async () => {
    const id = await keep('gone', 'hmac', { secret });
    await hook('unsecured', { auth: { kind: 'hmac', header: 'x-signature', credential: 'gone' } });
    expect((await post('unsecured', '{}', { ...json, 'x-signature': sign('{}') })).status).toBe(200);
    await place.call('DELETE', `/api/v1/credentials/${id}`);
    expect((await post('unsecured', '{}', { ...json, 'x-signature': sign('{}') })).status).toBe(401);
    await hook('unnamed', { auth: { kind: 'header', name: 'x-key' } });
    expect((await post('unsecured', '{}', { ...json, 'x-signature': sign('{}', 'nothing') })).status).toBe(401);
    expect((await post('unsecured', '{}', { ...json, 'x-signature': sign('{}', '') })).status).toBe(401);
    expect((await post('unnamed', '{}', { ...json, 'x-key': '' })).status).toBe(401);
  });

  test('basic and header, without what proves it in the item', async () => {
    await hook('basic', { auth: { kind: 'basic', credential: 'login' } });
    const basic = (text: string) => ({ ...json, authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const got = await post('basic', {}, basic('ada:pass'));
    expect([got.status, got.text.includes('Basic')]).toEqual([200, false]);
    for (const text of ['ada:wrong', 'ada', ':', 'ada:pass2'])
      expect((await post('basic', {}, basic(text))).status).toBe(401);
    expect((await post('basic', {})).headers.get('www-authenticate')).toContain('Basic');
    await hook('keyed', { auth: { kind: 'header', name: 'X-Key', credential: 'key' } });
    const keyed = await post('keyed', {}, { ...json, 'x-key': secret });
    expect([keyed.status, keyed.text.includes(secret)]).toEqual([200, false]);
    expect((await post('keyed', {}, { ...json, 'x-key': 'no' })).status).toBe(401);
    await keep('program', 'bearer', { token: secret });
    await hook('bearing', { auth: { kind: 'header', credential: 'program' } }, 'in');
    const bearing = async (authorization: string) => (await post('bearing', {}, { ...json, authorization })).status;
    expect([await bearing(`Bearer ${secret}`), await bearing(secret), await bearing('Bearer ')]).toEqual([
      200, 401, 401,
    ]);
  });

  test('a token of the pinned algorithm, for us, that has not run out', async () => {
    const auth = { kind: 'jwt', algorithm: 'HS256', audience: 'orders', credential: 'tokens' };
    await hook('token', { auth }, 'in');
    const key = new TextEncoder().encode(secret);
    const token = (algorithm: string, audience: string, expires: string) =>
      new SignJWT({}).setProtectedHeader({ alg: algorithm }).setAudience(audience).setExpirationTime(expires).sign(key);
    const send = async (text: string) => (await post('token', {}, { ...json, authorization: `Bearer ${text}` })).status;
    expect(await send(await token('HS256', 'orders', '5m'))).toBe(200);
    expect(await send(await token('HS512', 'orders', '5m'))).toBe(401);
    expect(await send(await token('HS256', 'other', '5m'))).toBe(401);
    expect(await send(await token('HS256', 'orders', '-5m'))).toBe(401);
    const none = `${btoa('{"alg":"none"}').replaceAll('=', '')}.${btoa('{"aud":"orders","exp":9999999999}').replaceAll('=', '')}.`;
    expect(await send(none)).toBe(401);
    const forever = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setAudience('orders').sign(key);
    expect(await send(forever)).toBe(401);
  });

  test.each(['publicKey', 'jwks'] as const)('a token signed by somebody whose key is kept as %s', async (field) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const stranger = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256' };
    await keep(`by ${field}`, 'jwt', {
      [field]: field === 'jwks' ? JSON.stringify({ keys: [jwk] }) : await exportSPKI(publicKey),
    });
    await hook(
      `signed-by-${field.toLowerCase()}`,
      { auth: { kind: 'jwt', algorithm: 'ES256', credential: `by ${field}` } },
      'in',
    );
    const send = async (key: CryptoKey) => {
      const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).setExpirationTime('5m').sign(key);
      return (await post(`signed-by-${field.toLowerCase()}`, {}, { ...json, authorization: `Bearer ${token}` })).status;
    };
    expect([await send(privateKey), await send(stranger.privateKey)]).toEqual([200, 401]);
  });
});

describe('what it answers (E16)', () => {
  const flow = (path: string, params: object, nodes: Parameters<typeof drawn>[1], edges: string, settings?: object) =>
    place.publish(
      drawn(path, { hook: { type: 'start.webhook', params: { path, ...params } }, ...nodes }, edges, settings),
    );
  const set = { type: 'data.set', params: { json: { ok: true } } };

  test('at once: 202 with the run and where it is, or what the author wrote', async () => {
    await flow('now', {}, { set }, 'hook -> set');
    const got = await post('now', {});
    expect([got.status, got.headers.get('location')]).toEqual([202, `/api/v1/runs/${got.json.runId}`]);
    expect((await place.over(got.json.runId)).json).toMatchObject({ status: 'finished', trigger: 'webhook' });
    const response = { status: 200, headers: { 'X-A': 'b', 'Set-Cookie': 'a=b' }, body: 'thanks' };
    await flow('thanks', { response }, { set }, 'hook -> set');
    const thanks = await post('thanks', {});
    expect([thanks.text, thanks.headers.get('x-a'), thanks.headers.get('set-cookie')]).toEqual(['thanks', 'b', null]);
  });

  test('last: the run’s output', async () => {
    await flow('last', { reply: 'last' }, { set }, 'hook -> set');
    const got = await post('last', {});
    expect([got.status, got.json]).toMatchObject([200, [{ ok: true }]]);
  });

  test('ended without an answer: 204; failed: 500 without a word of why', async () => {
    await flow('silent', { reply: 'respond' }, { set }, 'hook -> set');
    expect((await post('silent', {})).status).toBe(204);
    const stop = { type: 'control.stop', params: { as: 'error', message: 'inner secret' } };
    await flow('failing', { reply: 'respond' }, { stop }, 'hook -> stop');
    const failed = await post('failing', {});
    expect(failed.status).toBe(500);
    expect(failed.json.error).toMatchObject({ code: 'run.failed', runId: expect.stringMatching(/^run_/) });
    expect(failed.text).not.toContain('inner secret');
  });

  test('late, or waiting for somebody: 202 with the run', async () => {
    const wait = { type: 'control.wait', params: { for: '1h' } };
    await flow('parked', { reply: 'respond' }, { wait }, 'hook -> wait');
    expect((await post('parked', {})).status).toBe(202);
    const soon = { type: 'control.wait', params: { for: '3s' } };
    await flow('late', { reply: 'last' }, { soon }, 'hook -> soon', { replyWithin: '1s' });
    const late = await post('late', {});
    expect([late.status, late.json.runId]).toEqual([202, expect.stringMatching(/^run_/)]);
  });

  test('a reply is a page without scripts or origin, sets no cookie, and no header can be smuggled in (W8)', async () => {
    const reply = {
      type: 'control.respond',
      params: {
        with: 'text',
        value: '<script>alert(1)</script>',
        headers: {
          'Content-Type': 'text/html',
          'Content-Security-Policy': 'default-src *',
          'X-Fine': 'yes',
        },
      },
    };
    await flow('page', { reply: 'respond' }, { reply }, 'hook -> reply');
    const { headers, status } = await post('page', {});
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toBe('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('x-fine')).toBe('yes');
    const cookie = { ...reply, params: { with: 'none', headers: { 'Set-Cookie': 'session=stolen' } } };
    await flow('cookie', { reply: 'respond' }, { cookie }, 'hook -> cookie');
    expect((await post('cookie', {})).headers.get('set-cookie')).toBeNull();
    expect(safeHeaders({ 'Set-Cookie': 'a', Connection: 'upgrade', 'x-a': 'b\r\nc: d', 'x b': 'c', 'X-C': 1 })).toEqual(
      { 'x-c': '1' },
    );
    const script = {
      ...reply,
      params: { with: 'text', value: 'x', headers: { 'Content-Type': 'text/javascript', NEL: '{}', Link: '</a>' } },
    };
    await flow('script', { reply: 'respond' }, { script }, 'hook -> script');
    const sent = (await post('script', {})).headers;
    expect(sent.get('content-type')).toBe('text/plain; charset=utf-8');
    expect([sent.get('nel'), sent.get('link'), sent.get('content-security-policy')]).toEqual([null, null, 'sandbox']);
    const smuggle = { type: 'control.respond', params: { with: 'none', headers: { 'x-a': '{{ $json.body.x }}' } } };
    await flow('smuggle', { reply: 'respond' }, { smuggle }, 'hook -> smuggle');
    const refused = await post('smuggle', { x: 'a\r\nset-cookie: b=c' });
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([500, null]);
  });

  test('a redirect leads to where its author said, and its fault says why it does not', async () => {
    const lead = { type: 'control.respond', params: { with: 'redirect', value: '{{ $json.body.to }}' } };
    await flow('lead', { reply: 'respond' }, { lead }, 'hook -> lead');
    const ours = await place.hook('/hooks/main/lead', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ to: '/hooks/main/only-post' }),
      redirect: 'manual',
    });
    expect([ours.status, ours.headers.get('location')]).toEqual([302, '/hooks/main/only-post']);
    const stray = await post('lead', { to: 'https://evil.example/' });
    expect([stray.status, stray.headers.get('location')]).toEqual([500, null]);
    const { error } = (await place.call('GET', `/api/v1/runs/${stray.json.error.runId}`)).json;
    expect(error).toMatchObject({ code: 'power.denied', message: expect.stringContaining('evil.example') });
  });

  test('the same delivery a hundred times at once is one run, and everybody gets its answer (W2)', async () => {
    await hook('once', { dedupeKey: '{{ $json.body.id }}' }, '{{ $json.body.n }}');
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => post('once', { id: 'same', n })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ headers }) => headers.get('heddle-run-id'))).size).toBe(1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await place.call('GET', '/api/v1/runs?q=once')).json.items).toHaveLength(1);
    const key = { ...json, 'idempotency-key': 'k1' };
    await hook('sent', {}, '{{ $json.body }}');
    expect((await post('sent', 1, key)).json).toBe(1);
    expect((await post('sent', 2, key)).json).toBe(1);
    expect((await post('sent', 3)).json).toBe(3);
  });

  test('a call whose key is over a limit, or fails, is refused: without a key a repeat would be a second run', async () => {
    const { id } = await hook('repeated', { dedupeKey: '{{ $json.body.id.repeat($json.body.times) }}' }, 'done');
    const answers = [
      await post('repeated', { id: 'a'.repeat(1_000_000), times: 20 }),
      await post('repeated', { id: 'a', times: -1 }),
    ];
    for (const answer of answers)
      expect([answer.status, answer.json.error?.code], answer.text).toEqual([422, 'key-failed']);
    expect(answers[0]?.json.error.message).toContain('more time or data than a key may');
    const runs = async () => (await place.call('GET', `/api/v1/runs?workflow=${id}`)).json.items.length;
    expect(await runs()).toBe(0);
    expect(await place.opened.ledger.sql`select 1 from events where trigger = ${`${id}/hook`}`).toHaveLength(0);
    expect(place.logged.join('\n')).toContain('key-failed');
    // What is not there is no key, as ever.
    expect([(await post('repeated', {})).json, (await post('repeated', {})).json, await runs()]).toEqual([
      'done',
      'done',
      2,
    ]);
  });
});
