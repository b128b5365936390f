import { describe, expect, test } from 'vitest';
import { effectOf } from '../../flow/document/ports.ts';
import { cardOf } from '../kit/card.ts';
import { exampleBatch } from '../kit/examples.ts';
import { Failed } from '../kit/fault-record.ts';
import { fakeWorld } from '../kit/fakes.ts';
import type { FakeExchange, Fakes } from '../kit/fakes.ts';
import { prepare } from '../kit/perform.ts';
import { httpRequest } from './http-request.ts';

const url = 'https://api.example.com/x';
async function send(params: object, fakes: Fakes = { http: [{}] }, item: unknown = {}) {
  const stored = { url, ...params };
  const world = fakeWorld(fakes);
  const batch = exampleBatch(httpRequest, stored, { given: { in: [item] }, fakes });
  const outcome = await prepare(httpRequest, stored).batch(batch, world.powers);
  return { sent: world.sent[0], reply: outcome.out['reply']?.items, written: world.written };
}
const bodyText = (body: string | Uint8Array | undefined) =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);

describe('the class of effect', () => {
  test.each([
    [{}, 'idempotent'],
    [{ method: 'PUT' }, 'idempotent'],
    [{ method: 'POST' }, 'effect'],
    [{ method: 'PATCH' }, 'effect'],
    [{ method: '{{ $json.method }}' }, 'effect'],
    [{ method: 'POST', idempotent: true }, 'idempotent'],
    [{ method: 'POST', idempotent: '{{ true }}' }, 'effect'],
    [{ method: 'unless' }, 'idempotent'],
  ])('%j is %s', (params, expected) => {
    expect(effectOf(cardOf(httpRequest).effect, params, cardOf(httpRequest).defaults)).toBe(expected);
  });

  test('the key goes with everything that may change something, and not with a read', async () => {
    expect((await send({ method: 'GET' })).sent?.headers).toEqual({});
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect((await send({ method })).sent?.headers).toEqual({ 'idempotency-key': 'wf_example_0' });
    const own = await send({ method: 'PUT', headers: { 'Idempotency-Key': 'mine' } });
    expect(own.sent?.headers).toEqual({ 'idempotency-key': 'mine' });
  });
});

describe('the address', () => {
  test.each(['..', '.', '../admin', 'a/../../admin', '%2e%2E', '.%2e', 'a/.', '..?x=1', '..#top'])(
    'a value of %j would call another address: nothing is sent',
    async (id) => {
      const sent = send({ url: 'https://api.example.com/orders/{{ $json.id }}' }, { http: [{}] }, { id });
      await expect(sent).rejects.toMatchObject({ record: { code: 'params.invalid', details: { param: 'url' } } });
    },
  );

  test.each(['...', 'v1..2', '..a', 'a?next=/../x', 'a#/../x', '.well-known/x'])('%j is sent as it is', async (id) => {
    const { sent } = await send({ url: 'https://api.example.com/{{ $json.id }}' }, { http: [{}] }, { id });
    expect(sent?.url).toBe(`https://api.example.com/${id.replace(/#.*/, '')}`);
  });
});

describe('the body', () => {
  const file = { $file: 'f1', name: 'å"\r\nX: y.txt', type: 'text/plain', size: 2 };
  test.each([
    [{ json: { a: [1, null] } }, 'application/json', '{"a":[1,null]}'],
    [{ json: '{{ $json }}' }, 'application/json', '{"name":"Åsa"}'],
    [{ form: { a: '1 & 2', b: ['x', 'y'], c: null } }, 'application/x-www-form-urlencoded', 'a=1%20%26%202&b=x&b=y'],
    [{ text: 'hej {{ $json.name }}' }, 'text/plain; charset=utf-8', 'hej Åsa'],
    [{ file: { file } }, 'text/plain', 'hi'],
  ])('%j', async (params, type, expected) => {
    const { sent } = await send({ method: 'POST', ...params }, { http: [{}], file: { f1: 'hi' } }, { name: 'Åsa' });
    expect(sent?.headers?.['content-type']).toBe(type);
    expect(bodyText(sent?.body)).toBe(expected);
  });

  test('a multipart body parts texts and files, and no name can begin a header of its own', async () => {
    const { sent } = await send(
      { method: 'POST', multipart: { 'a"b': 1, doc: file } },
      { http: [{}], file: { f1: 'hi' } },
    );
    const boundary = 'heddle-wf_example_0';
    expect(sent?.headers?.['content-type']).toBe(`multipart/form-data; boundary=${boundary}`);
    expect(bodyText(sent?.body)).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="a%22b"',
        '',
        '1',
        `--${boundary}`,
        'Content-Disposition: form-data; name="doc"; filename="å%22%0D%0AX: y.txt"',
        'Content-Type: text/plain',
        '',
        'hi',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
  });

  test('two bodies are refused before anything is sent', async () => {
    const failing = send({ method: 'POST', json: 1, text: 'a' });
    await expect(failing).rejects.toMatchObject({ record: { code: 'params.invalid', done: 'no' } });
  });
});

