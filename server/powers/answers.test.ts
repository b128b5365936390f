import iconv from 'iconv-lite';
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { farSide } from '../wire/testing/far-side.ts';
import type { Ask, FarSide } from '../wire/testing/far-side.ts';

let place: TestServer;
let workspace: string;
let far: FarSide;
let asked: Ask | undefined;
let answer: { type?: string; body: Buffer | string; headers?: Record<string, string>; status?: number } = { body: '' };
beforeAll(async () => {
  far = await farSide((ask, _, response) => {
    asked = ask;
    const { type, body, headers, status = 200 } = answer;
    response.writeHead(status, { ...(type === undefined ? {} : { 'content-type': type }), ...headers }).end(body);
  });
  place = await openPlace({ env: { HEDDLE_ALLOW_HOSTS: far.pair } });
  workspace = await findWorkspace(place.opened.ground.database.app.sql, 'main');
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
});

let count = 0;
/** Runs one node after a manual start, on what comes of the answer. */
async function run(type: string, params: object, given: typeof answer = answer, input: object = {}, version?: number) {
  answer = given;
  const node = { type, params, ...(version === undefined ? {} : { version }) };
  const { id } = await place.publish(
    drawn(`Answer ${++count}`, { go: { type: 'start.manual' }, ask: node }, 'go -> ask'),
  );
  const { json } = await place.call('POST', `/api/v1/workflows/${id}/runs`, { input, wait: 20 });
  const steps = (await place.call('GET', `/api/v1/runs/${json.id}/steps`)).json.items;
  return {
    output: json.output,
    error: json.error,
    logs: JSON.stringify(steps.find(({ key }: { key: string }) => key === 'ask')?.logs ?? []),
  };
}
const http = (params: object, given?: typeof answer, input?: object, version?: number) =>
  run('connect.http-request', { url: `${far.url}/file.bin`, ...params }, given, input, version);

describe('an answer is read in the encoding that it is in', () => {
  test.each([
    ['text/html; charset="ISO-8859-1"', 'latin1', 'Região'],
    ['text/plain; charset=windows-1251', 'windows-1251', 'Привет'],
    ['text/plain; charset=GB18030', 'gb18030', '你好，世界'],
    ['text/xml', 'windows-1250', '<?xml version="1.0" encoding="windows-1250"?><a>Łódź</a>'],
    ['text/html', 'shift_jis', '<html><head><meta charset="Shift_JIS"></head>名前'],
  ])('%s', async (type, encoding, text) => {
    expect((await http({}, { type, body: iconv.encode(text, encoding) })).output).toEqual([text]);
  });

  test('where nothing says it, a detector does, and the log says what it took', async () => {
    const text = 'имя;город\nИван;Москва\n';
    const { output, logs } = await http({}, { type: 'text/plain', body: iconv.encode(text, 'windows-1251') });
    expect(output).toEqual([text]);
    expect(logs).toContain('windows-1251');
  });

  test('or its reader chooses it', async () => {
    const given = { type: 'text/plain', body: iconv.encode('Åke', 'cp850') };
    expect((await http({ encoding: 'cp850' }, given)).output).toEqual(['Åke']);
  });

  test.each([
    ['text/plain; charset=utf-8', 'utf-8', {}],
    ['text/plain', 'shift_jis', { encoding: 'shift_jis' }],
    ['text/html; charset=euc-jp', 'euc-jp', { as: 'text' }],
  ])('what cannot be read is a fault that names the encoding: %s', async (type, encoding, params) => {
    const { error } = await http(params, { type, body: Buffer.from([0x52, 0xff, 0xfe, 0x80]) });
    expect(error).toMatchObject({ code: 'http.undecodable', message: expect.stringContaining(encoding) });
  });

  test('a picture or an archive is a file, byte for byte, with the name that it was given', async () => {
    const body = Buffer.from('89504e470d0a1a0a00ff', 'hex');
    const file = (name: string, type: string) => [
      { file: { $file: expect.any(String), name, type, size: body.length } },
    ];
    expect((await http({}, { type: 'image/png', body })).output).toEqual(file('file.bin', 'image/png'));
    expect((await http({}, { body })).output).toEqual(file('file.bin', 'application/octet-stream'));
    const headers = { 'content-disposition': 'attachment; filename="_.zip"; filename*=UTF-8\'\'%C3%A5.zip' };
    expect((await http({}, { type: 'application/zip', body, headers })).output).toEqual(
      file('å.zip', 'application/zip'),
    );
    const full = await http({ as: 'full' }, { type: 'image/png', body });
    expect(full.output[0].body).toEqual(file('file.bin', 'image/png')[0]);
  });

  test('a long integer stays exact as text, and the log names it', async () => {
    const { output, logs } = await http({}, { type: 'application/json', body: '{"form":120219279256800279,"n":1.5}' });
    expect(output).toEqual([{ form: '120219279256800279', n: 1.5 }]);
    expect(logs).toContain('form');
  });

  test('version 1 reads as it did, and its log says that letters are lost', async () => {
    const given = { type: 'text/plain', body: Buffer.from([0x52, 0xe3]) };
    const { output, logs } = await http({}, given, {}, 1);
    expect(output).toEqual(['R\ufffd']);
    expect(logs).toContain('letters');
  });
});

