import { expect, test } from 'vitest';
import { card, cards } from '../canvas/testing/cards.ts';
import { fieldsOf } from './fields-of.ts';
import { addedValue, unfold, whyIdle } from './unfold.ts';

const form = (type: string, params: Record<string, unknown>, opened: readonly string[] = []) => {
  const { parts, addable, idle } = unfold(fieldsOf(card(type)), params, new Set(opened));
  return {
    shown: parts.flatMap((part) =>
      part.kind === 'field' ? part.field.name : [`${part.title}:`, ...part.chosen.map(({ name }) => name)],
    ),
    addable: addable.map(({ name }) => name),
    idle: idle.map(({ name }) => name),
  };
};

test('a new HTTP request asks for what every request has; one of five bodies, and the rest when it is wanted', () => {
  expect(form('connect.http-request', {})).toEqual({
    shown: ['method', 'url', 'query', 'headers', 'Body:', 'credential'],
    addable: [
      'as',
      'encoding',
      'idempotent',
      'anyStatus',
      'checkUrl',
      'checkField',
      'redirects',
      'otherHosts',
      'timeout',
    ],
    idle: [],
  });
  expect(form('connect.http-request', { json: {}, timeout: '5s' }).shown).toEqual(
    expect.arrayContaining(['Body:', 'json', 'timeout']),
  );
  // A document may hold two by mistake: both are shown, as both would be sent.
  expect(form('connect.http-request', { json: {}, text: 'a' }).shown).toEqual(
    expect.arrayContaining(['Body:', 'json', 'text']),
  );
});

test.each([
  [{}, ['inputs', 'mode']],
  [{ mode: 'position' }, ['inputs', 'mode', 'keep', 'clash']],
  [{ mode: 'match' }, ['inputs', 'mode', 'on', 'keep', 'clash', 'loose']],
  [{ mode: 'combinations' }, ['inputs', 'mode', 'clash']],
  [{ mode: 'choose' }, ['inputs', 'mode', 'choose']],
])('Merge with %j shows %j', (params, names) => {
  expect(form('control.merge', params).shown).toEqual(names);
});

test('with an expression in the field that they hang on, all of them may matter', () => {
  expect(form('control.merge', { mode: '{{ $vars.mode }}' }).shown).toEqual(
    expect.arrayContaining(['on', 'keep', 'clash', 'loose', 'choose']),
  );
});

test('what is hidden keeps its value, and the form says so and why', () => {
  const params = { mode: 'append', on: [{ left: 'a', right: 'b' }] };
  expect(form('control.merge', params).idle).toEqual(['on']);
  const fields = fieldsOf(card('control.merge'));
  const on = fields.find(({ name }) => name === 'on');
  expect(on && whyIdle(on, fields, params)).toBe('Mode is “Append: one list after the other”');
  expect(form('control.merge', params, ['on'])).toMatchObject({ shown: ['inputs', 'mode', 'on'], idle: [] });
});

test('a field of a form asks for options only where there are any', () => {
  const { control } = fieldsOf(card('start.form')).find(({ name }) => name === 'fields')!;
  if (control.kind !== 'list' || control.entry.control.kind !== 'object') throw new Error('Fields are a list.');
  const inside = control.entry.control.fields;
  const names = (values: object) =>
    unfold(inside, { ...values }, new Set()).parts.flatMap((part) => (part.kind === 'field' ? part.field.name : []));
  expect(names({})).toEqual(['name', 'kind', 'label', 'required']);
  expect(names({ kind: 'dropdown' })).toEqual(['name', 'kind', 'label', 'required', 'options', 'multiple']);
  expect(names({ kind: 'radio' })).toEqual(['name', 'kind', 'label', 'required', 'options']);
  expect(names({ kind: 'hidden' })).toEqual(['name', 'kind', 'label']);
});

test('Convert types that was added as an option was off, as without it: a switch is added to be switched, all else to be filled in', () => {
  const fields = fieldsOf(card('rules.if'));
  const added = Object.fromEntries(
    fields.filter(({ isOption }) => isOption).map((field) => [field.name, addedValue(field)]),
  );
  expect(added).toEqual({ loose: true, ignoreCase: true });
  // One that is on anyway is added to be off.
  const on = { ...fields.find(({ name }) => name === 'loose')!, default: true };
  expect(addedValue(on)).toBe(false);
  for (const one of cards)
    for (const field of fieldsOf(one))
      if (field.isOption && addedValue(field) !== undefined) expect(addedValue(field)).not.toBe(field.default);
});
