import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '../../http/body/json-body.ts';
import { CountedTurns } from '../../text/testing/counted-turns.ts';
import { turnsOf } from '../../text/testing/turns-of.ts';
import { redacted } from './cover.ts';
import { redactor, redactorOf } from './redactor.ts';

const secret = 'pä$$w/rd "1"?+';
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['as it is', secret],
  ['in a URL', encodeURIComponent(secret)],
  ['in a form', new URLSearchParams({ a: secret }).toString().slice(2)],
  ['in a URL in small letters', encodeURIComponent(secret).toLowerCase()],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ['in JSON with escaped slashes', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
  ['in ASCII JSON', JSON.stringify(secret).slice(1, -1).replace('ä', '\\u00e4')],
  ['in ASCII JSON in capitals', JSON.stringify(secret).slice(1, -1).replace('ä', '\\u00E4')],
])('a secret %s is taken out of text and of bytes', async (_, spelled) => {
  const redact = redactor([secret]);
  expect(redact(`<${spelled}> and <${spelled}>`)).toBe(`<${redacted}> and <${redacted}>`);
  expect(Buffer.from(await redact.bytes(Buffer.from(`ü\n${spelled}`))).toString()).toBe(`ü\n${redacted}`);
});

test('base64 of a secret is found at any place in a longer value, in both alphabets', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), fc.string(), fc.string(), (hidden, before, after) => {
      const redact = redactor([hidden]);
      const whole = base64(before + hidden + after);
      for (const text of [whole, whole.replaceAll('+', '-').replaceAll('/', '_')])
        expect(redact(`x ${text} x`)).toContain(redacted);
    }),
  );
});

test('nothing of two secrets that overlap or contain each other is left', () => {
  expect(redactor(['abcdefgh', 'efghijkl'])('<abcdefghijkl>')).toBe(`<${redacted}>`);
  expect(redactor(['abcdefgh', 'abcdefghijkl'])('<abcdefghijkl>')).toBe(`<${redacted}>`);
  expect(redactor(['aaaaaaaa'])('baaaaaaaaaab')).toBe(`b${redacted}b`);
  expect(redactor(['abcdefgh'])('abcdefghabcdefgh')).not.toContain('abcdefgh');
});

test('no secret is in what comes out, and what holds none comes out as it went in', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '"', ' ', 'ä'), minLength: 8, maxLength: 10 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), fc.array(word), (secrets, words) => {
      const text = [...words, ...secrets].join('');
      const out = redactor(secrets)(text);
      for (const one of secrets) expect(out).not.toContain(one);
      expect(redactor([])(text)).toBe(text);
    }),
  );
});

test('short values are not secrets, and bytes without secrets are the very same', async () => {
  const redact = redactor(['short', '']);
  expect(redact('short and long')).toBe('short and long');
  const bytes = Uint8Array.from([0, 255, 128, 10]);
  expect(await redactor([secret]).bytes(bytes)).toBe(bytes);
  expect(await redact.bytes(bytes)).toBe(bytes);
});

test('secrets are taken out of a value of any kind, in one go or in turns; without any it is the very same', async () => {
  const token = 'a secret of some length';
  const redact = redactor([token]);
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 33_000 }, (_, n) => [`k${n}`, n])));
  for (const [json, isSame] of [
    ['{"a":[1,null,true,"x",{"b":{}}],"2":"","1":{}}', true],
    [`{"a":[1,"${token}"],"${token}":2}`, false],
    [wide, true],
    [wide.replace('"k7":', `"k7":"${token}","${token}":`), false],
  ] as const) {
    const { value } = await readJson(json);
    for (const clean of [redact.value(value), await redact.valueInTurns(value)]) {
      expect(clean === value).toBe(isSame);
      expect(JSON.stringify(clean)).toBe(JSON.stringify(JSON.parse(json.replaceAll(token, redacted))));
    }
  }
});

test('what knows very many letters of secrets is made in turns, once for all who ask: ten of 20,000 held everybody up for 0.3 s', async () => {
  const secrets = Array.from({ length: 10 }, () => randomBytes(15_000).toString('base64'));
  const counted: CountedTurns[] = [];
  const turns = () => {
    counted.push(new CountedTurns());
    return counted.at(-1)!;
  };
  const asked = Array.from({ length: 5 }, () => redactorOf([secrets, ['short one']], turns));
  expect(await turnsOf(() => Promise.all(asked))).toBeGreaterThan(5);
  const times = counted.map((one) => one.times);
  expect(times.slice(2)).toEqual(times.slice(2).map(() => 0));
  expect(times[0]).toBeGreaterThan(100);
  const redact = await asked[0]!;
  expect(redact('short one')).toBe(redacted);
  expect(redact(`<${secrets[3]}> ${base64(`a${secrets[4]}`)}`)).not.toContain(secrets[3]);
  expect(redact.words(`https://${secrets[5]!.toLowerCase()}`)).toBe(`https://${redacted}`);
});

test('names of hosts are known beside secrets, and what is no address is read by the letter', () => {
  const redact = redactor(['ABCDEFGH', 'abcdefgh']);
  expect(redact.words('<aBCDEFGH> <abcdefgh> <ABCDEFGH>')).toBe(`<aBCDEFGH> <${redacted}> <${redacted}>`);
  expect(redactor(['ABCDEFGH'])('<abcdefgh>')).toBe('<abcdefgh>');
  expect(redactor(['ABCDEFGH']).words('<abcdefgh>')).toBe(`<${redacted}>`);
});
