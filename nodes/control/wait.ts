import * as z from 'zod';
import { Fault } from '../../flow/run/faults.ts';
import { readDate } from '../data/dates.ts';
import { defineNode } from '../kit/define-node.ts';
import { duration, millisecondsOf } from '../kit/fields.ts';

export const wait = defineNode({
  type: 'control.wait',
  version: 1,
  title: 'Wait',
  icon: 'hourglass',
  summary: 'Holds the items for some time or until a date; nothing is kept busy meanwhile, for months if need be.',
  line: '{{ until ? "until " + until : "for a while" }}',
  params: z.object({
    for: duration({ title: 'For', placeholder: '2h' }).optional(),
    until: z.unknown().optional().meta({
      title: 'Until',
      description: 'A date or time; without an offset in the workflow’s time zone. A past one does not wait.',
      ui: 'date-time',
    }),
  }),
  checks: [
    {
      when: {
        all: [
          { left: '{{ $json["for"] }}', op: 'empty' },
          { left: '{{ $json.until }}', op: 'empty' },
        ],
      },
      message: 'Say for how long, or until when.',
      param: 'for',
    },
  ],
  inputs: { in: {} },
  outputs: { out: {} },
  needs: ['timer'],
  effect: 'idempotent',
  // Once for the whole batch (E13): a thousand items do not wait one after the other.
  all: async ({ items, params, timer, now, zone }) => {
    await timer.until(instantOf(params, now, zone));
    return items;
  },
  examples: [
    { name: 'For two hours', params: { for: '2h' }, given: { in: [{ id: 1 }] }, gives: { out: [{ id: 1 }] } },
    {
      name: 'Until a date of the first item',
      params: { until: '{{ $json.due }}' },
      given: { in: [{ due: '2026-03-29T02:30:00' }, { due: null }] },
      with: { clock: { zone: 'Europe/Berlin' } },
      gives: { out: [{ due: '2026-03-29T02:30:00' }, { due: null }] },
    },
    {
      name: 'A missing date is a fault and not an endless wait',
      params: { until: '{{ $json.due }}' },
      given: { in: [{}] },
      gives: { fault: 'params.invalid' },
    },
    {
      name: 'Words that are no date',
      params: { until: 'soon' },
      given: { in: [{}] },
      gives: { fault: 'params.invalid' },
    },
  ],
});

function instantOf(params: { for?: string | number | undefined; until?: unknown }, now: number, zone: string): number {
  if (params.until !== undefined && params.until !== null && params.until !== '') {
    const date = readDate(params.until, zone);
    if (date) return date.toMillis();
    throw unclear(`The param until is no date: ${JSON.stringify(params.until) ?? 'nothing'}.`);
  }
  if (params.for !== undefined) return now + (millisecondsOf(params.for) ?? 0);
  throw unclear('It is not said for how long to wait, or until when.');
}

const unclear = (message: string): Fault =>
  new Fault('params.invalid', message, {
    mend: 'Give a duration such as 2h, or a date such as 2026-03-29T09:00.',
    done: 'no',
  });
