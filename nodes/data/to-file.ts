import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, list, longText, text, toggle, whole } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { textFromItems } from './file-formats.ts';
import { objectWith } from './path.ts';
import { option, shown } from '../kit/unfolding.ts';

const types = { csv: 'text/csv', json: 'application/json', text: 'text/plain' } as const;
const endings = { csv: 'csv', json: 'json', text: 'txt' } as const;

export const toFile = defineNode({
  type: 'data.to-file',
  version: 1,
  title: 'Make file',
  icon: 'file-output',
  summary: 'Makes one file from all items, in CSV, JSON or plain text.',
  line: '{{ said.format }} {{ name ?? "" }}',
  params: z.object({
    format: choice(['csv', 'json', 'text'], {
      title: 'Format',
      labels: { csv: 'CSV', json: 'JSON', text: 'Plain text' },
    }),
    name: text({ title: 'File name', placeholder: 'orders.csv' }).optional(),
    columns: option(
      shown(
        { format: 'csv' },
        list(fieldPath({ title: 'Column' }), {
          title: 'Columns',
          description: 'Default: all fields.',
          addLabel: 'Add a column',
        }),
      ),
    ).optional(),
    header: option(shown({ format: 'csv' }, toggle({ title: 'Header row' }))).default(true),
    delimiter: option(
      shown({ format: 'csv' }, z.string().length(1).default(',').meta({ title: 'Delimiter', ui: 'text' })),
    ),
    newline: option(
      shown(
        { format: 'csv' },
        choice(['\n', '\r\n'], { title: 'Line ends', labels: { '\n': 'LF', '\r\n': 'CR LF (Windows)' } }),
      ),
    ).default('\n'),
    decimal: option(
      shown(
        { format: 'csv' },
        choice(['.', ','], { title: 'Decimal mark', labels: { '.': 'Point (1234.5)', ',': 'Comma (1234,5)' } }),
      ),
    ).default('.'),
    excel: option(
      shown(
        { format: 'csv' },
        toggle({
          title: 'For Excel',
          description:
            'With a byte order mark and CR LF. Where Excel writes decimals with a comma, set Delimiter to ;.',
        }),
      ),
    ).default(false),
    escapeFormulas: option(
      shown(
        { format: 'csv' },
        toggle({
          title: 'Escape formulas',
          description: 'Keeps a spreadsheet from running cells that start with =, +, - or @.',
        }),
      ),
    ).default(false),
    indent: option(shown({ format: 'json' }, whole({ title: 'Indent', min: 0, max: 8 }))).default(2),
    field: shown(
      { format: 'text' },
      fieldPath({ title: 'Field', description: 'The field of each item to write.' }),
    ).default('text'),
    between: shown({ format: 'text' }, longText({ title: 'Between', description: 'Default: a new line.' })).default(
      '\n',
    ),
    byteOrderMark: option(
      toggle({
        title: 'Byte order mark',
        description: 'Makes older spreadsheets read the file as UTF-8.',
      }),
    ).default(false),
    to: option(
      choice(['file', 'text'], {
        title: 'Output',
        labels: { file: 'A stored file', text: 'Text in a field' },
      }),
    ).default('file'),
    as: option(fieldPath({ title: 'Write to', description: 'Default: file, or text.' })).optional(),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  needs: ['file'],
  idle: { file: { to: ['text'] } },
  effect: 'idempotent',
  all: async ({ items, params, file, budget, rest }) => {
    const { format, to } = params;
    const isForExcel = params.excel && format === 'csv';
    const writing = { ...params, ...(isForExcel ? { newline: '\r\n' as const } : {}), budget };
    const written = await textFromItems(items, writing, rest);
    const byteOrderMark = params.byteOrderMark || isForExcel;
    const $from = [...items.keys()];
    if (to === 'text') return [{ value: objectWith(params.as ?? 'text', written), $from }];
    const text = byteOrderMark ? `\uFEFF${written}` : written;
    const name = params.name ?? `items.${endings[format]}`;
    return [
      { value: objectWith(params.as ?? 'file', await file.writeText({ name, type: types[format], text })), $from },
    ];
  },
  examples: [
    {
      // "n", then 1 and 2, each with a line end: 6 bytes; the mark before them takes 3.
      name: 'A stored CSV file that older spreadsheets can read',
      params: { format: 'csv', name: 'numbers.csv', byteOrderMark: true, as: 'report' },
      given: { in: [{ n: 1 }, { n: 2 }] },
      with: { file: {} },
      gives: { out: [{ report: { $file: 'file_1', name: 'numbers.csv', type: 'text/csv', size: 9 } }] },
    },
    {
      // A header, then a row an item; the comma and the quote make the cell quoted, the missing one is empty.
      name: 'CSV text of all items',
      params: { format: 'csv', to: 'text' },
      given: {
        in: [
          { id: 1, note: 'a, "b"' },
          { id: 2, city: 'Malmö' },
        ],
      },
      gives: { out: [{ text: 'id,note,city\n1,"a, ""b""",\n2,,Malmö\n' }] },
    },
    {
      name: 'Only some columns, with what a spreadsheet would run made harmless',
      params: {
        format: 'csv',
        to: 'text',
        as: 'csv',
        columns: ['who.name', 'n'],
        header: false,
        delimiter: ';',
        escapeFormulas: true,
      },
      given: { in: [{ who: { name: '=1+1' }, n: null }] },
      gives: { out: [{ csv: `"'=1+1";\n` }] },
    },
    {
      // 3 bytes of the mark, "pris" and "12,5" with their line ends: 3 + 6 + 6.
      name: 'CSV that Excel opens as it is',
      params: { format: 'csv', excel: true, delimiter: ';', decimal: ',' },
      given: { in: [{ pris: 12.5 }] },
      with: { file: {} },
      gives: { out: [{ file: { $file: 'file_1', name: 'items.csv', type: 'text/csv', size: 15 } }] },
    },
    {
      name: 'A JSON list',
      params: { format: 'json', to: 'text', indent: 0 },
      given: { in: [{ a: 'ü' }, null] },
      gives: { out: [{ text: '[{"a":"ü"},null]' }] },
    },
    {
      name: 'One line of text for each item',
      params: { format: 'text', field: 'name', between: ' · ', to: 'text' },
      given: { in: [{ name: 'Ada' }, {}, { name: '李' }] },
      gives: { out: [{ text: 'Ada ·  · 李' }] },
    },
  ],
});
