import { expect, test } from 'vitest';
import { networkOf, placeOf } from '../http/place.ts';
import { countLogin, noteFailure } from './attempts.ts';
import { cookieOf, headersOf, home, openHouse, owner } from './testing/house.ts';

test('a login gives a cookie that only this site gets and no script reads', async () => {
  await using house = await openHouse();
  const answer = await house.call('POST', '/api/login', undefined, owner);
  expect(answer.cookies).toEqual([
    expect.objectContaining({ name: 'heddle.session_token', httpOnly: true, sameSite: 'Lax', path: '/' }),
    expect.objectContaining({ name: 'heddle.device', httpOnly: true, sameSite: 'Lax', path: '/' }),
  ]);
  expect(answer.body).toBe('{"ok":true}');
});

test('over https the cookie is secure and bound to this host', async () => {
  await using house = await openHouse({ env: { HEDDLE_URL: 'https://heddle.example.com' } });
  const answer = await house.send({ method: 'POST', url: '/api/login', payload: { ...owner } });
  expect(answer.cookies).toEqual([
    expect.objectContaining({ name: '__Host-heddle.session_token', secure: true, httpOnly: true, path: '/' }),
    expect.objectContaining({ name: '__Host-heddle.device', secure: true, httpOnly: true, path: '/' }),
  ]);
  for (const cookie of answer.cookies) expect(cookie).not.toHaveProperty('domain');
  expect(answer.headers['strict-transport-security']).toContain('max-age');
});

test('after logging out the cookie is worth nothing at once', async () => {
  await using house = await openHouse();
  const cookie = await house.logIn(owner.email, owner.password);
  expect((await house.call('GET', '/api/v1/me', cookie)).statusCode).toBe(200);
  expect((await house.call('POST', '/api/logout', cookie, {})).statusCode).toBe(204);
  expect((await house.call('GET', '/api/v1/me', cookie)).statusCode).toBe(401);
});

test('a wrong password and an unknown person get the same answer in the same class of time', async () => {
  await using house = await openHouse();
  const timed = async (email: string, ip: string) => {
    const from = performance.now();
    const answer = await house.send({
      method: 'POST',
      url: '/api/login',
      remoteAddress: ip,
      payload: { email, password: 'surely not this' },
    });
    return { status: answer.statusCode, body: answer.body, ms: performance.now() - from };
  };
  await timed(owner.email, '10.0.0.9');
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < 5; n++) {
    const one = await timed(owner.email, `10.0.1.${n}`);
    const other = await timed(`nobody${n}@example.com`, `10.0.2.${n}`);
    expect(one.body).toBe(other.body);
    expect([one.status, other.status]).toEqual([401, 401]);
    known.push(one.ms);
    unknown.push(other.ms);
  }
  const ratio = median(known) / median(unknown);
  expect(ratio).toBeGreaterThan(0.4);
  expect(ratio).toBeLessThan(2.5);
});

