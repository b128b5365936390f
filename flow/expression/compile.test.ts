import { describe, expect, it } from 'vitest';
import { Budget, OverBudget } from '../facts/budget.ts';
import { compileTemplate, compileValue } from './compile.ts';
import { ExpressionFault, type ExpressionError } from './faults.ts';
import { scopeOf } from './testing.ts';

const item = {
  name: 'Ann Lee',
  total: 12.5,
  tags: ['a', 'b', 'c'],
  lines: [
    { sku: 'x', qty: 2 },
    { sku: 'y', qty: 3 },
  ],
  nested: { deep: { value: 1 } },
  nothing: null,
  'with space': true,
};
const scope = scopeOf(item, { shop: [{ city: 'Rome', json: 'own' }, { city: 'Oslo' }], plain: [42] });
const run = (text: string) => compileTemplate(text)(scope);
const value = (code: string) => run(`{{ ${code} }}`);

function faultOf(work: () => unknown): ExpressionError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof ExpressionFault) return thrown.toError();
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('a string with expressions', () => {
  it.each<[string, unknown]>([
    ['{{ $json.total }}', 12.5],
    ['{{ $json.tags }}', ['a', 'b', 'c']],
    ['{{ $json.total }} ', 12.5],
    [' {{ $json.total }}!', ' 12.5!'],
    ['Hi {{ $json.name }}!', 'Hi Ann Lee!'],
    ['{{ $json.name }}{{ $json.total }}', 'Ann Lee12.5'],
    ['[{{ $json.missing }}|{{ $json.nothing }}|{{ 0 / 0 }}|{{ false }}|{{ 0 }}]', '[|||false|0]'],
    ['{{ $json.tags }} {{ $json.lines }}', 'a,b,c [{"sku":"x","qty":2},{"sku":"y","qty":3}]'],
    ['is {{ $json.nested }}', 'is {"deep":{"value":1}}'],
    ['on {{ new Date(0) }}', 'on 1970-01-01T00:00:00.000Z'],
    ['on {{ DateTime.fromISO("x") }}', 'on Invalid DateTime'],
    ['{{ }}', undefined],
    ['a{{ /* nothing */ }}b', 'ab'],
    ['{{ { a: { b: 1 } } }}', { a: { b: 1 } }],
    ['{{ {a:{b:1}} }}', { a: { b: 1 } }],
    ['{{ "}}" + \'}}\' + `}}${"}}"}` + /}}/.source }}', '}}}}}}}}}}'],
    ['{{ $json.total /* }} */ }}', 12.5],
    ['{{ $json.total // }}\n }}', 12.5],
    ['no end {{ $json.total', 'no end {{ $json.total'],
    ['\\{{ not code }} {{ 1 }}', '{{ not code }} 1'],
    ['C:\\\\{{ 1 }}.json', 'C:\\1.json'],
    ['a\\b {{ 1 }}', 'a\\b 1'],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });
});

