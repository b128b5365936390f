import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from 'node:net';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

// What anybody may send to an open door and is no accident.

let place: TestServer;
beforeAll(async () => {
  place = await openPlace();
  const respond = { type: 'control.respond', params: { with: 'json', value: '{{ $json }}' } };
  const hook = (path: string, more: object = {}) => ({
    type: 'start.webhook',
    params: { path, reply: 'respond', ...more },
  });
  await place.publish(drawn('open', { hook: hook('open'), reply: respond }, 'hook -> reply'));
  await place.publish({
    ...drawn('keyed', { hook: hook('keyed', { reply: 'now' }), reply: respond }, 'hook -> reply'),
    settings: { concurrency: { max: 1, key: '{{ $json.query.k }}{{ $json.body.k }}' } },
  });
  const fields = { username: 'olga', password: 'a long password' };
  await place.call('POST', '/api/v1/credentials', { name: 'caller', type: 'basic', fields });
  const auth = { kind: 'basic', credential: 'caller' };
  await place.publish(drawn('closed', { hook: hook('closed', { auth }), reply: respond }, 'hook -> reply'));
});
afterAll(() => place[Symbol.asyncDispose]());

const send = (path: string, body: BodyInit, type?: string) =>
  place.hook(`/hooks/main/${path}`, {
    method: 'POST',
    headers: type === undefined ? {} : { 'content-type': type },
    body,
  });
const urlencoded = 'application/x-www-form-urlencoded';

describe('a NUL, which no database stores, is replaced wherever it comes in', () => {
  test.each([
    ['a query', 'keyed?k=a%00b', '{}', 'application/json'],
    ['a field', 'keyed', 'k=a%00b', urlencoded],
    ['a key of JSON', 'keyed', '{"\\u0000":1,"k":"a\\u0000b"}', 'application/json'],
  ])('in %s under a concurrency key', async (_, path, body, type) => {
    expect((await send(path, body, type)).status).toBe(202);
  });

  test('in names and values of fields, and the trace says where', async () => {
    const got = await send('open?q%00=%00', 'a%00=b%00', urlencoded);
    expect(got.json).toMatchObject({ query: { 'q\ufffd': '\ufffd' }, body: { 'a\ufffd': 'b\ufffd' } });
    const { json } = await place.call('GET', `/api/v1/runs/${got.headers.get('heddle-run-id')}/steps`);
    const logs = JSON.stringify(json.items[0].logs);
    expect(logs).toContain('/query/q\ufffd');
    expect(logs).toContain('/body/a\ufffd');
  });
});

describe('a file cannot be named, however that is spelt', () => {
  const form = new FormData();
  form.append('$file', 'x');
  test.each([
    ['a field', 'open', '$file=x&name=a&size=1', urlencoded],
    ['an escaped field', 'open', '%24f%69le=x', urlencoded],
    ['a field in another encoding', 'open', '_charset_=latin1&%24file=%e5', urlencoded],
    ['a part', 'open', form, undefined],
    ['a query', 'open?$file=x', '{}', 'application/json'],
    ['JSON', 'open', '{"a":[{"\\u0024file":"x"}]}', 'application/json'],
  ])('in %s', async (_, path, body, type) => {
    const { status, json } = await send(path, body, type);
    expect([status, json.error.code]).toEqual([400, 'file-handle']);
  });
});

test('20,000 tiny files in one body are refused, none of them stored', async () => {
  const part = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nb\r\n';
  const { status, json } = await send('open', part.repeat(20_000) + '--x--\r\n', 'multipart/form-data; boundary=x');
  expect([status, json.error.code]).toEqual([413, 'too-large']);
  expect(json.error.mend).toContain('200 files');
});

test('who does not know the password is told so before a byte of the body is read', async () => {
  const answer = await new Promise<string>((resolve) => {
    const port = Number(new URL(place.url).port);
    const head = [
      'POST /hooks/main/closed HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      'Content-Length: 1000',
    ];
    // The body never comes.
    const socket = connect(port, '127.0.0.1', () => socket.write(`${[...head, '', ''].join('\r\n')}`));
    socket.on('data', (bytes) => {
      resolve(String(bytes));
      socket.destroy();
    });
  });
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
});
