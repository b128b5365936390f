import '../document/edits/rename-texts.ts';
import { expect, test } from 'vitest';
import type { NodeCard } from '../document/card.ts';
import type { Workflow } from '../document/workflow.ts';
import { apply } from '../document/edits/apply.ts';
import { catalogueOf, testCards } from '../testing/cards.ts';
import { draw } from '../testing/draw.ts';
import { check } from './check.ts';

const pure = testCards.find(({ type }) => type === 'test.pure') as NodeCard;
const params = { type: 'object', properties: { code: { type: 'string', ui: 'code', language: 'javascript' } } };
const catalogue = catalogueOf([...testCards, { ...pure, type: 'code.javascript', params }]);

const withCode = (code: string): Workflow =>
  draw('hook:test.start -> price -> c:code.javascript -> later\nhook -> aside', { c: { params: { code } } });
const issuesOf = (code: string) => check(withCode(code), catalogue).filter(({ where }) => where.node === 'c');

test.each([
  [
    'names no node that is there',
    "return $('nope').all()",
    'reference-unknown',
    /no node “nope” \(line 1\)/,
    /Name in expressions/,
  ],
  ['misspells a node', "\nreturn $('pricee').all()", 'reference-unknown', /“pricee” \(line 2\)/, /\$\('price'\)/],
  ['names a missing node by $node', 'return $node["nope"].json', 'reference-unknown', /“nope”/, /Name in expressions/],
  ['names a missing node by $items', 'return $items(`nope`)', 'reference-unknown', /“nope”/, /Name in expressions/],
  ['reads what runs after it', "return $('later').all()", 'reference-later', /reads pure \(later\)/, /before/],
  ['reads itself', "return $('c').all()", 'reference-later', /its own output/, /before/],
  ['reads another way', "return $('aside').all()", 'reference-aside', /another way/, /edge/],
  ['does not parse', 'const a = 1;\nreturn (a;', 'code-syntax', /line 2, column 10/, /bracket/],
  ['imports', "import { x } from 'luxon'", 'code-syntax', /no modules.*line 1/, /DateTime/],
  ['asks for a module', "const { DateTime } = require('luxon')", 'code-unavailable', /require\(“luxon”\)/, /DateTime/],
  ['asks for crypto', "const c = require('node:crypto')", 'code-unavailable', /crypto/, /createHmac/],
  ['asks for an unknown module', "require('left-pad')", 'code-unavailable', /left-pad/, /no modules/],
  ['fetches', "await fetch('x')", 'code-unavailable', /no fetch \(line 1, column 7\)/, /HTTP request/],
  ['uses axios', 'await axios.get(1)', 'code-unavailable', /no axios/, /HTTP request/],
  ['reads the environment', '\n  process.env.X', 'code-unavailable', /no process \(line 2, column 3\)/, /\$vars/],
  ['uses helpers', 'await this.helpers.httpRequest({})', 'code-unavailable', /this.helpers/, /HTTP request/],
])('code that %s is an Issue', (_, source, code, message, mend) => {
  expect(issuesOf(source)).toEqual([
    expect.objectContaining({
      code,
      where: { node: 'c', param: 'code' },
      message: expect.stringMatching(message),
      mend: expect.stringMatching(mend),
    }),
  ]);
});

test.each([
  ["return $('hook').all().concat($node.price.json)"],
  ["await null; return [Buffer.from('a'), DateTime.now(), $today, crypto.subtle, $jmespath({}, 'a')]"],
  ['const a: number = $json.n as number; return a'],
  ["return \"{{ $('nope').item }}\" // $('nope')"],
  ['setTimeout(() => {}, 1); console.table([]); return structuredClone({})'],
])('nothing is wrong with %s', (source) => {
  expect(issuesOf(source)).toEqual([]);
});

test('a renamed node is followed in code, and undo gives the very text back', () => {
  const source =
    "// $('hook')\nreturn $(\"hook\").all().map((x) => ({ ...x, text: '{{ $(\\'hook\\') }}', b: $(`hook`).first(), t: $('fresh') }))";
  const start = withCode(source);
  const renamed = apply(start, { do: 'rename-key', key: 'hook', to: 'fresh' });
  if ('refused' in renamed) throw new Error(renamed.refused.message);
  expect(renamed.document.nodes.find(({ key }) => key === 'c')?.params).toEqual({
    code: source.replace('$("hook")', '$("fresh")').replace('$(`hook`)', '$(`fresh`)'),
  });
  expect(check(renamed.document, catalogue).filter(({ where }) => where.node === 'c')).toEqual([]);
  const back = apply(renamed.document, renamed.undo);
  expect('document' in back && back.document).toEqual(start);
});

test('code that does not parse says so before and after a rename, with its place', () => {
  const start = withCode("return $('hook'.all(");
  const renamed = apply(start, { do: 'rename-key', key: 'hook', to: 'fresh' });
  for (const document of [start, 'document' in renamed ? renamed.document : start])
    expect(check(document, catalogue)).toContainEqual(
      expect.objectContaining({ code: 'code-syntax', message: expect.stringMatching(/line 1, column 21/) }),
    );
});
