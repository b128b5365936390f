import { connect } from 'node:net';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readers } from '../http/readers.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
beforeAll(async () => {
  place = await openPlace();
  for (const [path, body] of [
    ['parsed', 'parsed'],
    ['raw', 'raw'],
  ] as const)
    await place.publish(
      drawn(
        path,
        {
          hook: { type: 'start.webhook', params: { path, body, reply: 'respond' } },
          reply: { type: 'control.respond', params: { with: 'json', value: '{{ $json }}' } },
        },
        'hook -> reply',
      ),
    );
  await place.publish(
    drawn(
      'echo',
      {
        hook: { type: 'start.webhook', params: { path: 'echo', reply: 'respond' } },
        reply: { type: 'control.respond', params: { with: 'file', value: '{{ $json.body }}' } },
      },
      'hook -> reply',
    ),
  );
});
afterAll(() => place[Symbol.asyncDispose]());

const send = (path: string, body: Buffer | string, type?: string, query = '', more: Record<string, string> = {}) =>
  place.hook(`/hooks/main/${path}${query}`, {
    method: 'POST',
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...more },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
const logsOf = async (run: string | null) =>
  JSON.stringify((await place.call('GET', `/api/v1/runs/${run}/steps`)).json.items[0].logs ?? []);

// The bytes that begin every PNG, then some that no text has.
const picture = Buffer.from('89504e470d0a1a0a0000000d49484452ff00fe', 'hex');

describe('a body that is no text arrives as a file, byte for byte', () => {
  test.each([
    ['parsed', 'image/png', 'body.png'],
    ['raw', 'image/png', 'body.png'],
    ['parsed', 'application/pdf', 'body.pdf'],
    ['parsed', 'application/octet-stream', 'body.bin'],
    ['raw', 'application/octet-stream', 'body.bin'],
    ['parsed', 'application/zip', 'body.zip'],
    ['parsed', 'audio/ogg; codecs=opus', 'body.ogg'],
    ['raw', 'text/plain', 'body.txt'],
  ])('%s, sent as %s', async (path, type, name) => {
    const { json, status } = await send(path, picture, type);
    expect(status).toBe(200);
    expect(json.body).toEqual({ $file: expect.any(String), name, type: type.split(';')[0], size: picture.length });
  });

  test('its bytes are the ones that were sent, and its name the one that the sender gave', async () => {
    const name = "attachment; filename*=UTF-8''%C5%81%C3%B3d%C5%BA.png";
    const response = await fetch(`${place.url}/hooks/main/echo`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', 'content-disposition': name },
      body: new Uint8Array(picture),
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(picture);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-disposition')).toContain('%C5%81%C3%B3d%C5%BA.png');
  });

  test('without a content type, what reads as text is text and what does not is a file', async () => {
    expect((await send('parsed', Buffer.from('hej å'))).json.body).toBe('hej å');
    expect((await send('parsed', picture)).json.body).toMatchObject({ type: 'application/octet-stream' });
  });
});

test('who does not take a file that a workflow answers holds its bytes and nothing else, until he goes', async () => {
  const body = Buffer.alloc(15 * 1024 * 1024, 7);
  await expect.poll(() => readers.waiting).toBe(0);
  const socket = connect(Number(new URL(place.url).port), '127.0.0.1').pause();
  socket.write(
    `POST /hooks/main/echo HTTP/1.1\r\nhost: a\r\ncontent-type: image/png\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
  await expect.poll(() => readers.waiting).toBe(body.length);
  // The run is over, no stage is under way, and others are answered.
  await expect.poll(() => place.opened.engine.computing).toBe(0);
  expect((await send('parsed', 'hej', 'text/plain')).status).toBe(200);
  socket.resetAndDestroy();
  await expect.poll(() => readers.waiting).toBe(0);
});

describe('text is read in the encoding that it is in', () => {
  test.each([
    ['text/plain; charset=iso-8859-1', 'latin1', 'Região'],
    ['text/plain; charset="windows-1251"', 'windows-1251', 'Привет'],
    ['text/csv;charset=Shift_JIS', 'shift_jis', '名前,値段'],
    ['text/plain; charset=euc-kr', 'euc-kr', '안녕하세요'],
    ['text/plain; charset=gb2312', 'gbk', '你好'],
    ['text/plain; charset=cp850', 'cp850', 'Åke'],
    ['application/json; charset=iso-8859-1', 'latin1', '"Åse"'],
    ['application/x-ndjson', 'utf8', '{"a":1}\n{"a":2}\n'],
    ['application/yaml', 'utf8', 'a: å'],
  ])('%s', async (type, encoding, text) => {
    const { json } = await send('parsed', iconv.encode(text, encoding), type);
    expect(json.body).toBe(type.includes('json;') ? JSON.parse(text) : text);
  });

  test.each([
    ['UTF-16 with a mark', Buffer.from('\uFEFF{"a":"å"}', 'utf16le'), 'application/json', { a: 'å' }],
    ['UTF-16 without one', Buffer.from('{"a":"å"}', 'utf16le'), 'application/json', { a: 'å' }],
    ['a mark of UTF-8', Buffer.from('\uFEFF{"a":"å"}'), 'application/json', { a: 'å' }],
    [
      'an XML declaration',
      iconv.encode('<?xml version="1.0" encoding="windows-1250"?><a>Łódź</a>', 'windows-1250'),
      'text/xml',
      '<?xml version="1.0" encoding="windows-1250"?><a>Łódź</a>',
    ],
    [
      'a meta of HTML',
      iconv.encode('<html><meta charset="iso-8859-15"><p>5 €</p>', 'iso-8859-15'),
      'text/html',
      '<html><meta charset="iso-8859-15"><p>5 €</p>',
    ],
  ])('by %s', async (_, bytes, type, value) => {
    expect((await send('parsed', bytes, type)).json.body).toEqual(value);
  });

  test.each([
    ['nothing says what it is', 'text/plain', 'utf-8'],
    ['it is not what it says', 'text/plain; charset=utf-8', 'utf-8'],
    ['nobody knows the encoding', 'text/plain; charset=x-nobody', 'x-nobody'],
    ['it is not the Japanese that it says', 'text/plain; charset=euc-jp', 'euc-jp'],
  ])('a body that cannot be read is refused by the name of its encoding: %s', async (_, type, encoding) => {
    const { status, json } = await send('parsed', Buffer.from('Regi\xe3o', 'latin1'), type);
    expect([status, json.error.code]).toEqual([400, 'body-encoding']);
    expect(json.error.message).toContain(encoding);
    expect(json.error.mend).toContain('charset');
  });

  test('raw text is decoded too, and is a file where it cannot be', async () => {
    const latin = Buffer.from('Regi\xe3o', 'latin1');
    expect((await send('raw', latin, 'text/plain; charset=latin1')).json.body).toBe('Região');
    expect((await send('raw', latin, 'text/plain')).json.body).toMatchObject({ $file: expect.any(String), size: 6 });
  });
});

describe('forms in the encoding of their page', () => {
  const urlencoded = 'application/x-www-form-urlencoded';
  test.each([
    ['UTF-8', 'name=%C3%85ke', urlencoded, { name: 'Åke' }],
    ['a charset', 'name=%C5ke&ort=Malm%F6', `${urlencoded}; charset=iso-8859-1`, { name: 'Åke', ort: 'Malmö' }],
    ['the field _charset_', '_charset_=windows-1251&a=%CF', urlencoded, { _charset_: 'windows-1251', a: 'П' }],
    ['a percent that begins nothing', 'rabatt=10%&%C3%A5=1+2', urlencoded, { rabatt: '10%', å: '1 2' }],
  ])('%s', async (_, body, type, fields) => {
    expect((await send('parsed', body, type)).json.body).toEqual(fields);
  });

  test('fields that are not in it are refused', async () => {
    const { status, json } = await send('parsed', 'name=%C5ke', urlencoded);
    expect([status, json.error.code]).toEqual([400, 'body-encoding']);
    expect(json.error.message).toContain('“name”');
  });

  test('each part of a form with files may have an encoding of its own', async () => {
    const part = (head: string, body: Buffer) =>
      Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), body, Buffer.from('\r\n')]);
    const body = Buffer.concat([
      part('name="a"\r\nContent-Type: text/plain; charset=windows-1252', Buffer.from('5 \x80', 'latin1')),
      part('name="å"', Buffer.from('ö\r\n--y')),
      part('name="f"; filename="Łódź \\"1\\".bin"\r\nContent-Type: application/x-thing', picture),
      part('name="none"; filename=""\r\nContent-Type: application/octet-stream', Buffer.alloc(0)),
      Buffer.from('--x--\r\n'),
    ]);
    const { json } = await send('parsed', body, 'multipart/form-data; boundary=x');
    expect(json.body).toEqual({
      a: '5 €',
      å: 'ö\r\n--y',
      f: { $file: expect.any(String), name: 'Łódź "1".bin', type: 'application/x-thing', size: picture.length },
    });
    const broken = await send('parsed', body.subarray(0, 200), 'multipart/form-data; boundary=x');
    expect([broken.status, broken.json.error.code]).toEqual([400, 'form-invalid']);
    const wrong = Buffer.concat([part('name="a"', Buffer.from([0xe5])), Buffer.from('--x--\r\n')]);
    expect((await send('parsed', wrong, 'multipart/form-data; boundary=x')).json.error.message).toContain('“a”');
  });

  test('an address whose query is not UTF-8 is taken, and the trace says which field lost letters', async () => {
    const got = await send('parsed', '1', 'application/json', '?q=%E5&r=%C3%A5');
    expect(got.json.query).toEqual({ q: '\ufffd', r: 'å' });
    expect(await logsOf(got.headers.get('heddle-run-id'))).toContain('/query/q');
  });

  test('a NUL is replaced, and the trace says so', async () => {
    const got = await send('parsed', 'a\0b', 'text/plain');
    expect(got.json.body).toBe('a\ufffdb');
    expect(await logsOf(got.headers.get('heddle-run-id'))).toContain('/body');
  });
});
