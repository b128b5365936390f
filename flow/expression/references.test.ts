import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionErrors } from './errors.ts';
import { references, rewriteKeys } from './references.ts';

describe('references', () => {
  it.each<[unknown, ReturnType<typeof references>]>([
    ["{{ $('shop').item.name }}", { keys: ['shop'], roots: ['$'], dynamic: false }],
    [
      "a {{ $json.x }} {{ $('b').first() + $(`c`).last() + $('b').all() }}",
      { keys: ['b', 'c'], roots: ['$json', '$'], dynamic: false },
    ],
    ['{{ $($json.which).item }}', { keys: [], roots: ['$', '$json'], dynamic: true }],
    ["{{ \"$('quoted')\" }} $('text')", { keys: [], roots: [], dynamic: false }],
    ['{{ $json.$now.$x({ $vars: 1 }) }}', { keys: [], roots: ['$json'], dynamic: false }],
    ["{{ $('broken' }}", { keys: [], roots: [], dynamic: false }],
    [
      { a: [{ b: "{{ $('x').item }}" }, 3, null], c: "{{ $('y').item }}" },
      { keys: ['x', 'y'], roots: ['$'], dynamic: false },
    ],
    [42, { keys: [], roots: [], dynamic: false }],
  ])('%j', (value, expected) => {
    expect(references(value)).toEqual(expected);
  });
});

describe('rewriteKeys', () => {
  const rename = (key: string) => (key === 'old' ? 'new_one' : undefined);

  it.each([
    ["{{ $('old').item.a }}", "{{ $('new_one').item.a }}"],
    [
      '{{ $("old").item }} and {{  $( `old` ) . first() }}',
      '{{ $("new_one").item }} and {{  $( `new_one` ) . first() }}',
    ],
    ["$('old') {{ 'old' + $json.old + $('older').item }}", "$('old') {{ 'old' + $json.old + $('older').item }}"],
    [
      "{{ $('other').item[$('old').item.k] /* $('old') */ }}",
      "{{ $('other').item[$('new_one').item.k] /* $('old') */ }}",
    ],
    ["{{ `${$('old').item}` }}\n\\{{ $('old') }}", "{{ `${$('new_one').item}` }}\n\\{{ $('old') }}"],
    ["{{ $('old' }}", "{{ $('old' }}"],
  ])('%s', (text, expected) => {
    expect(rewriteKeys(text, rename)).toBe(expected);
  });

  it('gives the same value back when nothing is renamed', () => {
    const params = { a: ["{{ $('x').item }}", { b: 'text' }], c: 3 };
    expect(rewriteKeys(params, rename)).toBe(params);
    expect(rewriteKeys(params, (key) => key)).toBe(params);
  });

  it('changes only the strings that name the node', () => {
    const params = { a: ["{{ $('old').item }}", { b: 'text' }], c: { d: 1 } };
    const made = rewriteKeys(params, rename);
    expect(made).toEqual({ a: ["{{ $('new_one').item }}", { b: 'text' }], c: { d: 1 } });
    expect(made.c).toBe(params.c);
  });

  const piece = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      "{{ $('old').item }}",
      '{{ $json.a }}',
      '{{',
      '}}',
      '\\{{',
      "{{ `${$('b').item}` }}",
      '{{ {a: {}} }}',
      '{{ /}}/ }}',
      "$('old')",
    ),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

  it('is the identity on any text when nothing is renamed, and undone by renaming back', () => {
    fc.assert(
      fc.property(text, (source) => {
        expect(rewriteKeys(source, () => undefined)).toBe(source);
        const there = rewriteKeys(source, (key) => (key === 'old' ? 'fresh_key' : undefined));
        expect(rewriteKeys(there, (key) => (key === 'fresh_key' ? 'old' : undefined))).toBe(source);
        expect(references(there).keys).not.toContain('old');
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps a key with quotes and backslashes readable', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("'", '"', '`'), (key, mark) => {
        const made = rewriteKeys(`{{ $(${mark}old${mark}).item }}`, () => key);
        expect(references(made).keys).toEqual([key]);
      }),
    );
  });
});

describe('expressionErrors', () => {
  it.each<[string, string[]]>([
    ['{{ $json.a }}', []],
    ['{{ $json.a.map(({ x, ...r }, i = 1) => { const y = [x, r, i]; try { return y } catch (e) { return e } }) }}', []],
    ['{{ (function f(n) { return f(n) })(1) + undefined + NaN }}', []],
    ['{{ YOUR_ID }}', ['expression.unknown-name']],
    ['{{ $prevNode.name + other }}', ['expression.unknown-name', 'expression.unknown-name']],
    ['{{ { other: 1, $json } }}', []],
    ['{{ $env.A }}', ['expression.env']],
    ['{{ 1 + }}', ['expression.syntax']],
    ['{{ "a".match(/(?=x)/) }}', ['expression.regex']],
    ['{{ $json.__proto__ }}', ['expression.forbidden']],
    ['plain', []],
  ])('%s', (text, codes) => {
    expect(expressionErrors(text).map(({ error }) => error.code)).toEqual(codes);
  });

  it.each<[string, string]>([
    [
      'toNumber($json.total)',
      'There is no function toNumber() in expressions. Write it after a value: $json.name.toNumber().',
    ],
    ['parseint($json.total)', 'There is no function parseint() in expressions. Write parseInt(), if that was meant.'],
    ['new Dat()', 'There is no function Dat() in expressions. Write Date(), if that was meant.'],
    [
      'nope()',
      'There is no function nope() in expressions. Write a function of JavaScript such as Number() or String(), or use a Code node.',
    ],
    [
      'nope',
      'There is no "nope" in expressions. Write $json.nope for a field of the item, or put quotes around a text.',
    ],
  ])('a function that does not exist is no field of the item: %s', (code, says) => {
    const [{ error } = { error: undefined }] = expressionErrors(`{{ ${code} }}`);
    expect(`${error?.message} ${error?.mend}`).toBe(says);
  });

  it.each([
    ['1 ) + 2', 'The expression does not parse: unexpected “)”.'],
    ['$json.a foo', 'The expression does not parse: unexpected “foo”.'],
    ['1 +', 'The expression does not parse: it ends too early.'],
  ])('what does not parse names the token that nobody expected: %s', (code, says) => {
    expect(expressionErrors(`{{ ${code} }}`).map(({ error }) => error.message)).toEqual([says]);
  });

  it('gives the path in the params and the place in the text', () => {
    const found = expressionErrors({ fields: [{ value: 'ok' }, { value: 'x {{ nope }}' }] });
    expect(found).toEqual([
      {
        path: ['fields', 1, 'value'],
        error: expect.objectContaining({ code: 'expression.unknown-name', at: { start: 5, end: 9 } }),
      },
    ]);
  });
});
