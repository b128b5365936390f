import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, number, text, timezone } from '../kit/fields.ts';
import { workOut } from './date-operations.ts';
import { fieldPath } from './field-path.ts';
import { assignPath } from './path.ts';
import { option, shown } from '../kit/unfolding.ts';

const units = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const;

export const date = defineNode({
  type: 'data.date',
  version: 1,
  title: 'Date',
  icon: 'calendar-clock',
  summary: 'Reads, formats, adds to, rounds and compares dates.',
  line: '{{ said.operation }} {{ value }}',
  params: z.object({
    operation: choice(['format', 'add', 'difference', 'round', 'parse', 'zone'], {
      title: 'Operation',
      labels: {
        format: 'Format',
        add: 'Add or subtract time',
        difference: 'Time between two dates',
        round: 'Round',
        parse: 'Read from text',
        zone: 'Change the time zone',
      },
    }),
    value: z.unknown().meta({ title: 'Date', ui: 'value', placeholder: '{{ $json.createdAt }}' }),
    format: shown(
      { operation: 'format' },
      text({
        title: 'Format',
        description: 'Such as yyyy-MM-dd HH:mm; or iso, iso-date, unix, unix-ms, http, rfc2822.',
      }),
    ).default('iso'),
    amount: shown(
      { operation: 'add' },
      number({ title: 'Amount', description: 'A negative amount subtracts.', min: -1e9, max: 1e9 }),
    ).default(1),
    until: shown({ operation: 'difference' }, z.unknown().optional().meta({ title: 'Until', ui: 'value' })),
    unit: shown({ operation: ['add', 'difference', 'round'] }, choice(units, { title: 'Unit' })).default('days'),
    to: shown(
      { operation: 'round' },
      choice(['start', 'end', 'nearest'], {
        title: 'Round to',
        labels: { start: 'The start of the unit', end: 'The end of the unit', nearest: 'The nearest start' },
      }),
    ).default('start'),
    as: option(fieldPath({ title: 'Write to' })).default('date'),
    pattern: option(
      text({
        title: 'Input format',
        description: 'How the date is written, such as dd.MM.yyyy. Default: ISO 8601 and common formats.',
      }),
    ).optional(),
    locale: option(
      shown({ operation: 'format' }, text({ title: 'Language', description: 'For names of months and days.' })),
    ).default('en'),
    zone: option(timezone({ title: 'Time zone', description: 'Default: the workflow’s time zone.' })).optional(),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  each: ({ item, params, zone, engine }) => {
    const made = isObject(item) ? { ...item } : {};
    assignPath(made, params.as, workOut(params, params.zone ?? zone, engine), { engine });
    return made;
  },
  examples: [
    {
      // 23:30 in UTC is half past midnight of the next day in Stockholm in winter.
      name: 'Formats a date in a time zone',
      params: {
        operation: 'format',
        value: '{{ $json.at }}',
        format: 'yyyy-MM-dd HH:mm',
        zone: 'Europe/Stockholm',
        as: 'local',
      },
      given: { in: [{ at: '2026-01-31T23:30:00Z' }] },
      gives: { out: [{ at: '2026-01-31T23:30:00Z', local: '2026-02-01 00:30' }] },
    },
    {
      // The last day of January plus one month is the last day of February.
      name: 'Adds a month',
      params: { operation: 'add', value: '2026-01-31', amount: 1, unit: 'months', zone: 'UTC' },
      given: { in: [{}] },
      gives: { out: [{ date: '2026-02-28T00:00:00.000Z' }] },
    },
    {
      // From noon to the next midnight is 12 hours: half a day.
      name: 'Days between two dates',
      params: {
        operation: 'difference',
        value: '2026-03-01T12:00:00Z',
        until: '2026-03-02T00:00:00Z',
        unit: 'days',
        as: 'days',
        zone: 'UTC',
      },
      given: { in: [{ id: 1 }] },
      gives: { out: [{ id: 1, days: 0.5 }] },
    },
    {
      name: 'Reads text in its own format',
      params: { operation: 'parse', value: '{{ $json.när }}', pattern: 'dd.MM.yyyy', zone: 'Europe/Berlin' },
      given: { in: [{ när: '24.12.2026' }] },
      gives: { out: [{ när: '24.12.2026', date: '2026-12-24T00:00:00.000+01:00' }] },
    },
    {
      // 1,772,361,600 seconds after 1970 is 10:40.
      name: 'Rounds seconds since 1970 to the nearest hour',
      params: { operation: 'round', value: 1772361600, unit: 'hours', to: 'nearest', zone: 'UTC' },
      given: { in: [{}] },
      gives: { out: [{ date: '2026-03-01T11:00:00.000Z' }] },
    },
    {
      name: 'A missing date stays null',
      params: { operation: 'zone', value: '{{ $json.at }}', zone: 'UTC' },
      given: { in: [{ id: 1 }] },
      gives: { out: [{ id: 1, date: null }] },
    },
    {
      name: 'Says what is no date',
      params: { operation: 'add', value: 'tomorrow-ish' },
      given: { in: [{}] },
      gives: { fault: 'data.invalid' },
    },
  ],
});
