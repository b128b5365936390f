import { describe, expect, test } from 'vitest';
import { formFields } from './form-fields.ts';
import { readJson } from './json-body.ts';
import { filesMost, partsOf } from './multipart.ts';
import { parseBody } from './parse-body.ts';
import { jsonParts } from '../../text/known-json.ts';
import { CountedTurns } from '../../text/testing/counted-turns.ts';
import { Turns } from '../../text/turns.ts';

// What froze the server for seconds, each at its full size: the parsers before took from 20 s to hours for it, on an idle machine.
const inTime = 20_000;
const MB = 1024 * 1024;
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const store = async ({ name, type, bytes }: { name: string; type: string; bytes: Uint8Array }) => ({
  $file: 'x',
  name,
  type,
  size: bytes.length,
});

describe('work grows with the bytes alone', () => {
  test.each([
    ['4 MB of short strings', `[${'"a",'.repeat(MB)}1]`],
    ['4 MB of empty lists', `[${'[],'.repeat(1.3 * MB)}1]`],
    ['a string of 4 MB of NULs', `"${'\\u0000'.repeat(0.7 * MB)}"`],
    ['a string of 4 MB of quotes', `"${'\\"'.repeat(2 * MB)}"`],
    ['a string of 4 MB of backslashes', `["${'\\\\'.repeat(2 * MB)}"]`],
    ['a number of 4 MB', '1'.repeat(4 * MB)],
    ['4 MB of numbers that lose digits', `[${'12345678901234567890,'.repeat(0.2 * MB)}1]`],
    ['4 MB of keys', `{${Array.from({ length: 300_000 }, (_, n) => `"k${n}":${n}`).join()}}`],
  ])('%s', async (_, text) => void (await readJson(text)), inTime);

  test(
    'NULs under keys of 10,000 letters, 40 levels deep',
    async () => {
      const deep = `{"${'k'.repeat(10_000)}":`.repeat(40);
      const { warnings } = await readJson(`${deep}[${'"\\u0000",'.repeat(400)}1]${'}'.repeat(40)}`);
      expect(warnings).toHaveLength(20);
      expect(warnings[0]?.at).toBe(`/${'k'.repeat(100)}`.repeat(40) + '/0');
    },
    inTime,
  );

  test.each([
    ['9 MB of pairs without a value', 'ab&'.repeat(3 * MB)],
    ['9 MB of escapes', `a=${'%41'.repeat(3 * MB)}`],
    ['9 MB of NULs', `a=${'%00'.repeat(3 * MB)}`],
    ['9 MB of separators', '&='.repeat(4.5 * MB)],
    ['3 MB of letters in another encoding', `_charset_=windows-1252&${'a=%e5&'.repeat(0.5 * MB)}`],
  ])('%s', async (_, text) => void (await formFields(Buffer.from(text), undefined, decode)), inTime);

  test.each([
    ['100,000 parts', 'Content-Disposition: form-data; name="a"\r\n\r\nb', 100_000],
    [
      'heads full of quotes that are never closed',
      `Content-Disposition: form-data${';name="\\'.repeat(8_000)}\r\n\r\nb`,
      150,
    ],
    ['heads full of semicolons', `Content-Disposition: form-data;${'; '.repeat(30_000)}\r\n\r\nb`, 150],
  ])(
    '%s',
    async (_, part, times) => {
      const body = Buffer.from(`--x\r\n${part}\r\n`.repeat(times) + '--x--\r\n');
      await partsOf(body, 'multipart/form-data; boundary=x', new Turns());
    },
    inTime,
  );

  test(
    'a text of 8 MB of NULs',
    async () => {
      const { value } = await parseBody(Buffer.alloc(8 * MB), { type: 'text/plain; charset=utf-8' }, store);
      expect(value).toBe('\ufffd'.repeat(8 * MB));
    },
    inTime,
  );
});

test('more files than are taken are refused before one is stored', async () => {
  const part = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nb\r\n';
  let stored = 0;
  const send = (files: number) =>
    parseBody(Buffer.from(part.repeat(files) + '--x--\r\n'), { type: 'multipart/form-data; boundary=x' }, (file) => {
      stored++;
      return store(file);
    });
  await expect(send(20_000)).rejects.toMatchObject({ status: 413, code: 'too-large' });
  expect(stored).toBe(0);
  await send(filesMost);
  expect(stored).toBe(filesMost);
});

