import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, list, timezone } from '../kit/fields.ts';
import { scheduleRule } from './schedule-rule.ts';
import { option } from '../kit/unfolding.ts';

const fired = { scheduledFor: '2026-01-15T09:00:00.000Z', firedAt: '2026-01-15T09:00:00.120Z', timezone: 'UTC' };

export const schedule = defineNode({
  type: 'start.schedule',
  version: 1,
  title: 'Schedule',
  icon: 'clock',
  summary: 'Starts at set times: at an interval, by the calendar, or by cron.',
  line: '{{ rules.map(rule => rule.cron ?? (rule.unit ? ((rule.every ?? 1) === 1 ? `every ${rule.unit.slice(0, -1)}` : `every ${rule.every} ${rule.unit}`) : `every ${rule.every}`)).join(", ") }}',
  params: z.object({
    rules: list(scheduleRule, {
      title: 'Times',
      description: 'Times that fall on the same moment start one run.',
      addLabel: 'Add a time',
    })
      .min(1)
      // Told by the check and not by the schema itself: what was published before with more goes on.
      .meta({ ui: 'times', maxItems: 20 }),
    timezone: timezone({ title: 'Time zone', description: 'Default: the workflow’s time zone.' }).optional(),
    missed: option(
      choice(['skip', 'once', 'all'], {
        title: 'Missed runs',
        description: 'What happens to runs that were due while the server was down. Run once: one run for all of them.',
        labels: { skip: 'Skip them', once: 'Run once', all: 'Run each' },
      }),
    ).default('once'),
    overlap: option(
      choice(['allow', 'skip', 'queue'], {
        title: 'If the last run is still going',
        labels: { allow: 'Start another', skip: 'Skip this run', queue: 'Wait for it to end' },
      }),
    ).default('allow'),
  }),
  literal: ['rules', 'timezone', 'missed', 'overlap'],
  inputs: {},
  outputs: { out: {} },
  effect: 'pure',
  role: 'start',
  all: ({ items }) => items,
  examples: [
    {
      name: 'Every quarter of an hour',
      params: { rules: [{ every: '15m' }] },
      given: {},
      with: { event: [fired] },
      gives: { out: [fired] },
    },
    {
      name: 'On working days at nine in Berlin, and on the last of the month at six in the evening',
      params: {
        rules: [{ cron: '0 9 * * 1-5' }, { unit: 'months', day: 'last', hour: 18 }],
        timezone: 'Europe/Berlin',
        overlap: 'skip',
      },
      given: {},
      with: { event: [fired] },
      gives: { out: [fired] },
    },
    {
      name: 'Every second Friday at noon, running each missed time',
      params: { rules: [{ unit: 'weeks', every: 2, on: ['fri'], hour: 12 }], missed: 'all' },
      given: {},
      with: { event: [fired] },
      gives: { out: [fired] },
    },
  ],
});
