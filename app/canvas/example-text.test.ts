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
