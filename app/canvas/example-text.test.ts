import { expect, test } from 'vitest';
import { exampleText } from './example-text.ts';

test('code in an example of a node is read line by line, not as escaped JSON', () => {
  const params = {
    mode: 'all',
    code: "const a = '1';\n\nreturn [a];\n",
    fields: [{ name: 'sku', value: 2 }],
    keep: [],
  };
  expect(exampleText(params).trim()).toBe(
    [
      'mode: all',
      'code:',
      "  const a = '1';",
      '',
      '  return [a];',
      'fields:',
      '  -',
      '    name: sku',
      '    value: 2',
      'keep: []',
    ].join('\n'),
  );
});

test('the text 1 and the number 1 looked alike, and an empty text was not there: a text that reads as something else has its quotes', () => {
  const params = {
    text: '1',
    number: 1,
    yes: 'true',
    empty: '',
    list: '[]',
    space: ' | ',
    plain: 'a "b"',
    item: '{{ $json }}',
  };
  expect(exampleText(params).trim().split('\n')).toEqual([
    'text: "1"',
    'number: 1',
    'yes: "true"',
    'empty: ""',
    'list: "[]"',
    'space: " | "',
    'plain: a "b"',
    'item: {{ $json }}',
  ]);
});
