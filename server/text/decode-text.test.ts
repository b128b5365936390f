import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { decodeInTurns, decodeText, holdsAscii } from './decode-text.ts';
import { CountedTurns } from './testing/counted-turns.ts';
import { Turns } from './turns.ts';

const words: Readonly<Record<string, string>> = {
  shift_jis: '注文番号 7、東京都',
  'euc-jp': '注文番号 7、東京都',
  gb18030: '订单号 7，北京市 🎈',
  big5: '訂單號 7，臺北市',
  'euc-kr': '주문 번호 7, 서울',
  'windows-1252': 'Größe 7 €, naïve',
  'koi8-r': 'Заказ номер 7',
  cp850: 'Größe ½ × ¥7',
  'utf-32le': 'Größe 7 🎈',
};

test.each(Object.entries(words))('a text in %s is the same wherever it is cut into pieces', async (charset, word) => {
  const text = word.repeat(Math.ceil(200_000 / word.length));
  // A letter begins at each of the places before a cut.
  for (const before of ['', 'x', 'xx', 'xxx']) {
    const bytes = iconv.encode(before + text, charset);
    expect(decodeText(bytes, { charset }).text === before + text).toBe(true);
    const turns = new CountedTurns();
    expect((await decodeInTurns(bytes, { charset }, turns)).text === before + text).toBe(true);
    expect(turns.times).toBeGreaterThan(2);
  }
});

test('bytes that do not fit are found in the last piece too', async () => {
  const bytes = Buffer.concat([iconv.encode('注文番号'.repeat(40_000), 'shift_jis'), Buffer.from([0x81])]);
  expect(() => decodeText(bytes, { charset: 'shift_jis' })).toThrow('The bytes are not shift_jis.');
  await expect(decodeInTurns(bytes, { charset: 'shift_jis' }, new Turns())).rejects.toThrow('not shift_jis');
});

test.each(['utf-7', 'utf_7', 'UTF 7', 'utf7-imap', 'unicode-1_1 utf.7', `${' '.repeat(20)}utf7`])(
  '%j is no encoding, however it is spelled',
  (charset) => {
    expect(() => decodeText(Buffer.from('+ACI-\xff', 'latin1'), { charset })).toThrow('There is no encoding');
    expect(decodeText(Buffer.from('+ACI-'), { charset }).text).toBe('+ACI-');
  },
);

test('letters of ASCII are not what they seem in encodings that shift, or that have other letters there', () => {
  const plain = [
    'windows-1252',
    'iso-8859-15',
    'koi8-r',
    'cp850',
    'shift_jis',
    'euc-jp',
    'gb18030',
    'big5',
    'euc-kr',
    'us-ascii',
  ];
  expect(plain.filter((name) => !holdsAscii(name))).toEqual([]);
  expect(['utf-16', 'utf-16be', 'utf-32le', 'iso-2022-jp', 'hex', 'utf_7', 'klingon'].filter(holdsAscii)).toEqual([]);
});

test('what has a control character is no text in any encoding that is guessed: it was read once for each guess', async () => {
  const cyrillic = iconv.encode('Привет мир '.repeat(100_000), 'windows-1251');
  const auto = { encoding: 'auto' };
  expect(decodeText(cyrillic, auto)).toMatchObject({ encoding: 'windows-1251', isGuessed: true });
  cyrillic[cyrillic.length - 1] = 1;
  const turns = new CountedTurns();
  await expect(decodeInTurns(cyrillic, auto, turns)).rejects.toThrow('nothing says what else they are');
  // 17 pieces, looked over once.
  expect(turns.times).toBeLessThan(25);
});
