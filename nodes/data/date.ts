import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, number, text, timezone } from '../kit/fields.ts';
import { workOut } from './date-operations.ts';
import { fieldPath } from './field-path.ts';
import { assignPath } from './path.ts';

const units = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const;

export const date = defineNode({
  type: 'data.date',
  version: 1,
  title: 'Date',
  icon: 'calendar-clock',
  summary: 'Reads, formats, adds to, rounds and compares dates.',
  line: '{{ operation }} {{ value }}',
  params: z.object({
    operation: choice(['format', 'add', 'difference', 'round', 'parse', 'zone'], {
      title: 'Do',
      labels: {
        format: 'Write in a format',
        add: 'Add or take away time',
        difference: 'Time between two dates',
        round: 'Round to a unit',
        parse: 'Read from text',
        zone: 'Move to a time zone',
      },
    }),
    value: z.unknown().meta({ title: 'Date', ui: 'value', placeholder: '{{ $json.createdAt }}' }),
    as: fieldPath({ title: 'Write to' }).default('date'),
    pattern: text({
      title: 'Written as',
      description: 'How the text is written, such as dd.MM.yyyy; left out: ISO 8601 and the usual.',
    }).optional(),
    format: text({
      title: 'Format',
      description: 'Such as yyyy-MM-dd HH:mm; or iso, iso-date, unix, unix-ms, http, rfc2822.',
    }).default('iso'),
    locale: text({ title: 'Language', description: 'For names of months and days.' }).default('en'),
    amount: number({ title: 'How much', description: 'Negative takes away.', min: -1e9, max: 1e9 }).default(1),
    unit: choice(units, { title: 'Unit' }).default('days'),
    until: z.unknown().optional().meta({ title: 'Until', ui: 'value' }),
    to: choice(['start', 'end', 'nearest'], { title: 'Round to' }).default('start'),
    zone: timezone({ title: 'Time zone', description: 'Left out: the workflow’s.' }).optional(),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  each: ({ item, params, zone }) => {
    const made = isObject(item) ? { ...item } : {};
    assignPath(made, params.as, workOut(params, params.zone ?? zone));
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