describe('an answer that is a file is stored while it comes', () => {
  const body = randomBytes(3_000_000);

  test.each([{ as: 'file' }, {}, { as: 'full' }])('byte for byte, with its name: %j', async (params) => {
    const { output } = await http(params, { type: 'application/zip', body });
    const file = 'as' in params && params.as === 'full' ? output[0].body.file : output[0].file;
    const $file = createHash('sha256').update(body).digest('base64url');
    expect(file).toEqual({ $file, name: 'file.bin', type: 'application/zip', size: body.length });
    expect(Buffer.compare((await place.opened.ledger.blobs.readBytes(workspace, $file))!, body)).toBe(0);
  });

  test('of an error status only where that is asked for; otherwise it is the fault', async () => {
    const given = { type: 'application/zip', body, status: 500 };
    expect((await http({ as: 'file' }, given)).error).toMatchObject({ code: 'http.status' });
    expect((await http({ as: 'file', anyStatus: true }, given)).output).toMatchObject([
      { file: { size: body.length } },
    ]);
  });

  test('and one whose run is cancelled in the middle is let go, with nothing left of it', async () => {
    let open = 0;
    await using slow = await farSide((_, __, response) => {
      open++;
      response.on('close', () => open--);
      response.writeHead(200, { 'content-type': 'application/zip' }).write(body);
    });
    await using other = await openPlace({ env: { HEDDLE_ALLOW_HOSTS: slow.pair } });
    const params = { url: slow.url, as: 'file', timeout: '5m' };
    const ask = { type: 'connect.http-request', params };
    const { id } = await other.publish(drawn('Slow', { go: { type: 'start.manual' }, ask }, 'go -> ask'));
    const { json } = await other.call('POST', `/api/v1/workflows/${id}/runs`, { input: {} });
    await expect.poll(() => open).toBe(1);
    const run = json.runId;
    expect((await other.call('POST', `/api/v1/runs/${run}/cancel`)).status).toBe(200);
    await expect.poll(() => open).toBe(0);
    expect((await other.over(run)).json).toMatchObject({ status: 'cancelled' });
    const [row] = await other.opened.ledger.sql`select count(*)::int as blobs from blobs`;
    expect(row).toEqual({ blobs: 0 });
  });
});

