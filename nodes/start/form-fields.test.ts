import { describe, expect, test } from 'vitest';
import { formField, readForm } from './form-fields.ts';

const read = (field: object, given: unknown) => {
  const parsed = formField.parse({ name: 'f', ...field });
  const submission = readForm([parsed], given === undefined ? {} : { f: given });
  return submission.ok ? submission.item['f'] : { wrong: submission.wrong['f'] };
};

describe('what somebody sent in becomes what the field says', () => {
  test.each([
    [{}, ' Åsa ', ' Åsa '],
    [{}, '', null],
    [{}, undefined, null],
    [{ kind: 'number' }, ' 12.5 ', 12.5],
    [{ kind: 'email' }, ' a@b.se ', 'a@b.se'],
    [{ kind: 'date' }, '2024-02-29', '2024-02-29'],
    [{ kind: 'checkbox' }, 'on', true],
    [{ kind: 'checkbox' }, undefined, false],
    [{ kind: 'checkbox', options: ['a', 'b'] }, 'a', ['a']],
    [{ kind: 'checkbox', options: ['a', 'b'] }, undefined, []],
    [{ kind: 'dropdown', options: ['a', 'b'] }, 'b', 'b'],
    [{ kind: 'dropdown', options: ['a', 'b'], multiple: true }, ['a', 'b'], ['a', 'b']],
    [{ kind: 'hidden', value: 'campaign' }, undefined, 'campaign'],
    [{ kind: 'file' }, { $file: 'f1' }, { $file: 'f1' }],
  ])('%j with %j', (field, given, expected) => {
    expect(read(field, given)).toEqual(expected);
  });

  test.each([
    [{ required: true }, '  '],
    [{ kind: 'number' }, '12,5'],
    [{ kind: 'email' }, 'a@b'],
    [{ kind: 'date' }, '2026-02-29'],
    [{ kind: 'checkbox', required: true }, undefined],
    [{ kind: 'radio', options: ['a'] }, 'z'],
    [{ kind: 'dropdown', options: ['a', 'b'] }, ['a', 'b']],
    [{}, { $gt: '' }],
  ])('%j refuses %j with a sentence', (field, given) => {
    expect(read(field, given)).toEqual({ wrong: expect.stringMatching(/\.$/) });
  });
});

test('what the form does not ask for is left out, and names of prototypes are only names', () => {
  const submission = readForm([formField.parse({ name: 'a' }), formField.parse({ name: 'show', kind: 'html' })], {
    a: '1',
    admin: 'yes',
    show: 'x',
  });
  expect(submission).toEqual({ ok: true, item: { a: '1' } });
  expect(readForm([formField.parse({ name: 'constructor' })], {})).toEqual({ ok: true, item: { constructor: null } });
});
