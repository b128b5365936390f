import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misfits } from '../../flow/check/params/schema.ts';
import { card, cards } from '../canvas/testing/cards.ts';
import { gives, givesJson } from './expression-result.ts';
import { printValue, readValue, shownText, toExpression, toFixed } from './expression-text.ts';
import type { Control, Field } from './field.ts';
import { fieldsOf } from './fields-of.ts';
import { cronTrouble, nextRuns } from './next-runs.ts';
import { blankOf, blankVariant, valueAt, variantOf, withValueAt } from './value-at.ts';

const field = (type: string, name: string): Field => {
  const found = fieldsOf(card(type)).find((one) => one.name === name);
  if (!found) throw new Error(`${type} has no field ${name}.`);
  return found;
};

describe('a form made from a card', () => {
  test.each([
    ['start.webhook', 'path', 'text', false],
    ['start.form', 'thanks', 'text', false],
    ['start.webhook', 'methods', 'several', false],
    ['start.webhook', 'auth', 'variants', false],
    ['start.webhook', 'reply', 'choice', false],
    ['start.webhook', 'response', 'object', false],
    ['connect.http-request', 'method', 'choice', true],
    ['connect.http-request', 'url', 'text', true],
    ['connect.http-request', 'headers', 'pairs', true],
    ['connect.http-request', 'json', 'json', true],
    ['data.set', 'fields', 'list', true],
    ['data.set', 'keep', 'variants', true],
    ['rules.if', 'where', 'conditions', true],
    ['rules.if', 'loose', 'switch', true],
    ['rules.decision-table', 'rows', 'table', true],
    ['start.schedule', 'rules', 'list', false],
    ['start.schedule', 'timezone', 'timezone', false],
    ['code.javascript', 'code', 'code', false],
  ])('%s %s is a %s', (type, name, kind, isOpen) => {
    const made = field(type, name);
    expect(made.control.kind).toBe(kind);
    expect(made.isOpen).toBe(isOpen);
  });

  test('no expression is offered where a run reads none: the path of a webhook became {{ "orders" }} by one press', () => {
    const inner = ({ control }: Field): readonly Field[] =>
      control.kind === 'object' ? control.fields : control.kind === 'list' ? [control.entry] : [];
    const all = (one: Field): Field[] => [one, ...inner(one).flatMap(all)];
    const open = (type: string, name: string) =>
      all(field(type, name))
        .filter(({ isOpen }) => isOpen)
        .map(({ title }) => title);
    expect(open('start.form', 'fields')).toEqual([]);
    expect(open('start.form', 'thanks')).toEqual([]);
    expect(open('control.review', 'choices')).toEqual([]);
    expect(open('start.webhook', 'auth')).toEqual([]);
    expect(open('control.review', 'title')).toEqual(['Question']);
    // Read as a template by the door itself.
    expect(open('start.webhook', 'dedupeKey')).toEqual(['Deduplicate by']);
  });

  test('labels of a choice are what a person reads', () => {
    const { control } = field('start.webhook', 'reply');
    expect(control.kind === 'choice' && control.options.map(({ label }) => label)).toContain('Using a Respond node');
  });

  test('every field of every card has a title and a control, and none falls back to JSON that has a shape', () => {
    const all = (fields: readonly Field[]): Field[] => fields.flatMap((one) => [one, ...all(inner(one.control))]);
    const inner = (control: Control): readonly Field[] =>
      control.kind === 'object' ? control.fields : control.kind === 'list' ? [control.entry] : [];
    for (const one of cards) {
      const fields = all(fieldsOf(one));
      expect(fields.filter(({ title, name }) => title === '' && name !== '')).toEqual([]);
    }
  });

  test('what a new entry begins with fits its schema, but for text that only a person can give', () => {
    const { control } = field('start.schedule', 'rules');
    if (control.kind !== 'list' || control.entry.control.kind !== 'variants')
      throw new Error('Times are a list of forms.');
    expect(control.entry.control.variants.map(({ label }) => label)).toEqual([
      'Interval',
      'Cron',
      'Hours',
      'Days',
      'Weeks',
      'Months',
    ]);
    const weeks = blankVariant(control.entry.control.variants[4]!);
    expect(misfits(card('start.schedule').params, { rules: [weeks] })).toEqual([]);
    expect(variantOf(control.entry.control.variants, weeks)).toBe(4);
    expect(variantOf(control.entry.control.variants, { cron: '0 9 * * 1' })).toBe(1);
  });

  test('a form of a value is known by its fixed fields', () => {
    const { control } = field('start.webhook', 'auth');
    if (control.kind !== 'variants') throw new Error('Auth has forms.');
    expect(variantOf(control.variants, { kind: 'hmac', header: 'x' })).toBe(3);
    expect(blankOf(field('start.webhook', 'auth'))).toEqual({ kind: 'none' });
    const keep = field('data.set', 'keep').control;
    expect(keep.kind === 'variants' && keep.variants.map(({ label }) => label)).toEqual([
      'All',
      'None',
      'Only some',
      'All except some',
    ]);
  });
});

