import { expect, it } from 'vitest';
import { compileTemplate } from './compile.ts';
import { fromForeign } from './foreign.ts';
import { scopeOf } from './testing.ts';

const keys: Record<string, string> = { 'My Node': 'my_node', "Bob's": 'bobs', A: 'a' };
const keyOf = (title: string) => (Object.hasOwn(keys, title) ? keys[title] : undefined);

it.each([
  ['plain text', 'plain text'],
  ['text with {{ brackets }}', 'text with \\{{ brackets }}'],
  ['=no expression', 'no expression'],
  ['={{ $json.a }}', '{{ $json.a }}'],
  ["={{ $('My Node').item.json.x }}", "{{ $('my_node').item.json.x }}"],
  ['={{ $("Bob\'s").first().json }}', '{{ $("bobs").first().json }}'],
  ['={{ $node["My Node"].json["id"] }}', '{{ $("my_node").first().json["id"] }}'],
  ['={{ $node.A.json.id }}', "{{ $('a').first().json.id }}"],
  ["={{ $node['A'].binary.data }}", "{{ $('a').item.binary.data }}"],
  ["={{ $items('A').length + $items().length }}", "{{ $('a').all().length + $input.all().length }}"],
  ['={{ $execution.id }}/{{ $json.$execution }}', '{{ $run.id }}/{{ $json.$execution }}'],
  ["={{ $node[$node['A'].json.which].json.x }}", "{{ $node[$('a').first().json.which].json.x }}"],
  ['=C:\\\\{{ 1 }}\\\\x', 'C:\\\\{{ 1 }}\\\\x'],
])('%s', (source, expected) => {
  expect(fromForeign(source, keyOf).text).toBe(expected);
});

it('says which titles have no key and which names have no counterpart', () => {
  const made = fromForeign("={{ $('Gone').item.json.x + $prevNode.name + $('A').item.json.y }}", keyOf);
  expect(made).toEqual({
    text: "{{ $('Gone').item.json.x + $prevNode.name + $('a').item.json.y }}",
    unknown: ['Gone'],
    unsupported: ['$prevNode'],
  });
});

it('brings an expression that does not parse as it is, with the error', () => {
  const made = fromForeign("={{ $('it's').item }}", keyOf);
  expect(made.text).toBe("{{ $('it's').item }}");
  expect(made.error?.code).toBe('expression.syntax');
});

it('prints backslashes as n8n does', () => {
  const scope = scopeOf({});
  const printed = (source: string) => compileTemplate(fromForeign(source, keyOf).text)(scope);
  expect(printed('=C:\\\\{{ 1 }}')).toBe('C:\\1');
  expect(printed('=a\\\\b {{ 1 }} \\n')).toBe('a\\b 1 \\n');
});
