import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileTemplate, compileValue } from './compile.ts';
import { ExpressionFault } from './faults.ts';
import { expressionErrors } from './errors.ts';
import { scopeOf } from './testing.ts';

const canary = '__heddleCanary';
const item = JSON.parse(
  '{"a":{"b":[1,"x",null]},"s":"<b>2024-03-05T14:30:15.000Z</b>","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
);
const scope = scopeOf(item, { k: [item] });

/** Runs a template; anything but a value or an `ExpressionFault` fails the test, and so does anything left behind. */
function attempt(text: string): unknown {
  try {
    return compileTemplate(text)(scope);
  } catch (thrown) {
    if (thrown instanceof ExpressionFault) return thrown;
    throw thrown;
  } finally {
    const left = [Reflect.get(globalThis, canary), Reflect.get({}, 'polluted'), Reflect.get([], 'polluted')];
    expect(left).toEqual([undefined, undefined, undefined]);
  }
}

const steal = `globalThis.${canary} = 1; process.exit()`;

it.each([
  '"".constructor.constructor',
  '[]["filter"]["constructor"]',
  '(() => 1).constructor',
  'Math.max.constructor',
  'JSON.constructor',
  'Object.getPrototypeOf',
  'Object.setPrototypeOf',
  'Object.defineProperty',
  'Reflect',
  'Proxy',
  'Function',
  'eval',
  'globalThis',
  'window',
  'process',
  'require',
  'Symbol',
  'WebAssembly',
  'setTimeout',
  'fetch',
  '$now.value',
  '$now._zone',
  '$now.loc',
  'DateTime.prototype',
  '(/a/).program',
  'new Set().values.call',
  'Array.from.kind',
  'String.work',
])('%s is not there, or is refused', (code) => {
  const made = attempt(`{{ (${code})("${steal}") }}`);
  expect(made === undefined || (made instanceof ExpressionFault && /\.(?:forbidden|mistake)$/.test(made.code))).toBe(
    true,
  );
});

it.each([
  '$json.__proto__.polluted = 1',
  '$json["__proto__"].polluted = 1',
  'const k = "__pro" + "to__"; ({})[k].polluted = 1',
  'Object.assign({}, JSON.parse("{\\"__proto__\\":{\\"polluted\\":1}}"))',
  '({ ...$json }).polluted',
  'Object.fromEntries([["__proto__", { polluted: 1 }]])',
  '$json.merge({ a: 1 }).polluted',
  '[["constructor", 1]].reduce((o, [k, v]) => { o[k] = v; return o }, {})',
  '[$json].pluck("__proto__")',
  'zip(["__proto__"], [{ polluted: 1 }]).polluted',
  'new Map([["__proto__", { polluted: 1 }]])',
  '"x".replace(/(?<__proto__>x)/, "$<__proto__>")',
  '(() => { const { __proto__: p } = $json; return p })()',
  '(({ constructor }) => constructor)("x")',
  'for (const k in { polluted: 1 }) [].constructor',
  '[1].concat.call($json, 1).polluted',
  'JSON.parse("{\\"\\\\u005f_proto__\\":{\\"polluted\\":1}}").polluted',
  '$jmespath($json, "__proto__.polluted")',
])('%s changes no prototype and reads none', (code) => {
  const made = attempt(`{{ ${code} }}`);
  expect(made).not.toBe(1);
  expect(Object.keys(made !== null && typeof made === 'object' ? made : {})).not.toContain('__proto__');
});

it('keeps params keys away from prototypes', () => {
  const params: unknown = JSON.parse('{"__proto__": {"polluted": 1}, "a": "{{ 1 }}"}');
  expect(compileValue(params)(scope)).toEqual({ a: 1 });
});

const words = [
  'constructor',
  '__proto__',
  'prototype',
  'globalThis',
  'this',
  'Function',
  'eval',
  'process',
  'import',
  'new',
  'class',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '{{',
  '}}',
  '${',
  '`',
  '"',
  "'",
  '/',
  '\\',
  ';',
  ',',
  '=>',
  '...',
  '?.',
  '??',
  ':',
  '=',
  '+',
  '$json',
  "$('k')",
  '.item',
  '.json',
  '.a',
  '.b',
  '.s',
  '$now',
  '$env',
  '$input',
  'Math',
  'JSON',
  'Object',
  'Date',
  'DateTime',
  '.map',
  '.replace',
  '.match',
  '.repeat',
  '.split',
  '.join',
  '.call',
  '.apply',
  '.format',
  '.toDateTime',
  '.hash',
  '.sort',
  '1',
  '1e9',
  '-1',
  'NaN',
  'null',
  'undefined',
  '"x"',
  '/(a+)+$/',
  '/(?=a)/',
  '/[^]/g',
  '[]',
  '({})',
  '(x => x)',
  'x',
  'for(;;)',
  'while(1)',
  'return',
  'const x=',
  'let y=',
  'if(1)',
  'try{',
  '}catch(e){',
  'throw',
  'delete',
  'typeof',
  'in',
  'of',
  '\\u0063onstructor',
  '\u202e',
  '\ud800',
  '\0',
  '\n',
  '//',
  '/*',
  '*/',
  '#',
  '@',
  `"${steal}"`,
];

