import papa from 'papaparse';
import type { Budget } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { printJson } from '../kit/print-json.ts';
import { toNumber } from './convert.ts';
import { parseRows, withoutLines } from './csv-rows.ts';
import type { BadRow, Row } from './csv-rows.ts';
import { assertCount, assertLength } from './limits.ts';
import { assertName } from './path.ts';

/** How CSV is read. `header`: the first row names the columns; or these names do; or none, and rows are lists. */
export interface CsvReading {
  readonly delimiter: string | 'auto';
  readonly header: boolean | readonly string[];
  readonly types: 'text' | 'guess';
  /** Lines before the header, of any form, that are no part of the table. */
  readonly skipLines?: number | undefined;
  /** What encloses cells; `none` where quotes are letters like others. */
  readonly quote?: '"' | "'" | 'none' | undefined;
  /** The mark before decimals, for `guess`; the other one may part thousands. */
  readonly decimal?: '.' | ',' | undefined;
  /** The name under which cells beyond the header are kept, as a list; without one such a row is a fault. */
  readonly extra?: string | undefined;
  /** Takes a row that cannot be read; without it such a row is a fault. */
  readonly onBad?: ((bad: BadRow) => void) | undefined;
  /** Takes `1.10` for the number 1.1, as version 1 of the node did. */
  readonly looseNumbers?: boolean | undefined;
}

export type CsvRow = Readonly<Record<string, unknown>> | readonly unknown[];

const maxColumns = 10_000;

/** The rows of a CSV text (RFC 4180). Empty lines are left out, missing cells are missing fields. Throws `file.parse` with the row. */
export function readCsv(text: string, reading: CsvReading): CsvRow[] {
  const { header, skipLines = 0 } = reading;
  const body = withoutLines(text.startsWith('\uFEFF') ? text.slice(1) : text, skipLines);
  const rows = parseRows(body, reading, skipLines);
  const names = typeof header === 'boolean' ? (header ? rows.shift()?.cells : undefined) : header;
  assertCount(rows.length);
  const value = reading.types === 'guess' ? guesser(reading) : (cell: string): string => cell;
  if (names === undefined) return rows.map(({ cells }) => cells.map(value));
  const columns = uniqueNames(names);
  const extra = reading.extra === undefined ? undefined : freeName(reading.extra, new Set(columns));
  return rows.map((row) => recordOf(columns, row, extra, value));
}

/** Column names, trimmed; an empty one is `column_3`, a repeated one gets `_2`. */
function uniqueNames(names: readonly string[]): string[] {
  if (names.length > maxColumns) {
    throw new Fault('file.parse', `CSV: there are more than ${maxColumns} columns.`, { mend: 'Check the delimiter.' });
  }
  const taken = new Set<string>();
  // A name that comes again goes on from there: 10,000 of one took the square of their number.
  const counts = new Map<string, number>();
  return names.map((written, at) => {
    const name = written.trim() === '' ? `column_${at + 1}` : written.trim();
    assertName(name);
    let free = name;
    let count = counts.get(name) ?? 2;
    for (; taken.has(free); count += 1) free = `${name}_${count}`;
    counts.set(name, count);
    taken.add(free);
    return free;
  });
}

function recordOf(
  columns: readonly string[],
  { row, cells }: Row,
  extra: string | undefined,
  value: (cell: string) => unknown,
): Readonly<Record<string, unknown>> {
  const beyond = cells.slice(columns.length);
  if (beyond.length > 0 && extra === undefined) {
    throw new Fault(
      'file.parse',
      `CSV: row ${row} has ${cells.length} cells, but there are ${columns.length} columns.`,
      {
        mend: 'Check the delimiter, and the quotes around cells that contain it.',
      },
    );
  }
  const record: Record<string, unknown> = {};
  columns.forEach((name, column) => {
    const cell = cells[column];
    if (cell !== undefined) record[name] = value(cell);
  });
  // A mark at the end of the line, as banks write it, makes one more cell that holds nothing.
  if (extra !== undefined && beyond.some((cell) => cell.trim() !== '')) record[extra] = beyond.map(value);
  return record;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
  return name;
}

/**
 * Numbers as they are usually written, true and false; an empty cell is null. What a number could not give back as it is written stays text:
 * `007`, `1e5`, `1.10`, more digits than a number holds.
 */
function guesser({ decimal = '.', looseNumbers = false }: CsvReading): (cell: string) => unknown {
  return (cell) => {
    if (cell === '') return null;
    if (cell === 'true' || cell === 'false') return cell === 'true';
    if (decimal === ',') return withComma(cell);
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(cell)) return cell;
    const number = toNumber(cell);
    return number === undefined || (!looseNumbers && String(number) !== cell) ? cell : number;
  };
}

/** `1.234,50` is 1234.5: whoever names the mark says that these are amounts, so that a zero at the end is no digit to keep. */
function withComma(cell: string): unknown {
  const whole = /^-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[. \u00a0\u202f']\d{3})+)(?:,\d+)?$/;
  if (!whole.test(cell)) return cell;
  const plain = cell.replaceAll(/[. \u00a0\u202f']/g, '').replace(',', '.');
  const digits = plain.replace(/^-?0*|\./g, '').length;
  return digits > 15 ? cell : (toNumber(plain) ?? cell);
}

/** How CSV is written. Without `columns` they are all fields, in the order in which they first appear. */
export interface CsvWriting {
  readonly delimiter: string;
  readonly header: boolean;
  readonly columns?: readonly string[] | undefined;
  readonly newline: '\n' | '\r\n';
  readonly decimal?: '.' | ',' | undefined;
  /** Puts a quote before what a spreadsheet would take for a formula. */
  readonly escapeFormulas: boolean;
  readonly budget?: Budget | undefined;
}

/** What a spreadsheet takes for a formula; a negative number is none. */
const formula = /^(?:[=@\t\r]|[+-](?!\d+(?:[.,]\d+)?$)).*$/s;

/** The CSV text of rows of cells; null and missing are empty, objects are JSON. Every row ends with a newline. */
export function printCsv(rows: readonly (readonly unknown[])[], how: Omit<CsvWriting, 'columns' | 'header'>): string {
  const cells = rows.map((row) => row.map((value) => printCell(value, how)));
  const config = { delimiter: how.delimiter, newline: how.newline, escapeFormulae: how.escapeFormulas && formula };
  // A row of one empty cell would be an empty line, which readers leave out.
  const isNarrow = cells.some((row) => row.length === 1 && row[0] === '');
  const body = isNarrow
    ? cells.map((row) => (row[0] === '' ? '""' : papa.unparse([row], config))).join(how.newline)
    : papa.unparse(cells, config);
  const text = cells.length === 0 ? '' : body + how.newline;
  assertLength(text.length);
  return text;
}

function printCell(value: unknown, { decimal, budget }: Pick<CsvWriting, 'decimal' | 'budget'>): string {
  if (typeof value === 'object' && value !== null) return printJson(value, budget);
  const text = value === null || value === undefined ? '' : String(value);
  budget?.makes(text.length + 1);
  return decimal === ',' && typeof value === 'number' ? text.replace('.', ',') : text;
}
