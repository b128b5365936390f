import * as z from 'zod';
import { fieldPath } from '../data/field-path.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { conditionOp } from '../../flow/values/condition.ts';
import { choice, list, text } from '../kit/fields.ts';
import { collectResults, columnValues, rowHolds, withResults } from './decision-rows.ts';
import { option, shown } from '../kit/unfolding.ts';

const id = z.string().regex(/^[a-z][A-Za-z0-9_]{0,79}$/, 'Start with a small letter; use letters, digits and _.');
const constant = z.union([z.string(), z.number(), z.boolean()]);

const column = z.object({
  id: id.meta({ title: 'Name in the rows', says: 'Start with a small letter; use letters, digits and _.' }),
  title: text({ title: 'Title' }).optional(),
  value: z.unknown().optional().meta({ title: 'Value', ui: 'value', placeholder: '{{ $json.amount }}' }),
  type: choice(['number', 'whole', 'choice', 'boolean', 'text', 'date'], { title: 'Type' }).default('text'),
  choices: shown(
    { type: 'choice' },
    z
      .array(z.string())
      .optional()
      .meta({ title: 'Choices', description: 'List them all, so that gaps can be found.', addLabel: 'Add a choice' }),
  ),
});

const cell = z.union([constant, z.null(), z.array(constant), z.partialRecord(conditionOp, z.unknown())]).meta({
  title: 'Condition',
  description: 'A value, a list of values, or { "gte": 10, "lt": 20 }. Empty matches any.',
  ui: 'cell',
});

const results = z.record(fieldPath({ title: 'Field' }), z.unknown()).meta({ title: 'Results', ui: 'key-values' });

export const decisionTable = defineNode({
  type: 'rules.decision-table',
  version: 1,
  title: 'Decision table',
  icon: 'table-2',
  summary: 'Compares each item with rows of conditions and writes the results of the rows that match.',
  line: '{{ rows.length }} {{ rows.length === 1 ? "row" : "rows" }}, {{ hit === "first" ? "first match" : hit === "all" ? "every match" : "all collected" }}',
  params: z.object({
    columns: list(column, { title: 'Columns', addLabel: 'Add a column' }).max(32),
    rows: list(
      z.object({
        when: z.record(z.string(), cell).default({}),
        then: results.default({}),
        note: z.string().optional(),
      }),
      { title: 'Rows', addLabel: 'Add a row' },
    ).max(2_000),
    hit: choice(['first', 'all', 'collect'], {
      title: 'Use',
      labels: {
        first: 'The first row that matches',
        all: 'Every row that matches, an item each',
        collect: 'All rows that match, results as lists',
      },
    }).default('first'),
    otherwise: option(
      results.optional().meta({
        title: 'Otherwise',
        description: 'Results if no row matches. Default: the item leaves by the output none.',
      }),
    ),
    as: option(
      fieldPath({
        title: 'Write to',
        description: 'A field for the results. Default: they become fields of the item.',
      }),
    ).optional(),
  }),
  inputs: { in: {} },
  outputs: { out: {}, none: { title: 'no row' } },
  effect: 'pure',
  each: ({ item, params: { columns, rows, hit, otherwise, as }, zone, engine, budget }) => {
    const how = { zone, engine, budget };
    const values = columnValues(columns, how);
    const isHit = (row: (typeof rows)[number]): boolean => rowHolds(row, values, how);
    const first = hit === 'first' ? rows.find(isHit) : undefined;
    const held = hit === 'first' ? (first ? [first] : []) : rows.filter(isHit);
    if (held.length === 0 && otherwise === undefined) return deliver({ none: [item] });
    const given = held.length === 0 ? [{ when: {}, then: otherwise ?? {} }] : held;
    const written = hit === 'collect' ? [collectResults(given)] : given.map((row) => row.then);
    return deliver({ out: written.map((result) => withResults(item, result, { as, engine })) });
  },
  examples: [
    {
      // 250 with gold: row 1 asks for at least 100 and gold or silver, so 15; 250 without: row 2, 5; 20: no row.
      name: 'A discount by amount and tier',
      params: {
        columns: [
          { id: 'amount', value: '{{ $json.amount }}', type: 'number' },
          { id: 'tier', value: '{{ $json.tier }}', type: 'choice', choices: ['gold', 'silver', 'none'] },
        ],
        rows: [
          { when: { amount: { gte: 100 }, tier: ['gold', 'silver'] }, then: { discount: 15 } },
          { when: { amount: { gte: 100 } }, then: { discount: 5 } },
        ],
      },
      given: { in: [{ amount: 250, tier: 'gold' }, { amount: '250' }, { amount: 20, tier: 'gold' }] },
      gives: {
        out: [
          { amount: 250, tier: 'gold', discount: 15 },
          { amount: '250', discount: 5 },
        ],
        none: [{ amount: 20, tier: 'gold' }],
      },
    },
    {
      name: 'All rows that match, results as lists',
      params: {
        columns: [{ id: 'word', value: '{{ $json.text }}', type: 'text' }],
        rows: [
          { when: { word: { contains: 'häst' } }, then: { tags: 'animal' } },
          { when: { word: { contains: 'sko' } }, then: { tags: 'thing', 'by.row': 2 } },
        ],
        hit: 'collect',
        otherwise: { tags: 'unknown' },
      },
      given: { in: [{ text: 'hästsko' }, { text: null }] },
      gives: {
        out: [
          { text: 'hästsko', tags: ['animal', 'thing'], by: { row: [2] } },
          { text: null, tags: ['unknown'] },
        ],
      },
    },
    {
      name: 'One item for each row that matches',
      params: {
        columns: [{ id: 'n', value: '{{ $json.n }}', type: 'whole' }],
        rows: [
          { when: { n: { gt: 0 } }, then: { send: 'mail' } },
          { when: { n: '-' }, then: { send: 'log' } },
        ],
        hit: 'all',
        as: 'plan',
      },
      given: { in: [{ n: 1 }, {}] },
      gives: {
        out: [{ n: 1, plan: { send: 'mail' } }, { n: 1, plan: { send: 'log' } }, { plan: { send: 'log' } }],
      },
    },
    {
      name: 'Says which column has a value of the wrong type',
      params: { columns: [{ id: 'n', value: 'ten', type: 'number' }], rows: [{ when: { n: { gt: 1 } } }] },
      given: { in: [{}] },
      gives: { fault: 'data.invalid' },
    },
  ],
});
