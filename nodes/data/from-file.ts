import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { defineNode, deliver } from '../kit/define-node.ts';
import { encoding } from '../kit/encodings.ts';
import { choice, text, toggle, whole } from '../kit/fields.ts';
import type { FilePower } from '../kit/powers.ts';
import { shorten } from './convert.ts';
import { fieldPath } from './field-path.ts';
import { readFile, withFields } from './file-formats.ts';
import { option, shown } from '../kit/unfolding.ts';

const fileRef = z.object({ $file: z.string(), name: z.string(), type: z.string(), size: z.number() });

export const fromFile = defineNode({
  type: 'data.from-file',
  version: 2,
  title: 'Read file',
  icon: 'file-input',
  summary: 'Reads items from a file, or from text, in CSV, JSON or plain text.',
  line: '{{ said.format }}',
  params: z.object({
    format: choice(['csv', 'json', 'text'], {
      title: 'Format',
      labels: { csv: 'CSV', json: 'JSON', text: 'Plain text' },
    }),
    file: z.unknown().meta({
      title: 'File',
      description: 'The field that holds the file, or text.',
      ui: 'value',
      placeholder: '{{ $json.file }}',
    }),
    header: shown(
      { format: 'csv' },
      z
        .union([
          z.literal(true).meta({ title: 'Names in the first row' }),
          z.literal(false).meta({ title: 'No names: rows are lists' }),
          z.array(z.string()).max(10_000).meta({ title: 'Names entered here', addLabel: 'Add a name' }),
        ])
        .default(true)
        .meta({ title: 'Header' }),
    ),
    types: shown(
      { format: 'csv' },
      choice(['text', 'guess'], {
        title: 'Types',
        labels: { text: 'All text', guess: 'Detect numbers, true and false' },
      }),
    ).default('text'),
    delimiter: option(
      shown({ format: 'csv' }, text({ title: 'Delimiter', description: 'One character, or auto.' })),
    ).default('auto'),
    decimal: option(
      shown(
        { format: 'csv', types: 'guess' },
        choice(['.', ','], {
          title: 'Decimal mark',
          labels: { '.': 'Point (1234.5)', ',': 'Comma (1.234,5)' },
        }),
      ),
    ).default('.'),
    skipLines: option(
      shown(
        { format: 'csv' },
        whole({ title: 'Skip lines', description: 'How many lines come before the header.', min: 0, max: 10_000 }),
      ),
    ).default(0),
    quote: option(
      shown(
        { format: 'csv' },
        choice(['"', "'", 'none'], {
          title: 'Quotes',
          labels: { '"': 'Double quotes', "'": 'Single quotes', none: 'None: quotes are letters' },
        }),
      ),
    ).default('"'),
    extra: option(
      shown(
        { format: 'csv' },
        z.string().min(1).max(200).meta({
          title: 'Write extra cells to',
          description: 'The field for the cells of a row that has more than the header, as a list.',
          ui: 'text',
        }),
      ),
    ).default('extra'),
    badRows: option(
      shown(
        { format: 'csv' },
        choice(['fail', 'skip', 'port'], {
          title: 'Rows that cannot be read',
          labels: { fail: 'Fail', skip: 'Skip', port: 'Send to the output bad' },
        }),
      ),
    ).default('fail'),
    path: shown(
      { format: 'json' },
      fieldPath({
        title: 'Path to the list',
        description: 'Default: the JSON itself.',
        placeholder: 'data.items',
      }),
    ).optional(),
    as: shown({ format: 'text' }, fieldPath({ title: 'Write text to' })).default('text'),
    encoding: option(
      encoding({ title: 'Encoding', description: 'Auto: what the file says, otherwise UTF-8, otherwise detected.' }),
    ),
    carry: option(
      toggle({
        title: 'Keep the item’s fields',
        description: 'Each row also gets the fields of its item, unless it has its own.',
      }),
    ).default(false),
  }),
  inputs: { in: {} },
  outputs: { out: {}, bad: {} },
  needs: ['file'],
  effect: 'idempotent',
  each: async ({ item, params, file, log, compute, budget, rest }) => {
    const { file: source, carry, badRows, ...reading } = params;
    const text = await textOf(source, params.encoding, file);
    const given = { text, reading, keepsBad: badRows !== 'fail' };
    const { items: rows, bad, said } = await readFile(given, compute);
    for (const sentence of said) log.warn(sentence);
    if (bad.length > 0)
      log.warn(
        `${bad.length} ${bad.length === 1 ? 'row' : 'rows'} cannot be read, first row ${bad[0]!.row}: ${bad[0]!.reason}.`,
      );
    const out = carry && isObject(item) ? await withFields(rows, item, { budget, rest }) : rows;
    return deliver({ out, bad: badRows === 'port' ? bad : [] });
  },
  examples: [
    {
      // Two rows under a header; the quoted cell keeps its comma and its quote.
      name: 'Rows of a CSV text',
      params: { format: 'csv', file: '{{ $json.body }}', types: 'guess' },
      given: { in: [{ body: 'sku,price,note\nA1,12.5,"a, ""b"""\nB2,,röd\n' }] },
      gives: {
        out: [
          { sku: 'A1', price: 12.5, note: 'a, "b"' },
          { sku: 'B2', price: null, note: 'röd' },
        ],
      },
    },
    {
      // A title line, semicolons with one too many at the end, commas before the decimals, and a cell more than the header has.
      name: 'A statement as banks write it',
      params: {
        format: 'csv',
        file: '{{ $json.body }}',
        types: 'guess',
        decimal: ',',
        skipLines: 1,
      },
      given: {
        in: [{ body: 'Kontoauszug 2026\r\nDatum;Betrag\r\n01.02.2026;-1.234,50;\r\n02.02.2026;7,00;Nachtrag\r\n' }],
      },
      gives: {
        out: [
          { Datum: '01.02.2026', Betrag: -1234.5 },
          { Datum: '02.02.2026', Betrag: 7, extra: ['Nachtrag'] },
        ],
      },
    },
    {
      // Row 2 of the file, as a spreadsheet counts, has a letter after its closing quote.
      name: 'A row that cannot be read leaves by a port of its own',
      params: { format: 'csv', file: 'a,b\n"x"y,1\nz,2\n', badRows: 'port' },
      given: { in: [{}] },
      gives: {
        out: [{ a: 'z', b: '2' }],
        bad: [{ row: 2, reason: 'Trailing quote on quoted field is malformed', cells: ['"x"y', '1'] }],
      },
    },
    {
      name: 'The list inside a JSON text',
      params: { format: 'json', file: '{{ $json.text }}', path: 'data.items' },
      given: { in: [{ text: '{"data":{"items":[{"id":12345678901234567890},null]}}' }] },
      gives: { out: [{ id: '12345678901234567890' }, null] },
    },
    {
      name: 'Columns with empty and repeated names, without values',
      params: { format: 'csv', file: 'a;;a\r\n1;2;3', delimiter: ';' },
      given: { in: [{}] },
      gives: { out: [{ a: '1', column_2: '2', a_2: '3' }] },
    },
    {
      name: 'A stored file as text',
      params: { format: 'text', file: '{{ $json.file }}', carry: true },
      given: { in: [{ id: 1, file: { $file: 'f1', name: 'a.txt', type: 'text/plain', size: 4 } }] },
      with: { file: { f1: 'håj' } },
      gives: { out: [{ id: 1, file: { $file: 'f1', name: 'a.txt', type: 'text/plain', size: 4 }, text: 'håj' }] },
    },
    {
      name: 'An empty text gives no rows',
      params: { format: 'csv', file: '' },
      given: { in: [{}] },
      gives: { out: [] },
    },
    {
      name: 'Says when there is no file',
      params: { format: 'csv', file: '{{ $json.missing }}' },
      given: { in: [{}] },
      gives: { fault: 'data.invalid' },
    },
    {
      name: 'Says where a quote is not closed',
      params: { format: 'csv', file: 'a,b\n"1,2\n' },
      given: { in: [{}] },
      gives: { fault: 'file.parse' },
    },
  ],
});

async function textOf(source: unknown, encoding: string, file: FilePower): Promise<string> {
  if (typeof source === 'string') return source;
  const ref = fileRef.safeParse(source);
  if (ref.success) return file.readText(ref.data, encoding);
  throw new Fault('data.invalid', `This is neither a file nor text: ${shorten(source)}.`, {
    mend: 'Enter the field that holds the file, such as {{ $json.file }}.',
  });
}
