import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileTemplate } from '../compile.ts';
import { ExpressionFault } from '../faults.ts';
import { scopeOf } from '../testing.ts';

const run = (code: string, json: unknown = {}) => compileTemplate(`{{ ${code} }}`)(scopeOf(json));

/** Regexes as people write them, and texts that they meet. */
const patterns = [
  '/a/',
  '/a/g',
  '/A/gi',
  '/^b$/m',
  '/b$/',
  '/./g',
  '/[^]/g',
  '/.+/s',
  '/\\s+/g',
  '/\\S+/g',
  '/[\\s\\S]*/',
  '/\\w+\\b/g',
  '/[\\w-.]+/g',
  '/[a-z\\d]+/gi',
  '/[^a-z]/g',
  '/[\\]\\[]/g',
  '/[-_]/g',
  '/\\//g',
  '/\\d{2,4}/',
  '/(a)|(b)/g',
  '/(?:ab)+/',
  '/(?<year>\\d{4})-(?<m>\\d{2})/',
  '/\\u0061|\\x62|\\t/g',
  '/<[^>]+>/g',
  '/\\{\\{|\\}\\}/',
  '/a{2}/',
  '/x{,2}/',
  '/\\$\\.\\*/',
  '/[\\u00e0-\\u00ff]/g',
  '/\\p{L}+/gu',
  '/\\p{Script=Greek}/u',
  '/[\\b]/',
  '/\\cJ/',
  '/\\0/',
  '/[[]/',
  '/a*?b/',
  '/()/g',
  '/$/g',
  '/,\\s*/',
];
const texts = [
  '',
  'a',
  'abab b',
  'A\nb\r\nc',
  'x 2024-03-05 y',
  '<b>hi</b> there',
  'a-b_c.d [e] {{f}}',
  'é à ñ',
  'ελ\u2028x',
  'aa\tbb\0\b',
  '$.* x{,2} //',
  '1,2, 3',
];

it.each(patterns)('%s matches, replaces and splits as JavaScript has it', (pattern) => {
  const close = pattern.lastIndexOf('/');
  const host = new RegExp(pattern.slice(1, close), pattern.slice(close + 1));
  for (const text of texts) {
    const json = { text };
    const matched = text.match(host);
    expect(run(`$json.text.match(${pattern})?.slice()`, json) ?? null).toEqual(
      matched && [...matched].map((part) => part ?? null),
    );
    expect(run(`$json.text.replace(${pattern}, "<$&|$1|$$>")`, json)).toBe(text.replace(host, '<$&|$1|$$>'));
    expect(run(`$json.text.split(${pattern})`, json)).toEqual(text.split(host).map((part) => part ?? null));
    expect(run(`$json.text.search(${pattern})`, json)).toBe(text.search(host));
  }
});

it('replaces as JavaScript does, by text, by `$` signs and by function', () => {
  const sign = fc.constantFrom('$', '$$', '$&', '$1', '$2', '$10', '$<n>', '$`', "$'", 'x', 'a');
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', '-') }),
      fc.array(sign, { maxLength: 4 }),
      (text, signs) => {
        const by = signs.join('');
        const json = { text, by };
        expect(run('$json.text.replace(/(a)(b)?/g, $json.by)', json)).toBe(text.replace(/(a)(b)?/g, by));
        expect(run('$json.text.replace(/(?<n>a)/, $json.by)', json)).toBe(text.replace(/(?<n>a)/, by));
        expect(run('$json.text.replaceAll("a", $json.by)', json)).toBe(text.replaceAll('a', by));
        expect(run('$json.text.replaceAll("", $json.by)', json)).toBe(text.replaceAll('', by));
        expect(run('$json.text.replace(/(a)(b)?/g, (m, a, b, i) => `${m}${b}${i}`)', json)).toBe(
          text.replace(/(a)(b)?/g, (m, _a: string, b: string | undefined, i: number) => `${m}${b}${i}`),
        );
      },
    ),
  );
});

it('keeps its place with the flag g, and only with it', () => {
  expect(run('(() => { const r = /a/g; return [r.test("aa"), r.lastIndex, r.test("aa"), r.test("aa")] })()')).toEqual([
    true,
    1,
    true,
    false,
  ]);
  expect(run('(() => { const r = /a/; return [r.test("a"), r.test("a")] })()')).toEqual([true, true]);
  expect(run('[..."a1b2".matchAll(/[a-z](\\d)/g)].map(m => m[1] + m.index)')).toEqual(['10', '22']);
  expect(run('"2024-03".match(/(?<y>\\d+)-(?<m>\\d+)/).groups')).toEqual({ y: '2024', m: '03' });
});

it.each(['(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(a)\\1', '(?<n>a)\\k<n>', '('.repeat(3), 'a{1001}', 'x'.repeat(3_000)])(
  'the pattern %s is a fault that says what mends it',
  (pattern) => {
    const work = () => run('new RegExp($json.p)', { p: pattern });
    expect(work).toThrow(ExpressionFault);
    expect(work).toThrow(
      expect.objectContaining({ code: 'expression.regex', mend: expect.stringContaining('code node') }),
    );
  },
);

it('replaces ten thousand tags of a long text within the limits', () => {
  const html = '<p>some text <b>bold</b></p> '.repeat(3_000);
  expect(run('$json.html.replace(/<[^>]+>/g, "").length', { html })).toBe(html.replaceAll(/<[^>]+>/g, '').length);
  expect(run('$json.html.replace(/\\s+|<\\/?b>/g, " ").length', { html })).toBe(
    html.replaceAll(/\s+|<\/?b>/g, ' ').length,
  );
});