describe('the language', () => {
  it.each<[string, unknown]>([
    // paths
    ['$json.nested.deep.value', 1],
    ["$json['with space']", true],
    ['$json.lines[1].sku', 'y'],
    ['$json.lines.length', 2],
    ['$json.name[0] + $json.name.length', 'A7'],
    ['$json.missing?.deep.er.still', undefined],
    ['$json.missing?.[0]?.x ?? "none"', 'none'],
    ['$json.nested?.deep?.value', 1],
    ['$json.tags?.map?.(t => t + t)', ['aa', 'bb', 'cc']],
    ['$json.nope?.()', undefined],
    // a missing value ends the segment
    ['$json.missing.deep', undefined],
    ['"x" + $json.missing.deep', undefined],
    // operators
    ['1 + 2 * 3 ** 2 % 5', 4],
    ['"a" + 1 + null + undefined', 'a1nullundefined'],
    ['"" + {} + []', '[object Object]'],
    ['[1, [2, null]] + ""', '1,2,'],
    ['"5" * "2" - "1"', 9],
    ['1 == "1" && null == undefined && !(null == 0)', true],
    ['1 === "1" || 1 !== 1', false],
    ['"b" > "a" && 10 > "9"', true],
    ['undefined < 1', false],
    ['5 & 3 | 8 ^ 1', 9],
    ['-1 >>> 28', 15],
    ['typeof 1 + typeof "" + typeof null + typeof undefined + typeof (() => 1)', 'numberstringobjectundefinedfunction'],
    ['$json.total > 10 ? "big" : "small"', 'big'],
    ['$json.nothing ?? "d"', 'd'],
    ['0 || "" || "last"', 'last'],
    ['"sku" in $json.lines[0]', true],
    ['[] instanceof Array', true],
    ['(1, 2, 3)', 3],
    ['void 0', undefined],
    // literals
    ['`a${1 + 1}b${$json.name}`', 'a2bAnn Lee'],
    ['[1, ...$json.tags, ..."hi"]', [1, 'a', 'b', 'c', 'h', 'i']],
    ['({ ...$json.lines[0], qty: 9, [`k${1}`]: 1 })', { sku: 'x', qty: 9, k1: 1 }],
    // functions and statements
    ['$json.lines.map(({ sku, qty: n = 1 }) => `${sku}${n}`)', ['x2', 'y3']],
    ['((a, b = 2, ...rest) => [a, b, rest])(1, undefined, 3, 4)', [1, 2, [3, 4]]],
    ['(function fact(n) { return n < 2 ? 1 : n * fact(n - 1) })(5)', 120],
    ['(() => { let s = 0; for (let i = 0; i < 4; i++) { if (i === 2) continue; s += i } return s })()', 4],
    ['(() => { const out = []; for (const x of [1, 2, 3]) { if (x > 2) break; out.push(x) } return out })()', [1, 2]],
    ['(() => { let n = 0; while (n < 5) n++; do { n++ } while (n < 8); return n })()', 8],
    ['(() => { const o = {}; for (const k in { a: 1, b: 2 }) o[k] = k; return o })()', { a: 'a', b: 'b' }],
    ['(() => { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map(f => f()) })()', [0, 1, 2]],
    ['(() => { try { null.x } catch (e) { return e.message.length > 0 } finally { 1 } })()', true],
    ['(() => { try { throw new Error("no") } catch ({ message }) { return message } })()', 'no'],
    ['(() => { try { throw { code: 7 } } catch (e) { return e.code } })()', 7],
    ['(() => { try { return 1 } finally { 2 } })()', 1],
    ['(() => { switch (2) { case 1: return "a"; case 2: case 3: return "b"; default: return "c" } })()', 'b'],
    ['(() => { var x = 1; { var x = 2 } return x })()', 2],
    ['(() => { return later(); function later() { return "hoisted" } })()', 'hoisted'],
    ['(() => { let [a, , b = 5, ...c] = [1, 2, undefined, 4]; [a, b] = [b, a]; return [a, b, c] })()', [5, 1, [4]]],
    ['(() => { let a; a ??= 1; a ||= 2; a &&= 3; a **= 2; return a-- + --a })()', 16],
    ['(() => { const { a, ...rest } = { a: 1, b: 2, c: 3 }; return rest })()', { b: 2, c: 3 }],
    ['const a = 2; a * 3', 6],
    ['let s = ""; for (const t of $json.tags) s += t; s;', 'abc'],
    ['return $json.total', 12.5],
    // changing data changes a copy of it
    ['(() => { const t = $json.tags; t.push("d"); t[0] = "z"; return t.length + t[0] + $json.tags.length })()', '4z4'],
    ['$json.tags.reverse()', ['c', 'b', 'a']],
    ['$json.tags.sort((a, b) => a < b ? 1 : -1)[0] + $json.tags.pop()', 'ca'],
    [
      '(() => { const o = $json.nested; o.deep.value = 5; delete o.deep; return [o, $json.nested.deep] })()',
      [{}, null],
    ],
    [
      'JSON.stringify((() => { const l = $json.lines; l[0].qty = 9; return l })())',
      '[{"sku":"x","qty":9},{"sku":"y","qty":3}]',
    ],
    ['Object.assign($json.nested, { more: 1 }).more', 1],
    // values that leave become plain data
    [
      '[new Set([1, 1, 2]), new Map([["a", 1]]), new Date(0), /a/g, () => 1]',
      [[1, 2], { a: 1 }, '1970-01-01T00:00:00.000Z', '/a/g', null],
    ],
    ['({ at: $now, no: undefined })', { at: '2024-03-05T13:00:00.000+01:00', no: undefined }],
    ['new URL("https://a.example:8080/p?x=1#h").host', 'a.example:8080'],
    [
      '(() => { const u = new URL("https://a.example/"); u.searchParams.set("q", "a b&c"); return u.href })()',
      'https://a.example/?q=a+b%26c',
    ],
    ['new URLSearchParams({ a: 1, b: "x y" }).toString()', 'a=1&b=x+y'],
    ['String(null) + Number("7") + Boolean("") + [3].map(String)[0]', 'null7false3'],
    ['["1", "2"].map(Number)', [1, 2]],
    ['[0, 1, "", "a"].filter(Boolean)', [1, 'a']],
    ['Math.max(...[1, 5, 3]) + Math.min() + Math.random()', Infinity],
    ['Math.max.apply(null, [1, 2])', 2],
    ['parseInt("12px") + parseFloat("1.5x")', 13.5],
    ['btoa("hé") + atob("aGk=")', 'aOk=hi'],
    ['JSON.parse("{\\"a\\": [1]}").a[0]', 1],
    ['(1234.5).toLocaleString() + (0.5).toLocaleString("de-DE", { style: "percent" })', '1,234.550\u00a0%'],
    ['new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" }).format(2)', '€2.00'],
  ])('%s', (code, expected) => {
    expect(value(code)).toEqual(expected);
  });

  it('leaves the item as it was, whatever an expression does to it', () => {
    const before = structuredClone(item);
    value(
      '(() => { $json.tags.splice(0, 2); $json.lines[0].sku = 1; $json.new = 1; delete $json.name; return $json })()',
    );
    expect(item).toEqual(before);
  });
});