test('a value is set at any place, and taken away without a trace', () => {
  const params = { fields: [{ name: 'a' }, { name: 'b' }] };
  const set = withValueAt(params, ['fields', 1, 'value'], 5);
  expect(set).toEqual({ fields: [{ name: 'a' }, { name: 'b', value: 5 }] });
  expect(valueAt(set, ['fields', 1, 'value'])).toBe(5);
  expect(withValueAt(set, ['fields', 1, 'value'], undefined)).toEqual(params);
  expect(withValueAt(params, ['fields', 0], undefined)).toEqual({ fields: [{ name: 'b' }] });
  expect(withValueAt(undefined, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
  expect(params.fields).toHaveLength(2);
});

test('switching a fixed value to an expression and back changes nothing', () => {
  for (const value of [5, true, 'plain', 'with "quotes"', ['a'], { b: 1 }, null])
    expect(toFixed(toExpression(value))).toEqual(value);
  expect(toFixed('{{ $json.a }}')).toBeUndefined();
  expect(toExpression('{{ $json.a }}')).toBe('{{ $json.a }}');
});

test('what is typed into a field for any value keeps its kind', () => {
  const typed = ['5', 'true', 'plain text', '{"a":1}', '{{ $json.a }}', '007 agents', '{ not json'];
  expect(typed.map(readValue)).toEqual([5, true, 'plain text', { a: 1 }, '{{ $json.a }}', '007 agents', '{ not json']);
  expect(readValue(' ')).toBeUndefined();
  expect(printValue({ a: 1 })).toBe('{\n "a": 1\n}');
});

describe('what an expression gives, under its field', () => {
  const samples = {
    items: [{ total: 10 }, { total: 612.4 }],
    outputs: new Map([['hook', [{ id: 1 }, { id: 2 }]]]),
    zone: 'UTC',
    workflow: { id: 'w', name: 'W' },
    now: 0,
  };
  test.each([
    ['{{ $json.total }}', 1, '612.4', 'number'],
    ["{{ $('hook').item.id }}", 1, '2', 'number'],
    ['Total {{ $json.total }}', 0, 'Total 10', 'text'],
    ['{{ $input.all().length }}', 0, '2', 'number'],
  ])('%s for item %i', (text, index, shown, type) => {
    expect(gives(text, samples, index)).toMatchObject({ ok: true, text: shown, type });
  });

  test('or what is wrong, with what mends it', () => {
    const wrong = gives('{{ $json.total + }}', samples, 0);
    expect(wrong.ok).toBe(false);
    expect(!wrong.ok && wrong.error.mend.length).toBeGreaterThan(0);
  });

  const texts = { ...samples, items: [{ id: 'A1', said: 'a"b', n: 2 }] };
  test.each([
    ['{"id": {{ $json.n }}}', '{"id":2}', 'object'],
    ['{{ { id: $json.id } }}', '{"id":"A1"}', 'object'],
    ['{{ $json.id }}', 'A1', 'text'],
    ['["{{ $json.id }}"]', '["A1"]', 'list'],
  ])('in a field that takes JSON, as the run reads it: %s', (text, shown, type) => {
    expect(givesJson('JSON body', text, texts, 0)).toMatchObject({ ok: true, text: shown, type });
  });

  test.each([['{"id": {{ $json.id }}}'], ['{"id": "{{ $json.said }}"}'], ['{{ "{" + $json.id }}']])(
    'the preview passed what the run refuses: %s',
    (text) => {
      const given = givesJson('JSON body', text, texts, 0);
      expect(given.ok).toBe(false);
      expect(!given.ok && given.error.message).toMatch(/^JSON body .*\.$/);
      expect(!given.ok && given.error.mend.length).toBeGreaterThan(0);
    },
  );
});

describe('the next runs of a schedule', () => {
  const next = (rules: unknown, zone: string, from: string) =>
    nextRuns(rules, zone, Date.parse(from)).map((at) => new Date(at).toISOString());

  test('by cron, in a zone, across the end of summer time', () => {
    expect(next([{ cron: '0 9 * * 1-5' }], 'Europe/Berlin', '2026-10-23T08:00:00Z')).toEqual([
      '2026-10-26T08:00:00.000Z',
      '2026-10-27T08:00:00.000Z',
      '2026-10-28T08:00:00.000Z',
      '2026-10-29T08:00:00.000Z',
      '2026-10-30T08:00:00.000Z',
    ]);
  });

  test('of several rules together, each moment once, without those that are not finished', () => {
    const rules = [
      { every: '6h' },
      { unit: 'days', hour: 12 },
      { every: 'soon' },
      { cron: '99 * * * *' },
      {},
      { unit: 'weeks', on: [] },
    ];
    expect(next(rules, 'UTC', '2026-01-01T05:00:00Z')).toEqual(
      ['01T06', '01T12', '01T18', '02T00', '02T06'].map((time) => `2026-01-${time}:00:00.000Z`),
    );
    expect(next(undefined, 'UTC', '2026-01-01T05:00:00Z')).toEqual([]);
  });

  test('a rule of cron that cannot be read, or never comes true, says so', () => {
    expect(cronTrouble('0 9 * * 1-5')).toBeUndefined();
    expect(cronTrouble('')).toBeUndefined();
    expect(cronTrouble('99 9 * * *')).toMatch(/Enter minute, hour, day of month/);
    expect(cronTrouble('0 0 31 2 *')).toMatch(/never runs/);
  });
});

test('a value that was typed as 1.05 became 15: what is typed is shown as it was typed, key by key', () => {
  for (const text of ['1.05', '1 kg', ' a  b ', '10.00 EUR', '-0.0', '{"a": [1, 2]}', '"', 'true ', '{{ $json.a }} b'])
    for (let keys = 1; keys <= text.length; keys++) {
      const typed = text.slice(0, keys);
      expect(shownText(typed, readValue(typed) ?? '')).toBe(typed);
    }
  fc.assert(fc.property(fc.string(), (typed) => shownText(typed, readValue(typed)) === typed));
});

test('what was stored meanwhile wins over what was typed', () => {
  expect(shownText('1.0', 2)).toBe('2');
  expect(shownText('1.0', undefined)).toBe('');
  expect(shownText(undefined, { a: 1 })).toBe('{\n "a": 1\n}');
});
