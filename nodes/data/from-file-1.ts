import * as z from 'zod';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, text, toggle } from '../kit/fields.ts';
import type { FilePower } from '../kit/powers.ts';
import { shorten } from './convert.ts';
import { fieldPath } from './field-path.ts';
import { readFile, withFields } from './file-formats.ts';
import { decodeText } from './text-bytes.ts';
import type { Encoding } from './text-bytes.ts';
import { option, shown } from '../kit/unfolding.ts';

const fileRef = z.object({ $file: z.string(), name: z.string(), type: z.string(), size: z.number() });

/** Version 1, for what was published with it: it reads UTF-8 loosely, and refuses rows that are longer than the header. */
export const fromFile1 = defineNode({
  type: 'data.from-file',
  version: 1,
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
    path: shown(
      { format: 'json' },
      fieldPath({
        title: 'Path to the list',
        description: 'Default: the JSON itself.',
        placeholder: 'data.items',
      }),
    ).optional(),
    as: shown({ format: 'text' }, fieldPath({ title: 'Write text to' })).default('text'),
    encoding: option(choice(['auto', 'utf-8', 'utf-16le', 'windows-1252'], { title: 'Encoding' })).default('auto'),
    carry: option(
      toggle({
        title: 'Keep the item’s fields',
        description: 'Each row also gets the fields of its item, unless it has its own.',
      }),
    ).default(false),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  needs: ['file'],
  effect: 'idempotent',
  each: async ({ item, params, file, compute, budget, rest }) => {
    const { file: source, carry, ...reading } = params;
    const text = await textOf(source, params.encoding, file);
    const given = { text, reading: { ...reading, looseNumbers: true }, keepsBad: false };
    const { items: rows } = await readFile(given, compute);
    return carry && isObject(item) ? withFields(rows, item, { budget, rest }) : [...rows];
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

async function textOf(source: unknown, encoding: Encoding, file: FilePower): Promise<string> {
  if (typeof source === 'string') return source;
  const ref = fileRef.safeParse(source);
  if (ref.success) return decodeText(await file.read(ref.data), encoding);
  throw new Fault('data.invalid', `This is neither a file nor text: ${shorten(source)}.`, {
    mend: 'Enter the field that holds the file, such as {{ $json.file }}.',
  });
}
