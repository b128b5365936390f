import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

const secret = 'a secret of some length';
const standardKey = Buffer.from('another secret of 24 byt').toString('base64');
let place: TestServer;
beforeAll(async () => {
  place = await openPlace();
  for (const [name, value] of [
    ['signing', secret],
    ['svix', `whsec_${standardKey}`],
  ])
    await place.call('POST', '/api/v1/credentials', { name, type: 'hmac', fields: { secret: value } });
});
afterAll(() => place[Symbol.asyncDispose]());

const hook = (path: string, auth: object, more: object = {}, settings?: object) =>
  place.publish(
    drawn(
      path,
      {
        hook: {
          type: 'start.webhook',
          params: { path, reply: 'respond', auth: { kind: 'hmac', credential: 'signing', ...auth }, ...more },
        },
        reply: { type: 'control.respond', params: { with: 'json', value: '{{ $json.body }}' } },
      },
      'hook -> reply',
      settings,
    ),
  );

// Spaces, an escape and a letter beyond ASCII: what is parsed and printed again has other bytes.
const body = '{ "id":"evt_1",\n "name":"\\u00c5ke", "ort":"Malmö" }';
const call = (path: string, headers: Record<string, string>, sent: string = body) =>
  place.hook(`/hooks/main/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: sent,
  });
const status = async (path: string, headers: Record<string, string>, sent?: string) =>
  (await call(path, headers, sent)).status;

const mac = (text: string, key: string | Buffer = secret, algorithm = 'sha256') =>
  createHmac(algorithm, key).update(text);
const seconds = (ago = 0) => String(Math.floor(Date.now() / 1000) - ago);

describe('senders that sign their own way are checked by naming them', () => {
  test('Stripe: t=…,v1=… over time.body', async () => {
    await hook('stripe', { scheme: 'stripe' });
    const header = (t: string, text = body, key = secret) => ({
      'stripe-signature': `t=${t},v1=${mac(`${t}.${text}`, key).digest('hex')}`,
    });
    const now = seconds();
    const got = await call('stripe', header(now));
    expect([got.status, got.json.ort]).toEqual([200, 'Malmö']);
    // While its secret is changed Stripe sends two; v0 is of its test mode and proves nothing.
    const right = mac(`${seconds(2)}.${body}`).digest('hex');
    expect(
      await status('stripe', { 'stripe-signature': `t=${seconds(2)},v1=${'0'.repeat(64)},v1=${right},v0=x` }),
    ).toBe(200);
    for (const headers of [
      {},
      header(now, `${body} `),
      header(now, body, 'another'),
      header(seconds(301)),
      header(seconds(-330)),
      { 'stripe-signature': `v1=${mac(`.${body}`).digest('hex')}` },
      { 'stripe-signature': `t=${now},v0=${mac(`${now}.${body}`).digest('hex')}` },
      { 'stripe-signature': header(now)['stripe-signature'].replace(`t=${now}`, `t=${Number(now) - 7}`) },
    ])
      expect(await status('stripe', headers), JSON.stringify(headers)).toBe(401);
  });

  test('Slack: v0=… over v0:time:body, of form fields too', async () => {
    await hook('slack', { scheme: 'slack' });
    const form = 'token=x&text=h%C3%A5j+%2Fdo';
    const headers = (t: string, text = form) => ({
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': t,
      'x-slack-signature': `v0=${mac(`v0:${t}:${text}`).digest('hex')}`,
    });
    expect((await call('slack', headers(seconds()), form)).json).toEqual({ token: 'x', text: 'håj /do' });
    expect(await status('slack', headers(seconds(301)), form)).toBe(401);
    expect(await status('slack', headers(seconds(), 'token=x'), form)).toBe(401);
    expect(await status('slack', { ...headers(seconds()), 'x-slack-request-timestamp': '' }, form)).toBe(401);
  });

  test('GitHub: sha256=… over the body', async () => {
    await hook('github', { scheme: 'github' });
    const signature = `sha256=${mac(body).digest('hex')}`;
    expect(await status('github', { 'x-hub-signature-256': signature })).toBe(200);
    expect(await status('github', { 'x-hub-signature-256': signature.toUpperCase().replace('SHA', 'sha') })).toBe(200);
    expect(await status('github', { 'x-hub-signature-256': signature.slice(7) })).toBe(401);
    expect(await status('github', { 'x-hub-signature': `sha1=${mac(body, secret, 'sha1').digest('hex')}` })).toBe(401);
  });

  test('Shopify: base64 over the body', async () => {
    await hook('shopify', { scheme: 'shopify' });
    const signature = mac(body).digest('base64');
    expect(await status('shopify', { 'x-shopify-hmac-sha256': signature })).toBe(200);
    // Another case is another signature in base64.
    expect(await status('shopify', { 'x-shopify-hmac-sha256': signature.toLowerCase() })).toBe(401);
    expect(await status('shopify', { 'x-shopify-hmac-sha256': mac(body).digest('hex') })).toBe(401);
  });

  test('Standard Webhooks: id.time.body under a key in base64', async () => {
    await hook('svix', { scheme: 'standard', credential: 'svix' });
    const headers = (t: string, id = 'msg_1') => ({
      'webhook-id': id,
      'webhook-timestamp': t,
      'webhook-signature': `v1,${Buffer.from('old').toString('base64')} v1,${mac(`msg_1.${t}.${body}`, Buffer.from(standardKey, 'base64')).digest('base64')}`,
    });
    expect(await status('svix', headers(seconds()))).toBe(200);
    expect(await status('svix', headers(seconds(), 'msg_2'))).toBe(401);
    expect(await status('svix', headers(seconds(301)))).toBe(401);
  });
});

describe('any other sender is described', () => {
  test('by a text over header, time and body, and by where the signature and the time stand', async () => {
    await hook('custom', {
      scheme: 'custom',
      header: 'X-Sig',
      algorithm: 'sha512',
      encoding: 'base64url',
      signatureField: 'sig',
      timeField: 'ts',
      signed: '{header:X-Shop}|{time}|{body}',
      tolerance: '30s',
    });
    const headers = (t: string, shop = 'north') => ({
      'x-shop': 'north',
      'x-sig': `ts=${t};sig=${mac(`${shop}|${t}|${body}`, secret, 'sha512').digest('base64url')}`,
    });
    expect(await status('custom', headers(seconds()))).toBe(200);
    expect(await status('custom', headers(seconds(), 'south'))).toBe(401);
    expect(await status('custom', headers(seconds(40)))).toBe(401);
    expect(await status('custom', headers(seconds(20)))).toBe(200);
  });

  test('by a header for the time and a prefix, as Zoom does', async () => {
    await hook('zoom', {
      scheme: 'custom',
      header: 'x-zm-signature',
      prefix: 'v0=',
      timestampHeader: 'x-zm-request-timestamp',
      signed: 'v0:{time}:{body}',
    });
    const t = seconds();
    const sent = { 'x-zm-request-timestamp': t, 'x-zm-signature': `v0=${mac(`v0:${t}:${body}`).digest('hex')}` };
    expect(await status('zoom', sent)).toBe(200);
    expect(await status('zoom', { ...sent, 'x-zm-request-timestamp': seconds(1) })).toBe(401);
  });

  test('what was published before there were schemes is checked as it was', async () => {
    await hook('plain', { header: 'x-signature', prefix: 'sha256=' });
    expect(await status('plain', { 'x-signature': `sha256=${mac(body).digest('hex')}` })).toBe(200);
    expect(await status('plain', { 'x-signature': mac(body).digest('hex') })).toBe(401);
  });

  test('a copy of a dated call starts nothing twice', async () => {
    await hook('twice', { scheme: 'stripe' });
    const t = seconds();
    const headers = { 'stripe-signature': `t=${t},v1=${mac(`${t}.${body}`).digest('hex')}` };
    const [first, second] = [await call('twice', headers), await call('twice', headers)];
    expect(first.headers.get('heddle-run-id')).toBe(second.headers.get('heddle-run-id'));
  });
});

describe('whoever caught a signed call cannot start a second run with it', () => {
  const runOf = async (path: string, headers: Record<string, string>, sent?: string, query = '') => {
    const { status: code, headers: said } = await call(`${path}${query}`, headers, sent);
    expect(code).toBe(200);
    return said.get('heddle-run-id');
  };
  const signed = (time: string, text = body) => mac(`${time}.${text}`).digest('hex');

  test('not by writing the signature otherwise, or with another beside it', async () => {
    await hook('caught', { scheme: 'plain', header: 'x-signature', timestampHeader: 'x-time' });
    const time = seconds();
    const first = await runOf('caught', { 'x-time': time, 'x-signature': signed(time) });
    expect(await runOf('caught', { 'x-time': time, 'x-signature': signed(time).toUpperCase() })).toBe(first);
    await hook('caught-stripe', { scheme: 'stripe' });
    const one = await runOf('caught-stripe', { 'stripe-signature': `t=${time},v1=${signed(time)}` });
    const more = `t=${time},v1=${'0'.repeat(64)},v1=${signed(time)}`;
    expect(await runOf('caught-stripe', { 'stripe-signature': more })).toBe(one);
  });

  test('not by a key of his own, in a header or where the author looks for one', async () => {
    const dated = { scheme: 'plain', header: 'x-signature', timestampHeader: 'x-time' };
    await hook('keyed', dated);
    const time = seconds();
    const right = { 'x-time': time, 'x-signature': signed(time) };
    const first = await runOf('keyed', { ...right, 'idempotency-key': 'a' });
    expect(await runOf('keyed', { ...right, 'idempotency-key': 'b' })).toBe(first);
    await hook('by-query', dated, { dedupeKey: '{{ $json.query.id }}' });
    const one = await runOf('by-query', right, body, '?id=1');
    expect(await runOf('by-query', right, body, '?id=2')).toBe(one);
  });

  test.each([
    ['at once', undefined],
    ['in its turn', { concurrency: { max: 1 } }],
  ])('not by waiting until it is forgotten: it is known for as long as it is fresh (%s)', async (how, settings) => {
    const path = `kept-${how.replaceAll(' ', '-')}`;
    await hook(
      path,
      { scheme: 'plain', header: 'x-signature', timestampHeader: 'x-time', tolerance: '7d' },
      {},
      settings,
    );
    const time = seconds(-2 * 86_400);
    const got = await call(path, { 'x-time': time, 'x-signature': signed(time) });
    expect([200, 202]).toContain(got.status);
    const run = got.headers.get('heddle-run-id');
    const [key] = await place.opened.ledger.sql`
      select extract(epoch from until)::float8 as until from dedupe_keys where run = ${run}`;
    expect(Number(key?.['until'])).toBeGreaterThan(Number(time) + 7 * 86_400);
  });

  test('and what a sender signs still tells his own repeats', async () => {
    const dated = { scheme: 'plain', header: 'x-signature', timestampHeader: 'x-time' };
    await hook('by-body', dated, { dedupeKey: '{{ $json.body.id }}' });
    const send = (time: string) => runOf('by-body', { 'x-time': time, 'x-signature': signed(time) });
    expect(await send(seconds(2))).toBe(await send(seconds()));
    // Nothing in a signature without a time tells a copy from the same thing happening twice: there the key counts as ever.
    await hook('undated', { scheme: 'github' });
    const github = { 'x-hub-signature-256': `sha256=${mac(body).digest('hex')}` };
    const first = await runOf('undated', { ...github, 'idempotency-key': 'a' });
    expect(await runOf('undated', { ...github, 'idempotency-key': 'a' })).toBe(first);
    expect(await runOf('undated', { ...github, 'idempotency-key': 'b' })).not.toBe(first);
  });
});
