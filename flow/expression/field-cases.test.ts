import { describe, expect, test } from 'vitest';
import { compileTemplate, compileValue } from './compile.ts';
import { ExpressionFault } from './faults.ts';
import { fromForeign } from './foreign.ts';
import { scopeOf } from './testing.ts';

const item = { name: 'Ann', total: 120, tags: ['a'], file: { size: 3 }, at: '2024-03-05T14:30:15.000Z' };
const scope = scopeOf(item);
const value = (code: string, engine?: number) => compileTemplate(`{{ ${code} }}`, { engine })(scope);

function faultOf(text: string): { code: string; message: string; mend: string } {
  try {
    compileTemplate(text)(scope);
  } catch (thrown) {
    if (thrown instanceof ExpressionFault) return thrown.toError();
    throw thrown;
  }
  throw new Error(`${text} gave a value`);
}

describe('a value is not swallowed by a misspelt name', () => {
  test.each([
    ['$json.name.toUppercase()', 'toUpperCase()'],
    ['$json.tags.jion(",")', 'join()'],
    ['$now.toFromat("yyyy")', 'toFormat()'],
    ['$json.name.lenght', 'length'],
    ['$json.tags.lenght', 'length'],
    ['$now.days', 'day'],
    ['Math.rond(1.5)', 'Math.round'],
    ['$json.total.tofixed(2)', 'toFixed()'],
    ['$json.name.toUpperCase', 'toUpperCase()'],
    ['$input.frist()', 'first()'],
  ])('%s says %s', (code, meant) => {
    expect(faultOf(`{{ ${code} }}`)).toMatchObject({
      code: 'expression.mistake',
      mend: expect.stringContaining(meant),
    });
    expect(faultOf(`Hi {{ ${code} }}!`).code).toBe('expression.mistake');
  });

  test.each([
    ['$json.tags.map("name")', 'needs a function'],
    ['new Intl.NumberFormat("not a locale").format(1)', ''],
    ['$json.name("x")', ''],
    ['Math.max(...$json.total)', 'cannot be walked through'],
  ])('%s is a fault as well', (code, says) => {
    expect(faultOf(`{{ ${code} }}`).message).toContain(says);
  });

  test.each([
    ['$json.gone.toUpperCase()', undefined],
    ['$json.gone?.toUppercase?.()', undefined],
    ['$json.file.name', undefined],
    ['$json.name.first ?? "none"', 'none'],
    ['$json.name.whatever', undefined],
  ])('%s is nothing, as it was: the value is not there', (code, expected) => {
    expect(value(code)).toEqual(expected);
  });

  test('a plan of engine 1 keeps its reader', () => {
    expect(value('$json.name.toUppercase()', 1)).toBeUndefined();
    expect(value('$json.name.lenght', 1)).toBeUndefined();
    expect(compileValue({ a: '{{ $json.total }}\n' }, 1)(scope)).toEqual({ a: '120\n' });
    expect(value('[0.1, 0.2].sum()', 1)).toBe(0.1 + 0.2);
  });
});

describe('white space around an expression does not make text of its value', () => {
  test.each<[string, unknown]>([
    ['{{ $json.total }}\n', 120],
    [' \t{{ $json.tags }} \r\n', ['a']],
    ['\u00a0{{ $json.file }}', { size: 3 }],
    ['\n{{ $json.gone }}\n', undefined],
    [' {{ $json.total }}.', ' 120.'],
    ['{{ $json.total }}{{ "\\n" }}', '120\n'],
    ['{{ $json.total }} {{ $json.total }}', '120 120'],
  ])('%j is %j', (text, expected) => {
    expect(compileTemplate(text)(scope)).toEqual(expected);
  });

  test.each(['={{ $json.total }}\n', '= {{ $json.total }}', '=\t{{ $json.total }} ', '=\n\n{{ $json.name }}'])(
    'what comes from n8n stays the text that it is there: %j',
    (source) => {
      const { text } = fromForeign(source, () => undefined);
      expect(compileTemplate(text)(scope)).toBe(
        source.slice(1).replace(/\{\{.*\}\}/, source.includes('name') ? 'Ann' : '120'),
      );
    },
  );
});