describe('a complete answer with an error status', () => {
  test.each<[number, Record<string, string>, 'no' | 'yes', number | undefined]>([
    [400, {}, 'no', undefined],
    [404, {}, 'no', undefined],
    [408, {}, 'yes', undefined],
    [409, {}, 'yes', undefined],
    [425, {}, 'yes', undefined],
    [429, {}, 'yes', undefined],
    [429, { 'retry-after': '7' }, 'no', 7_000],
    [503, { 'retry-after': 'Thu, 15 Jan 2026 09:31:00 GMT' }, 'no', 60_000],
    [503, { 'retry-after': 'Thu, 15 Jan 2026 10:00:00 GMT', date: 'Thu, 15 Jan 2026 09:59:30 GMT' }, 'no', 30_000],
    [503, { 'retry-after': 'whenever' }, 'yes', undefined],
    [500, { 'retry-after': '5' }, 'yes', 5_000],
    [502, {}, 'yes', undefined],
  ])('%i with %j: done %s, wait %s', async (status, headers, done, retryAfterMs) => {
    const failing = send(
      { method: 'POST', url: `${url}?key=secret` },
      { http: [{ reply: { status, headers, text: 'no\n stock' } }] },
    );
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failed);
    expect(error).toMatchObject({
      record: { code: 'http.status', done, message: `POST ${url} answered ${status}: no stock` },
      retryAfterMs,
    });
  });
});

test.each([
  ['7200', '2 h', 7_200_000],
  ['999999999', '11575 days', 999_999_999_000],
  ['Sun, 18 Jan 2026 09:30:00 GMT', '3 days', 3 * 86_400_000],
])('a service that asks for a wait of more than an hour is quoted: %s', async (value, words, retryAfterMs) => {
  const reply = { status: 429, headers: { 'retry-after': value }, text: 'slow down' };
  const failing = send({ method: 'POST', url }, { http: [{ reply }] });
  await expect(failing).rejects.toMatchObject({
    record: {
      message: `POST ${url} answered 429, and asks to be called again in ${words}: slow down`,
      mend: expect.stringContaining('an hour at most'),
    },
    retryAfterMs,
  });
});

describe('the answer', () => {
  const big = '{"id":12345678901234567890,"n":1.5}';
  const jsonType = { 'content-type': 'application/json' };
  test.each<[object, NonNullable<FakeExchange['reply']>, unknown]>([
    [{}, { status: 204 }, [{}]],
    [{}, { json: [] }, []],
    [{}, { text: big, headers: jsonType }, [{ id: '12345678901234567890', n: 1.5 }]],
    [{}, { text: '<p>', headers: { 'content-type': 'text/html' } }, ['<p>']],
    [{}, { text: '{"a":1}', headers: { 'content-type': '' } }, [{ a: 1 }]],
    [{}, { text: '{not json}', headers: jsonType }, ['{not json}']],
    [{}, { text: '[draft]' }, ['[draft]']],
    [{}, { text: 'null', headers: jsonType }, [null]],
    [{ as: 'json' }, { text: '\uFEFF[1]' }, [1]],
    [{ as: 'text' }, { json: { a: 1 } }, ['{"a":1}']],
    [
      { as: 'full', anyStatus: true },
      { status: 500 },
      [{ status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: {}, url }],
    ],
  ])('%j of %j', async (params, reply, expected) => {
    expect((await send(params, { http: [{ reply }] })).reply).toEqual(expected);
  });

  test.each([
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    [undefined, 'x'],
  ])('a file is stored under its last name only: %s', async (disposition, name) => {
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      ...(disposition ? { 'content-disposition': disposition } : {}),
    };
    const { reply, written } = await send({ as: 'file' }, { http: [{ reply: { text: 'a,b', headers } }] });
    expect(reply).toEqual([{ file: { $file: 'file_1', name, type: 'text/csv', size: 3 } }]);
    expect(bodyText(written.get('file_1'))).toBe('a,b');
  });
});

test.each(['ftp://example.com', '/orders', 'example.com', 'javascript:1'])(
  '%s is no whole address',
  async (address) => {
    await expect(send({ url: address })).rejects.toMatchObject({
      record: { code: 'params.invalid', details: { param: 'url' } },
    });
  },
);

describe('what is too long for the head of a request is refused before anything is done with it', () => {
  test.each([
    [{ url: `${url}?${'.'.repeat(300_000)}` }, 'url'],
    [{ query: { q: '!'.repeat(300_000) } }, 'url'],
    [{ headers: { 'x-all': 'a'.repeat(300_000) } }, 'headers'],
  ])('%#', async (params, param) => {
    await expect(send(params)).rejects.toMatchObject({ record: { code: 'params.invalid', details: { param } } });
  });

  test('more names than anybody takes', async () => {
    const form = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`k${at}`, 1]));
    const failing = send({ method: 'POST', form: '{{ $json }}' }, { http: [{}] }, form);
    await expect(failing).rejects.toMatchObject({
      record: { code: 'params.invalid', message: 'Form body does not fit: Enter 10000 names at most.' },
    });
  });
});

test('a long form and a long part are written piece by piece, and no character is cut in two', async () => {
  const text = '🎈!'.repeat(50_000);
  const { sent } = await send({ method: 'POST', form: { a: text, b: [text, { text }] } });
  const expected = new URLSearchParams([...['a', 'b'].map((name) => [name, text]), ['b', JSON.stringify({ text })]]);
  expect([...new URLSearchParams(bodyText(sent?.body))]).toEqual([...expected]);
  const parts = await send({ method: 'POST', multipart: { a: text } });
  expect(bodyText(parts.sent?.body)).toContain(`\r\n\r\n${text}\r\n`);
});