describe('the names of the scope', () => {
  it.each<[string, unknown]>([
    ["$('shop').item.city", 'Rome'],
    ["$('shop').item.json.city", 'Rome'],
    ["$('shop').first().json.city + $('shop').last().city", 'RomeOslo'],
    ["$('shop').all().map(i => i.json?.city ?? i.city)", ['Rome', 'Oslo']],
    ["$('shop').all().map(i => i.json)", ['own', { city: 'Oslo' }]],
    ["$('shop').all()[1].json.city", 'Oslo'],
    ["$('plain').item.json + $('plain').item", 84],
    ['$(`shop`).first().city', 'Rome'],
    ["$(['sh', 'op'].join('')).item.city", 'Rome'],
    ["$('none').isExecuted", false],
    ["$('shop').isExecuted", true],
    ['$input.all().map(i => i.json.total)', [12.5]],
    ['$input.item.json.total + $input.first().total', 25],
    ['$itemIndex + $runIndex + $turn', 0],
    ['$workflow.name + $run.id + $run.mode', 'Ordersrun_1manual'],
    ['$vars.LIMIT', 10],
    ['$vars.NONE', undefined],
    ['$binary', {}],
    ['$now.toISO()', '2024-03-05T13:00:00.000+01:00'],
    ['$today.toISO()', '2024-03-05T00:00:00.000+01:00'],
    ['Date.now() === $now.toMillis() && new Date().getHours()', 13],
    ['$if($json.total > 10, "big", $json.missing.deep)', 'big'],
    ['$ifEmpty($json.nothing, "d") + $ifEmpty($json.name, $json.missing.deep)', 'dAnn Lee'],
    ["$jmespath($json, 'lines[?qty > `2`].sku')", ['y']],
  ])('%s', (code, expected) => {
    expect(value(code)).toEqual(expected);
  });

  it('gives `$json` itself, not a copy, when that is all there is', () => {
    expect(run('{{ $json }}')).toBe(item);
    expect(run('{{ $json.lines }}')).toBe(item.lines);
  });
});

describe('faults', () => {
  it.each<[string, string]>([
    ['{{ $env.SECRET }}', 'expression.env'],
    ["{{ $('none').item.x }}", 'expression.unknown-node'],
    ["{{ $('none').first() }}", 'expression.unknown-node'],
    ['{{ a b }}', 'expression.syntax'],
    ["{{ it's }}", 'expression.syntax'],
    ['{{ const a = 1; a = 2 }}', 'expression.syntax'],
    ['{{ (class {}) }}', 'expression.unsupported'],
    ['{{ async () => 1 }}', 'expression.unsupported'],
    ['{{ (function* () {})() }}', 'expression.unsupported'],
    ['{{ import("fs") }}', 'expression.unsupported'],
    ['{{ this }}', 'expression.unsupported'],
    ['{{ 10n }}', 'expression.unsupported'],
    ['{{ String.raw`x` }}', 'expression.unsupported'],
    ['{{ process = 1 }}', 'expression.unsupported'],
    ['{{ $json.constructor }}', 'expression.forbidden'],
    ["{{ $json['__proto' + '__'] }}", 'expression.forbidden'],
    ['{{ ({ __proto__: 1 }) }}', 'expression.forbidden'],
    ['{{ (({ prototype }) => 1)({}) }}', 'expression.forbidden'],
    ['{{ "x".constructor("y")() }}', 'expression.forbidden'],
    ['{{ "x".match(/(?<=a)b/) }}', 'expression.regex'],
    ['{{ "x".match(/(a)\\1/) }}', 'expression.regex'],
    ['{{ new RegExp("(?!a)") }}', 'expression.regex'],
    ['{{ new RegExp("(") }}', 'expression.regex'],
    ['{{ "x".toNumber() }}', 'expression.value'],
    ['{{ "no".parseJson() }}', 'expression.value'],
    ['{{ $json.missing.first() }}', 'expression.wrong-kind'],
    ['{{ (5).keys() }}', 'expression.wrong-kind'],
    ['{{ $json.name.nope() }}', 'expression.mistake'],
    ['{{ (() => { throw new Error("mine") })() }}', 'expression.thrown'],
    ['{{ (() => { for (;;) {} })() }}', 'expression.limit'],
    ['{{ (() => { try { for (;;) {} } catch { return "caught" } })() }}', 'expression.limit'],
    ['{{ (function f() { return f() })() }}', 'expression.limit'],
    ['{{ "a".repeat(1e9) }}', 'expression.limit'],
    ['{{ new Array(1e9) }}', 'expression.limit'],
    ['{{ (() => { const a = []; a.push(a); return a })() }}', 'expression.limit'],
  ])('%s is %s', (text, code) => {
    expect(faultOf(() => run(text)).code).toBe(code);
  });

  it('says where in the template it is and what would mend it', () => {
    const error = faultOf(() => run('Hello {{ $json.name }} and {{ 1 + $json.constructor }}'));
    expect(error.at).toEqual({ start: 40, end: 51 });
    expect(error.mend).not.toBe('');
    expect(faultOf(() => run('ab {{ 1 + }}')).at.start).toBe(10);
    expect(faultOf(() => run('{{ "x".replace(/(?=y)/, "") }}')).mend).toContain('code node');
    expect(faultOf(() => run('{{ $env.X }}')).mend).toContain('$vars');
  });

  it('tells the scope of each segment that came out empty because a value was missing', () => {
    const missed: ExpressionError[] = [];
    const told = { ...scope, missed: (error: ExpressionError) => void missed.push(error) };
    expect(compileTemplate('a {{ $json.missing.deep }} b {{ $json.name }}')(told)).toBe('a  b Ann Lee');
    expect(missed).toHaveLength(1);
    expect(missed[0]).toMatchObject({ code: 'expression.missing', at: { start: 4, end: 24 } });
  });
});

