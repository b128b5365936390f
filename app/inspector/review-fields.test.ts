import { expect, test } from 'vitest';
import { fieldsOf, missingIn } from './review-fields.tsx';

const need = (form: readonly unknown[]) => ({ kind: 'review', details: { form } });

test('a box that must be ticked and a list that must have something are asked for, as an empty text is', () => {
  const fields = fieldsOf(
    need([
      { name: 'sure', kind: 'checkbox', required: true },
      { name: 'extras', kind: 'checkbox', options: ['Gift', 'Express'], required: true },
      { name: 'sizes', kind: 'dropdown', multiple: true, options: ['S', 'M'], required: true },
      { name: 'why', kind: 'text' },
    ]),
  );
  expect(Object.keys(missingIn(fields, { sure: false, extras: [], why: '' }))).toEqual(['sure', 'extras', 'sizes']);
  expect(missingIn(fields, { sure: true, extras: ['Gift'], sizes: ['S'] })).toEqual({});
  expect(fields[2]?.multiple).toBe(true);
});