const code = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...words), { maxLength: 10 }).map((parts) => parts.join(' ')) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

it('5,000 hostile strings give a value or an ExpressionFault, and nothing else', () => {
  fc.assert(
    fc.property(code, fc.constantFrom('{{ ', '{{', 'text {{ ', '{{ $json.'), (inner, open) => {
      const made = attempt(`${open}${inner} }}`);
      expect(typeof made).not.toBe('function');
      expect(typeof made).not.toBe('symbol');
      expect(Array.isArray(expressionErrors({ a: [`${open}${inner} }}`] }))).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

it('what leaves an expression is plain JSON data', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...values), { maxLength: 4 }), (parts) => {
      const made = attempt(`{{ [${parts.join(', ')}] }}`);
      expect(made).toEqual(JSON.parse(JSON.stringify(made)));
    }),
  );
});

const values = [
  '1',
  '"x"',
  'null',
  'undefined',
  '[1, [2]]',
  '({ a: [{}] })',
  '$json.a',
  'new Date(0)',
  'new Date("x")',
  '$now',
  '/x/g',
  'new Set([new Set([1])])',
  'new Map([[1, new Date(1)]])',
  'x => x',
  'Math',
  'Math.max',
  'new URL("https://a.b/c")',
  'Duration.fromISO("P1D")',
  'Interval.after($now, { days: 1 })',
  '$now.invalid',
  'DateTime.fromISO("x")',
  'new Error("e")',
  '({ f: () => 1, d: new Date(5), u: undefined })',
  '"ab".match(/(a)(z)?/)',
  'String',
  '$input.all()',
];

it('the steps of a loop come to an end quickly, whatever it does inside', () => {
  const bodies = [
    '',
    's += s',
    'a.push(a)',
    'a = a.concat([1])',
    'o[i++] = i',
    's = s.replace(/a/g, "aa")',
    'a.sort()',
    's.split("")',
  ];
  for (const body of bodies) {
    const made = attempt(`{{ (() => { let s = "aa", a = [1], o = {}, i = 0; for (;;) { ${body} } })() }}`);
    expect(made).toMatchObject({ code: 'expression.limit' });
  }
});

it.each([
  ['/a.*b|a/g', 'a'],
  ['/(x+x+)+y|x/g', 'x'],
  ['/((a)|(b))*?.{0,30}z|a/g', 'a'],
  ['/(a|aa)+$/g', 'a'],
])('%s over a long text ends', (regex, letter) => {
  const made = attempt(`{{ "${letter}".repeat(1500).replace(${regex}, "").length }}`);
  expect(typeof made === 'number' || made instanceof ExpressionFault).toBe(true);
});

it('a regex works again after a search with it was cut off', () => {
  const cut = attempt('{{ "a".repeat(30000).replace(/a.*b|a/g, "") }}');
  expect(cut).toMatchObject({ code: 'expression.limit' });
  expect(attempt('{{ "a--b a".replace(/a.*b|a/g, "") }}')).toBe(' ');
});

it('a date format that names a field twice is refused, since Luxon would backtrack over it', () => {
  const text = `{{ "${'1'.repeat(60)}x".toDateTime("${'dM'.repeat(30)}") }}`;
  expect(attempt(text)).toMatchObject({ code: 'expression.value' });
});

it('very deep and very long code is a fault', () => {
  for (const text of [
    '('.repeat(50_000),
    `${'['.repeat(900)}${']'.repeat(900)}`,
    `${'a+'.repeat(30_000)}1`,
    `${'!'.repeat(5_000)}1`,
  ])
    expect(attempt(`{{ ${text} }}`)).toBeInstanceOf(ExpressionFault);
  expect(attempt(`{{ ${'a'.repeat(200_000)} }}`)).toMatchObject({ code: 'expression.limit' });
});

it('says that a limit was met, and not that the text was wrong', () => {
  const wide = '"a".repeat(16000000)';
  const rounds = `(() => { const t = ${wide}; for (let i = 0; i < 9; i++) t.urlDecode(); return t.length; })()`;
  expect(attempt(`{{ ${rounds} }}`)).toMatchObject({ code: 'expression.limit' });
});