describe('a feed is read in the encoding of its declaration', () => {
  const rss = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?><rss version="2.0"><channel><title>Новости</title><item><title>Привет & мир</title><link>/1</link></item></channel></rss>`;
  test.each(['windows-1251', 'koi8-r', 'utf-8', 'iso-8859-5'])('%s', async (encoding) => {
    const { output } = await run(
      'connect.rss',
      { url: `${far.url}/feed/a.xml` },
      { type: 'application/xml', body: iconv.encode(rss(encoding), encoding) },
    );
    expect(output).toMatchObject([{ title: 'Привет & мир', link: `${far.url}/1` }]);
  });

  test('a page instead of a feed says so, and where the feed is', async () => {
    const body =
      '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>';
    const { error } = await run('connect.rss', { url: `${far.url}/` }, { type: 'text/html', body });
    expect(error).toMatchObject({
      code: 'data.invalid',
      message: expect.stringContaining('web page'),
      mend: expect.stringContaining('/feed.xml'),
    });
  });
});

describe('a header that cannot be sent is a fault that names it', () => {
  test.each([
    [{ 'x-name': 'Łukasz' }, ['x-name', 'Ł']],
    [{ 'x-note': 'a 🎈' }, ['x-note', '🎈']],
    [{ 'x-note': 'a\r\nx-evil: 1' }, ['x-note', 'line break']],
    [{ 'x-note': 'a\u0007b' }, ['x-note', 'control character']],
    [{ 'x note': 'a' }, ['x note', 'a space']],
    [{ å: 'a' }, ['å']],
    [{ '': 'a' }, ['no name']],
    [{ cookie: 'namn=Łódź' }, ['cookie', 'Ł']],
    [{ host: 'other.example' }, ['Host']],
  ])('%j', async (headers, words) => {
    asked = undefined;
    const { error } = await http({ headers }, { body: '{}' });
    expect(error.code).toBe('http.bad-request');
    for (const word of words) expect(error.message).toContain(word);
    expect(error.message).not.toContain('UND_ERR');
    expect(asked).toBeUndefined();
  });

  test('letters of latin-1 go out, and what belongs to the connection is left out with a word', async () => {
    const { error, logs } = await http(
      {
        method: 'POST',
        text: 'hej',
        headers: { 'x-name': 'Åke', 'Content-Length': '99', 'Transfer-Encoding': 'chunked' },
      },
      { body: '{}' },
    );
    expect(error).toBeUndefined();
    expect([asked?.headers['x-name'], asked?.headers['content-length'], asked?.body]).toEqual(['Åke', '3', 'hej']);
    expect(logs).toContain('content-length');
    expect(logs).toContain('transfer-encoding');
  });

  test('a query takes any letter', async () => {
    await http({ query: { 'för & mot': 'Łódź\r\n🎈' } }, { body: '{}' });
    expect(asked?.url).toBe('/file.bin?f%C3%B6r%20%26%20mot=%C5%81%C3%B3d%C5%BA%0D%0A%F0%9F%8E%88');
  });
});

describe('a file is read in the encoding that it is in', () => {
  const read = async (body: Buffer, params: object) => {
    answer = { type: 'application/octet-stream', body };
    const { id } = await place.publish(
      drawn(
        `File ${++count}`,
        {
          go: { type: 'start.manual' },
          get: { type: 'connect.http-request', params: { url: `${far.url}/a.csv`, as: 'file' } },
          ask: { type: 'data.from-file', params: { file: '{{ $json.file }}', ...params } },
        },
        'go -> get\nget -> ask',
      ),
    );
    const { json } = await place.call('POST', `/api/v1/workflows/${id}/runs`, { input: {}, wait: 20 });
    const steps = (await place.call('GET', `/api/v1/runs/${json.id}/steps`)).json.items;
    return { ...json, logs: JSON.stringify(steps.at(-1)?.logs ?? []) };
  };

  test.each([
    ['shift_jis', '名前,値段\n山田太郎,1200\n', { 名前: '山田太郎', 値段: '1200' }],
    ['windows-1252', 'namn;ort\nÅke;Malmö\n', { namn: 'Åke', ort: 'Malmö' }],
    ['windows-1250', 'imię;miasto\nŁukasz;Łódź\n', { imię: 'Łukasz', miasto: 'Łódź' }],
    ['gb18030', '姓名,城市\n张三,北京\n', { 姓名: '张三', 城市: '北京' }],
    ['euc-kr', '이름,도시\n김철수,서울\n', { 이름: '김철수', 도시: '서울' }],
    ['utf16le', 'namn;ort\nÅke;Malmö\n', { namn: 'Åke', ort: 'Malmö' }],
  ])('%s under auto', async (encoding, text, row) => {
    const { output, logs } = await read(iconv.encode(text, encoding), { format: 'csv' });
    expect(output).toEqual([row]);
    if (encoding !== 'utf16le') expect(logs).toContain('encoding');
  });

  test('what is not in the encoding that was chosen is a fault that names it', async () => {
    const { error } = await read(Buffer.from('R\xe3o', 'latin1'), { format: 'text', encoding: 'utf-8' });
    expect(error).toMatchObject({ code: 'file.parse', message: expect.stringContaining('utf-8') });
  });

  test('long integers of a JSON file stay exact, and the log names them', async () => {
    const { output, logs } = await read(Buffer.from('[{"id":12345678901234567890}]'), { format: 'json' });
    expect(output).toEqual([{ id: '12345678901234567890' }]);
    expect(logs).toContain('id');
  });
});
