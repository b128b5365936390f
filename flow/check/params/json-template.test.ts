import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokenTemplateAt } from './json-template.ts';

const at = (text: string, isText = false) => brokenTemplateAt(text, isText);

test.each([
  ['{"id":"{{ $json.id }}", "total": oops', 'oops'],
  ['{"id": {{ $json.id }}, "total": oops}', 'oops'],
  ['{"a": {{ $json.a }} "b": 1}', '"b"'],
  ['{"a": "{{ $json.a }}", }', '}'],
  ['[{{ $json.a }}, {"b": tru}]', 'tru'],
  ['{ "a": {{ $json.a }}, b: 1 }', 'b: 1'],
  ["{'a': {{ $json.a }}}", "'a'"],
  ['[1, 2 3]', '3'],
])('%s is broken at %s', (text, place) => {
  expect(text.slice(at(text)).startsWith(place)).toBe(true);
});

test('a text that ends too early is broken at its end, and words among expressions are none', () => {
  expect(at('{"a": {{ $json.a }}')).toBe('{"a": {{ $json.a }}'.length);
  expect(at('Hello {{ $json.name }}')).toBe(0);
});

test.each([
  '{{ $json }}',
  ' {{ $json }} ',
  '{"a": {{ $json.a }}, "b": "{{ $json.b }} and {{ $json.c }}"}',
  '{ {{ $json.name }}: 1 }',
  '{ "{{ $json.name }}": 1, {{ JSON.stringify($json.more).slice(1, -1) }} }',
  '{"a": 1{{ $json.b ? `,"b":2` : "" }}}',
  '[{{ $json.list.map(one => JSON.stringify(one)).join() }}]',
  '{"a": 1{{ $json.isOver ? "}" : ", \\"b\\": 2}" }}',
  '{"n": 1{{ $json.zeros }}}',
  '{"l": [{{ $json.a ? "1," : "" }} 2], "m": [{{ $json.b ? "1," : "" }} 2]}',
  '{"a": {"b": {"c": "{{ $json.c }}"}}}',
  '{"a": {{ $json.( }}, oops',
  'just text',
  '',
])('%s may be JSON, or says what is wrong elsewhere', (text) => {
  expect(at(text)).toBeUndefined();
});

test('in a field that takes text too, only what begins as JSON is meant as JSON', () => {
  expect(at('Hello {{ $json.name }}', true)).toBeUndefined();
  expect(at('{{ $json.a }} {{ $json.b }}', true)).toBeUndefined();
  expect(at('{"a": "{{ $json.name }}"', true)).toBe(24);
});

test('JSON with an expression in place of any of its values or texts is never broken', () => {
  const leaf = fc.oneof(
    fc.constant('{{ $json.a }}'),
    fc.constant('"x {{ $json.a }} y"'),
    fc.constant('"t"'),
    fc.constant('1'),
  );
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
      fc
        .array(tie('tree'), { maxLength: 3 })
        .map((list) => `{ ${list.map((one, n) => `"k${n}": ${one}`).join(', ')} }`),
    ),
  }));
  fc.assert(
    fc.property(tree, (text) => {
      expect(at(text)).toBeUndefined();
    }),
  );
});