test.each([
  ['JSON', (turns: Turns) => readJson(`[${'{"a":[1,2,3]},'.repeat(100_000)}1]`, turns)],
  ['one text of JSON', (turns: Turns) => readJson(`["${'x'.repeat(1.4 * MB)}"]`, turns)],
  ['fields', (turns: Turns) => formFields(Buffer.from('ab=1&'.repeat(280_000)), undefined, decode, turns)],
  [
    'fields in another encoding',
    (turns: Turns) => formFields(Buffer.from('ab=1&'.repeat(280_000)), 'latin1', decode, turns),
  ],
  [
    'parts',
    (turns: Turns) => {
      const part = `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${'b'.repeat(1.4 * MB)}\r\n--x--\r\n`;
      return partsOf(Buffer.from(part), 'multipart/form-data; boundary=x', turns);
    },
  ],
  ['one field', (turns: Turns) => formFields(Buffer.from(`a=${'%41'.repeat(0.5 * MB)}`), undefined, decode, turns)],
  ...['cp850', 'shift_jis'].map((charset): [string, (turns: Turns) => Promise<unknown>] => [
    `text in ${charset}`,
    (turns) => parseBody(Buffer.alloc(1.4 * MB, 'x'), { type: `text/plain; charset=${charset}` }, store, turns),
  ]),
])('1.4 MB of %s are read in more than twenty turns', async (_, read) => {
  const turns = new CountedTurns();
  await read(turns);
  expect(turns.times).toBeGreaterThan(20);
});

test('of many that work in turns, one goes on in each turn of the event loop', async () => {
  let loops = 0;
  let isOver = false;
  const look = () => {
    loops++;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  const works = Array.from({ length: 10 }, async () => {
    const turns = new CountedTurns();
    for (let n = 0; n < 10; n++) await turns.taken();
  });
  await Promise.all(works);
  isOver = true;
  expect(loops).toBeGreaterThan(90);
});

test('NULs of a text are put right in turns: 16 MB of them held everybody up for a third of a second', async () => {
  let loops = 0;
  let isOver = false;
  const look = () => void (isOver || (loops++, setImmediate(look)));
  setImmediate(look);
  await parseBody(Buffer.alloc(16 * MB), { type: 'text/plain; charset=utf-8' }, store);
  isOver = true;
  expect(loops).toBeGreaterThan(1);
});

test('of fields in an encoding with a byte a letter a decoder is asked by the piece: 16 MB of them took 20 s', async () => {
  let asked = 0;
  const counting = (bytes: Uint8Array, charset: string | undefined) => {
    asked++;
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  };
  const { all } = await formFields(Buffer.from('Gr%F6%DFe=%80&'.repeat(10_000)), 'windows-1252', counting);
  expect(all).toEqual({ Größe: Array.from({ length: 10_000 }, () => '€') });
  expect(asked).toBeLessThan(200);
});

test('a large field that is not in its encoding is refused once: a second refusal that nobody heard ended the process', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => void unheard.push(error);
  process.on('unhandledRejection', hear);
  try {
    const body = Buffer.concat([Buffer.alloc(MB, 'a=x'), Buffer.from([0x81])]);
    const type = 'application/x-www-form-urlencoded; charset=shift_jis';
    await expect(parseBody(body, { type }, store)).rejects.toMatchObject({ status: 400, code: 'body-encoding' });
    await new Promise((go) => setImmediate(go));
    expect(unheard).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
  }
});

test('a large field with a byte a letter is decoded once', async () => {
  let asked = 0;
  const later = async (bytes: Uint8Array) => {
    asked++;
    return Buffer.from(bytes).toString('latin1');
  };
  const { all } = await formFields(Buffer.from(`a=${'ö'.repeat(MB)}`, 'latin1'), 'latin1', later);
  expect(all['a'] === 'ö'.repeat(MB)).toBe(true);
  expect(asked).toBe(1);
});

test('the text of a field that is called by 4 MB is kept in parts: put together three times in one turn, 96 MB of it took 330 ms', async () => {
  const { all } = await formFields(Buffer.from(`${'\u0001'.repeat(4 * MB)}&b=1`), undefined, decode);
  const parts = await jsonParts(all);
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(3 * MB);
  expect(Object.keys(JSON.parse(parts.join('')))).toEqual(Object.keys(all));
});

test('of fields in an encoding that nobody knows no decoder is asked: each said for itself that there is none, 0.1 ms each', async () => {
  let asked = 0;
  const counting = (bytes: Uint8Array) => {
    asked++;
    return Buffer.from(bytes).toString('utf8');
  };
  const { all } = await formFields(Buffer.from('a=ö&'.repeat(10_000)), 'klingon', counting);
  expect(all).toEqual({ a: Array.from({ length: 10_000 }, () => 'ö') });
  expect(asked).toBe(0);
});

test('the name of an encoding is not read once more for each part of a form: 3,000 parts by 300 kB of it took 20 s', async () => {
  const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n';
  const named = `--x\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n${'K_'.repeat(150_000)}\r\n`;
  const { user } = process.cpuUsage();
  const body = Buffer.from(`${named}${part.repeat(3_000)}--x--\r\n`, 'latin1');
  const { value } = await parseBody(body, { type: 'multipart/form-data; boundary=x' }, store);
  // A fifth of a second now.
  expect(process.cpuUsage().user - user).toBeLessThan(5_000_000);
  expect(value).toMatchObject({ a: Array.from({ length: 3_000 }, () => 'b') });
}, 60_000);
