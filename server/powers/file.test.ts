import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../text/decode-text.ts';
import { readingOf } from '../text/reading.ts';
import { turnsOf } from '../text/testing/turns-of.ts';
import { fileLender } from './file.ts';
import { textCleaner } from './known-secrets.ts';
import type { Borrower } from './lend.ts';
import { redacted } from './redaction/cover.ts';
import { redactor } from './redaction/redactor.ts';

/** A file as an answer became one, without the secrets that its bytes show, and read as text by a node of the run. */
async function readBack(body: Uint8Array, secret: string, encoding: string): Promise<string> {
  const redact = redactor([secret]);
  const bytes = await redact.bytes(body);
  const store = { readBytes: async () => bytes, writeBytes: async () => 'hash' };
  const cleanTextOf = textCleaner(async () => redact);
  const files = fileLender({ store, downloadBytes: 0, cleanTextOf });
  const atOnce = <Value>(work: () => Promise<Value>) => work();
  const power = files({ workspace: 'ws', run: 'run_1' } as Borrower, () => {}, atOnce);
  return power.readText({ $file: 'hash', name: 'a.txt', type: 'application/octet-stream', size: 1 }, encoding);
}

const isRead = (word: string, encoding: string): boolean => {
  try {
    return decodeText(iconv.encode(word, encoding), { encoding }).text === word;
  } catch {
    return false;
  }
};

const token = 'tokLive9F8e7D6c5B4a';
const escaped = (by: string) => `you sent ${[...token].join(by)}${by} .`;

describe('a secret that an encoding hides in a file is not in its text', () => {
  test.each([
    ['iso-2022-jp', 'between escapes to ASCII', escaped('\u001b(B')],
    ['iso-2022-jp', 'between escapes to Roman letters', `\u001b(J${escaped('\u001b(J')}\u001b(B`],
    ['utf-16le', 'by its zeros', iconv.encode(escaped(''), 'utf-16le')],
    ['utf-16be', 'by its zeros', iconv.encode(escaped(''), 'utf-16be')],
    ['utf-32le', 'by its zeros', iconv.encode(escaped(''), 'utf-32le')],
    ['utf-32be', 'by its zeros', iconv.encode(escaped(''), 'utf-32be')],
  ])('%s, %s', async (encoding, _, body) => {
    const text = await readBack(Buffer.from(body), token, encoding);
    expect(text).not.toContain(token);
    expect(text).toContain(redacted);
    expect(text).toMatch(/^you sent .* \.$/s);
  });

  test('bytes that an encoding reads as letters of ASCII', async () => {
    const secret = 'a-very).long(secret';
    const hidden = Buffer.from(
      [...secret].map((char) => ({ ')': 0xa4, '(': 0xa5, '.': 0xa9 })[char] ?? char.charCodeAt(0)),
    );
    expect(iconv.decode(hidden, 'armscii8')).toBe(secret);
    expect(await readBack(hidden, secret, 'armscii8')).toBe(redacted);
  });

  test.each([
    'cp850',
    'windows-1252',
    'macroman',
    'utf-16le',
    'utf-32be',
    'gb18030',
    'ibm866',
    'koi8-r',
    'euc-jp',
    'big5',
  ])('letters beyond ASCII in %s', async (encoding) => {
    const words = ['kräftig-låst-ö', 'пароль-секрет', '秘密の合言葉です。', '中文密碼'.repeat(3)];
    const secrets = words.filter((word) => isRead(word, encoding));
    expect(secrets).not.toEqual([]);
    for (const secret of secrets) {
      const text = await readBack(iconv.encode(`a ${secret} b`, encoding), secret, encoding);
      expect(text).not.toContain(secret);
      expect(text.startsWith('a ') && text.endsWith(' b')).toBe(true);
      // Of letters that have no zeros in UTF-16 nobody can see that it is that.
      if (encoding !== 'utf-16le') expect(text).toBe(`a ${redacted} b`);
    }
  });
});

test('what holds no secret is read as it is, escapes and all', async () => {
  const text = '名前 \u001b[31mred\u001b[0m Name';
  expect(await readBack(Buffer.from(text), token, 'utf-8')).toBe(text);
  const japanese = Buffer.from('\u001b$BF|K\\\u001b(B and ASCII', 'latin1');
  expect(await readBack(japanese, token, 'iso-2022-jp')).toBe('日本 and ASCII');
});

test('text in another encoding is searched in turns: 4 MB of an answer held the server for half a second', async () => {
  const redact = redactor([token]);
  const bytes = iconv.encode(`{"å":"${'x \\u0041 '.repeat(500_000)}"}`, 'cp850');
  const reply = {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=cp850' },
    url: 'https://a.example/',
    bytes,
  };
  const reading = readingOf(reply, () => {}, redact.decoded);
  for (const read of [() => reading.text('auto'), () => reading.looseText()])
    expect(await turnsOf(read)).toBeGreaterThan(10);
});