describe('expressions as people bring them', () => {
  test.each<[string, unknown]>([
    ['$json.name.hasOwnProperty("length")', true],
    ['$json.name.hasOwnProperty("1")', true],
    ['$json.name.hasOwnProperty("x")', false],
    ['$json.tags.hasOwnProperty(0)', true],
    ['$json.total.hasOwnProperty("x")', false],
    ['$if($json.total > 500, "much")', false],
    ['$if($json.total > 5, "much")', 'much'],
    ['$if($json.total > 500, "much", undefined)', undefined],
    ['DateTime.fromISO("2024-03-05T12:00:00Z").plus(5, "min").toUTC().toISO()', '2024-03-05T12:05:00.000Z'],
    ['DateTime.fromISO("2024-03-05T12:00:00Z").minus(1, "hrs").toUTC().toISO()', '2024-03-05T11:00:00.000Z'],
    ['$json.name.toLocaleString()', 'Ann'],
    ['$now.zone.name', 'Europe/Berlin'],
    ['$now.zone', { zoneName: 'Europe/Berlin', valid: true }],
    ['$now.toUTC().zone', { fixed: 0 }],
    ['[0.1, 0.2].sum()', 0.3],
    ['[0.1, 0.2].average()', 0.15],
    ['$average(0.1, 0.2)', 0.15],
    ['"20190630070754".toDateTime().toUTC().toISO()', '2019-06-30T05:07:54.000Z'],
    ['"abc".hash("sha256", "base64")', 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='],
    ['"what do ya want for nothing?".hmac("Jefe")', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    ['"what do ya want for nothing?".hmac("Jefe", "md5")', '750c783e6ab0b503eaa86e310a5db738'],
    ['"what do ya want for nothing?".hmac("Jefe", "sha1", "base64url")', '7_zfauXrL6LSdBbV8YTfnCWafHk'],
  ])('%s', (code, expected) => {
    expect(value(code)).toEqual(expected);
  });

  test.each([
    '"a".hmac()',
    '"a".hmac("")',
    '"a".hmac("k", "sha999")',
    '"a".hmac("k", "md5", "rot13")',
    '"20".toDateTime()',
    '"12:30".toDateTime()',
  ])('%s is a fault', (code) => {
    expect(faultOf(`{{ ${code} }}`).code).toBe('expression.value');
  });

  test.each([
    ['={{ 1 }} C:\\\\dir', '1 C:\\\\dir'],
    ['=a\\\\{{ 1 }}', 'a\\1'],
    ['={{ 1 }}\\\\', '1\\\\'],
  ])('backslashes behind the last expression stay: %j', (source, printed) => {
    expect(compileTemplate(fromForeign(source, () => undefined).text)(scope)).toBe(printed);
  });

  test('n8n prints template literals anew: a space stands between the end of a line and an expression', () => {
    const made = fromForeign('={{ `Done\n${$json.name}` }}', () => undefined).text;
    expect(compileTemplate(made)(scope)).toBe('Done\n Ann');
    const inside = fromForeign('={{ `Done\n- ${$json.name}` }}', () => undefined).text;
    expect(compileTemplate(inside)(scope)).toBe('Done\n- Ann');
  });

  test('n8n works out both branches: what fails in the one that is not taken fails there, and here when it comes from there', () => {
    const source = '={{ $ifEmpty($json.name, $json.gone.match(/x/)[0]) }}';
    expect(compileTemplate(fromForeign(source, () => undefined).text)(scope)).toBeUndefined();
    expect(compileTemplate(source.slice(1))(scope)).toBe('Ann');
  });

  test('an item of n8n by itself is its envelope', () => {
    const made = fromForeign("={{ $('Hook').item }}", () => 'hook').text;
    const told = scopeOf(item, { hook: [{ id: 1 }] });
    expect(compileTemplate(made)(told)).toEqual({ json: { id: 1 }, pairedItem: { item: 0 } });
  });
});
