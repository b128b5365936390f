import { describe, expect, test } from 'vitest';
import { formField, formFields, readForm } from './form-fields.ts';

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
    [{ kind: 'email' }, '@b.se'],
    [{ kind: 'email' }, 'a@.se'],
    [{ kind: 'email' }, 'a@b.'],
    [{ kind: 'email' }, 'a@b@c.se'],
    [{ kind: 'email' }, 'a b@c.se'],
    [{ kind: 'email' }, `${'a'.repeat(250)}@b.se`],
    [{ kind: 'number' }, '1'.repeat(1_001)],
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

test('an e-mail address of 100,000 dots is refused in no time: each of them was tried with each', () => {
  const { user } = process.cpuUsage();
  expect(read({ kind: 'email' }, `a@${'.'.repeat(100_000)}@`)).toEqual({ wrong: 'Enter an e-mail address.' });
  // 14 s before, a millisecond now.
  expect(process.cpuUsage().user - user).toBeLessThan(5_000_000);
});

test('more values than a field has options are none of them, however many: each was looked for among all options', () => {
  const options = Array.from({ length: 1_000 }, (_, n) => `option ${n}`);
  const given = Array.from({ length: 500_000 }, () => 'option 999');
  const { user } = process.threadCpuUsage();
  expect(read({ kind: 'checkbox', options }, given)).toEqual({ wrong: 'Choose one of the options.' });
  expect(read({ kind: 'checkbox', options }, [...options])).toEqual(options);
  expect(process.threadCpuUsage().user - user).toBeLessThan(400_000);
});

test.each([
  ['options', [{ name: 'f', kind: 'radio', options: Array.from({ length: 10_000 }, String) }]],
  ['fields', Array.from({ length: 10_001 }, (_, n) => ({ name: `f${n}` }))],
  ['letters', [{ name: 'f', kind: 'html', value: '&'.repeat(1_000_000) }]],
])('a form has as many %s as a page can have: it is written of them for every visitor', (_, fields) => {
  expect(formFields.safeParse(fields).error?.issues[0]?.message).toContain('10,000 fields and options at most');
});