test('the eleventh try in a minute waits, for people that exist and for ones that do not, whatever NODE_ENV says', async () => {
  await using house = await openHouse();
  for (const email of [owner.email, 'nobody@example.com']) {
    const tries = Array.from({ length: 11 }, () =>
      house.call('POST', '/api/login', undefined, { email, password: 'wrong' }),
    );
    const answers = await Promise.all(tries);
    const late = answers.filter((answer) => answer.statusCode === 429);
    expect(late).toHaveLength(1);
    expect(Number(late[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(10);
  }
  // The right password waits as well, from there; from elsewhere the person gets in.
  expect((await house.call('POST', '/api/login', undefined, owner)).statusCode).toBe(429);
  const elsewhere = await house.send({
    method: 'POST',
    url: '/api/login',
    remoteAddress: '10.0.0.2',
    payload: { ...owner },
  });
  expect(elsewhere.statusCode).toBe(200);
});

test('nobody elsewhere can make a person wait: failures from many places slow a try, and refuse none', async () => {
  await using house = await openHouse();
  const { orm } = house.database.app;
  const at = (ip: string, device?: string) => ({ email: owner.email, ip, device });
  for (let n = 0; n < 120; n++) await noteFailure(orm, at('10.1.0.1'));
  expect(await countLogin(orm, at('10.2.0.1'))).toEqual({ afterMs: 2_000 });
  // A browser that the person has used before is asked for nothing.
  expect(await countLogin(orm, at('10.2.0.2', 'browser'))).toEqual({ afterMs: 0 });
  expect(await countLogin(orm, { ...at('10.2.0.3'), email: 'nobody@example.com' })).toEqual({ afterMs: 0 });
});

test('a browser that its person has used gets in from a place where somebody else used up all tries', async () => {
  await using house = await openHouse();
  const from = (headers: Record<string, string>, password: string = owner.password, email: string = owner.email) =>
    house.send({ method: 'POST', url: '/api/login', headers, remoteAddress: '10.0.0.7', payload: { email, password } });
  const first = await from({});
  const device = cookieOf(first).cookie.split('; ')[1]!;
  for (let n = 0; n < 11; n++) await from({}, 'wrong');
  expect((await from({})).statusCode).toBe(429);
  expect((await from({ cookie: device })).statusCode).toBe(200);
  // It is this person's, as it was made, and lets nobody in by itself.
  expect((await from({ cookie: device.replace(/.$/, (end) => (end === 'A' ? 'B' : 'A')) })).statusCode).toBe(429);
  expect((await from({ cookie: device }, 'wrong')).statusCode).toBe(401);
  expect((await house.send({ url: '/api/v1/me', headers: { cookie: device } })).statusCode).toBe(401);
});

test('a try that is refused writes nothing, and the next addresses of one IPv6 network are one place', async () => {
  await using house = await openHouse();
  const from = (remoteAddress: string) =>
    house.send({
      method: 'POST',
      url: '/api/login',
      remoteAddress,
      payload: { email: owner.email, password: 'wrong' },
    });
  for (let n = 0; n < 10; n++) expect((await from(`2001:db8:1:2::${n}`)).statusCode).toBe(401);
  const rows = async () =>
    house.database.engine.sql`select key, count, until, xmin::text, xmax::text from attempts order by key`;
  const before = await rows();
  const refused = await from('2001:db8:1:2:ffff::1');
  expect([refused.statusCode, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
  expect([...(await rows())]).toEqual([...before]);
  expect((await from('2001:db8:1:3::1')).statusCode).toBe(401);
});

test('a network of many places waits as a whole, and a browser that its person has used does not', async () => {
  await using house = await openHouse();
  const { orm } = house.database.app;
  const at = (n: number, device?: string) => ({
    email: `person${n}@example.com`,
    ip: `2001:db8:1:${n.toString(16)}::1`,
    device,
  });
  for (let n = 0; n < 300; n++) expect(await countLogin(orm, at(n))).toEqual({ afterMs: 0 });
  expect(await countLogin(orm, at(300))).toEqual({ waitSeconds: expect.any(Number) });
  expect(await countLogin(orm, at(300, 'browser'))).toEqual({ afterMs: 0 });
  expect(await countLogin(orm, { ...at(300), ip: '2001:db8:2::1' })).toEqual({ afterMs: 0 });
});

test.each([
  ['10.0.0.1', '10.0.0.1', '10.0.0.0/24'],
  ['::ffff:10.0.0.1', '10.0.0.1', '10.0.0.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['unix socket', 'unix socket', 'unix socket'],
])('the place of %s is %s, in the network %s', (address, place, network) =>
  expect([placeOf(address), networkOf(address)]).toEqual([place, network]),
);

test('changing the password ends every other session', async () => {
  await using house = await openHouse();
  const [here, there] = [
    await house.logIn(owner.email, owner.password),
    await house.logIn(owner.email, owner.password),
  ];
  const wrong = await house.call('PUT', '/api/v1/me/password', here, { current: 'not it', next: 'the next password' });
  expect([wrong.statusCode, wrong.json().error.code]).toEqual([403, 'password-wrong']);
  const right = await house.call('PUT', '/api/v1/me/password', here, {
    current: owner.password,
    next: 'the next password',
  });
  expect(right.statusCode).toBe(204);
  expect((await house.call('GET', '/api/v1/me', there)).statusCode).toBe(401);
  expect((await house.call('GET', '/api/v1/me', cookieOf(right))).statusCode).toBe(200);
  await expect(house.logIn(owner.email, 'the next password')).resolves.toBeDefined();
});

test('wrong current passwords count as wrong logins do', async () => {
  await using house = await openHouse();
  const { cookie } = headersOf(await house.logIn(owner.email, owner.password));
  const session = { cookie: cookie!.split('; ')[0]! };
  const change = (current: string) =>
    house.call('PUT', '/api/v1/me/password', session, { current, next: 'the next password' });
  expect((await change('not it')).statusCode).toBe(403);
  const one = { email: owner.email, ip: '127.0.0.1', device: undefined };
  for (let n = 0; n < 9; n++) expect(await countLogin(house.database.app.orm, one)).toEqual({ afterMs: 0 });
  const waits = await change(owner.password);
  expect([waits.statusCode, Number(waits.headers['retry-after']) > 0]).toEqual([429, true]);
  // A browser that the person has used goes on.
  expect(
    (
      await house.call(
        'PUT',
        '/api/v1/me/password',
        { cookie: cookie! },
        { current: 'not it', next: 'the next password' },
      )
    ).statusCode,
  ).toBe(403);
});

test('a cookie with a forged signature, a cut one and an empty one are nobody’s', async () => {
  await using house = await openHouse();
  const by = await house.logIn(owner.email, owner.password);
  const cookie = 'cookie' in by ? by.cookie.split('; ')[0]! : '';
  const forged = [cookie.replace(/.{6}$/, 'AAAAA%3D'), cookie.slice(0, 40), 'heddle.session_token='];
  const answers = await Promise.all(forged.map((one) => house.call('GET', '/api/v1/me', { cookie: one })));
  expect(answers.map((answer) => answer.statusCode)).toEqual([401, 401, 401]);
});

test('a change with a cookie comes from our own pages, as JSON, and never by GET (E5)', async () => {
  await using house = await openHouse();
  const { origin: _origin, ...cookie } = headersOf(await house.logIn(owner.email, owner.password));
  const json = { 'content-type': 'application/json' };
  const make = (headers: Record<string, string>, payload = '{"name":"stolen"}') =>
    house.send({ method: 'POST', url: '/api/v1/keys', headers: { ...cookie, ...headers }, payload });
  const refused: [Record<string, string>, number, string?][] = [
    [{ ...json, origin: 'https://evil.example' }, 403],
    [{ ...json, origin: 'null' }, 403],
    [{ ...json, origin: 'http://localhost:9999', host: 'localhost:4000' }, 403],
    [{ ...json, origin: 'http://evil.example', host: 'evil.example' }, 403],
    [json, 403],
    [{ ...json, origin: home, 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: home, 'content-type': 'text/plain' }, 415],
    [{ origin: home, 'content-type': 'application/x-www-form-urlencoded' }, 415, 'name=stolen'],
    [{ origin: home, 'content-type': 'multipart/form-data; boundary=x' }, 415],
    [{ origin: 'https://evil.example', 'content-type': 'text/plain' }, 403],
  ];
  const answers = await Promise.all(refused.map(([headers, , payload]) => make(headers, payload)));
  expect(answers.map((answer) => answer.statusCode)).toEqual(refused.map(([, status]) => status));
  const byGet = await house.send({
    url: '/trpc/accounts.createKey?input={"name":"stolen"}',
    headers: { ...cookie, origin: home },
  });
  expect(byGet.statusCode).toBe(405);
  const foreignBatch = await house.send({
    method: 'POST',
    url: '/trpc/accounts.createKey?batch=1',
    headers: { ...cookie, ...json, origin: 'https://evil.example' },
    payload: '{"0":{"name":"stolen"}}',
  });
  expect(foreignBatch.statusCode).toBe(403);
  const keys = await house.call('GET', '/api/v1/keys', await house.key('owner'));
  expect(keys.json().items.map((key: { name: string }) => key.name)).not.toContain('stolen');
  expect((await make({ ...json, origin: home })).statusCode).toBe(201);
});

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