describe('compileValue', () => {
  it('works out every template in params and leaves constants uncopied', () => {
    const constant = { a: [1, 2, { b: 'text' }] };
    const params = { url: 'https://x/{{ $json.total }}', constant, list: ['{{ $json.tags }}', 1, constant] };
    const made = compileValue(params)(scope);
    expect(made).toEqual({ url: 'https://x/12.5', constant, list: [['a', 'b', 'c'], 1, constant] });
    expect(made).toHaveProperty('constant');
    expect(Object.values(made ?? {})[1]).toBe(constant);
    expect(compileValue(constant)(scope)).toBe(constant);
  });

  it('gives each item its own result', () => {
    const total = compileValue({ n: '{{ $json.n + $itemIndex }}' });
    const batch = scopeOf({ n: 1 });
    expect(total(batch)).toEqual({ n: 1 });
    Object.assign(batch, { json: { n: 10 }, itemIndex: 1 });
    expect(total(batch)).toEqual({ n: 11 });
  });
});

describe('texts that were compiled are kept by what is made of them and not only by their number', () => {
  const text = (times: number, n = 0) => `${'{{ $json.name }}'.repeat(times)}${n}`;

  it('keeps long ones: one of over 100 kB was compiled anew at each call', () => {
    expect(compileTemplate(text(5_000))).toBe(compileTemplate(text(5_000)));
    expect(compileTemplate(text(1).padEnd(5_000_000, 'x'))).toBe(compileTemplate(text(1).padEnd(5_000_000, 'x')));
  });

  it('keeps none of which much is made', () => {
    expect(compileTemplate(text(10_000))).not.toBe(compileTemplate(text(10_000)));
  });

  it('lets go of the oldest when what is made of them comes to 64 MB: 64 MB of code took gigabytes', () => {
    const first = compileTemplate(text(2_000));
    for (let n = 1; n <= 14; n++) compileTemplate(text(2_000, n));
    expect(compileTemplate(text(2_000, 14))).toBe(compileTemplate(text(2_000, 14)));
    expect(compileTemplate(text(2_000))).not.toBe(first);
  });

  it('tells the budget of a call for which it compiles, and of one for which it does not', () => {
    const budgetOf = () => new Budget({ ms: 5, bytes: 1, items: 1 }, () => 0);
    expect(() => compileTemplate(text(1_000, -1), { budget: budgetOf() })).toThrow(OverBudget);
    const known = compileTemplate(text(1_000, -1));
    expect(compileTemplate(text(1_000, -1), { budget: budgetOf() })).toBe(known);
  });
});

it('finds where an expression ends, however far that is', () => {
  for (const length of [500, 510, 511, 512, 8_190, 8_192, 20_000]) {
    const inside = `${'x'.repeat(length)}}}'`;
    expect(compileTemplate(`a{{ '${inside} }}b`)(scopeOf({}))).toBe(`a${inside.slice(0, -1)}b`);
    expect(compileTemplate(`{{ { a: {${' '.repeat(length)}} } }}`)(scopeOf({}))).toEqual({ a: {} });
  }
});
