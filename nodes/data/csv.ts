import papa from 'papaparse';
import { Fault } from '../../flow/run/faults.ts';
import { toNumber } from './convert.ts';
import { assertCount, assertLength } from './limits.ts';
import { assertName } from './path.ts';

/** How CSV is read. `header`: the first row names the columns; or these names do; or none, and rows are lists. */
export interface CsvReading {
  readonly delimiter: string | 'auto';
  readonly header: boolean | readonly string[];
  readonly types: 'text' | 'guess';
}

export type CsvRow = Readonly<Record<string, unknown>> | readonly unknown[];

const maxColumns = 10_000;

/** The rows of a CSV text (RFC 4180). Empty lines are left out, missing cells are missing fields. Throws `file.parse` with the row. */
export function readCsv(text: string, { delimiter, header, types }: CsvReading): CsvRow[] {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows = parseRows(body, delimiter);
  const names = typeof header === 'boolean' ? (header ? rows.shift() : undefined) : header;
  assertCount(rows.length);
  const value = types === 'guess' ? guess : (cell: string): string => cell;
  if (names === undefined) return rows.map((row) => row.map(value));
  const columns = uniqueNames(names);
  return rows.map((row, at) => recordOf(columns, row, at, value));
}

function parseRows(text: string, delimiter: string): string[][] {
  const { data, errors } = papa.parse<string[]>(text, {
    delimiter: delimiter === 'auto' ? guessDelimiter(text) : delimiter,
  });
  const [wrong] = errors;
  if (!wrong) return withoutBlanks(data);
  throw new Fault('file.parse', `CSV: ${wrong.message}${wrong.row === undefined ? '' : ` in row ${wrong.row + 1}`}.`, {
    mend: 'Look at the quotes in that row: a quoted field ends with a quote, and a quote inside it is doubled.',
  });
}

/** The one of comma, semicolon, tab and bar that the first line has most of, outside of quotes. */
function guessDelimiter(text: string): string {
  const [line = ''] = text
    .slice(0, 100_000)
    .replaceAll(/"[^"]*"/g, '')
    .trimStart()
    .split(/[\r\n]/, 1);
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]!.mark;
}

/** Where there are several columns an empty line is no row; in a table of one it is an empty cell, but for the last line's end. */
function withoutBlanks(rows: string[][]): string[][] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const isBlank = (row: readonly string[] | undefined): boolean => row?.length === 1 && row[0] === '';
  if (width > 1) return rows.filter((row) => !isBlank(row));
  return isBlank(rows.at(-1)) ? rows.slice(0, -1) : rows;
}

/** Column names, trimmed; an empty one is `column_3`, a repeated one gets `_2`. */
function uniqueNames(names: readonly string[]): string[] {
  if (names.length > maxColumns) {
    throw new Fault('file.parse', `CSV: there are more than ${maxColumns} columns.`, { mend: 'Check the delimiter.' });
  }
  const taken = new Set<string>();
  return names.map((written, at) => {
    const name = written.trim() === '' ? `column_${at + 1}` : written.trim();
    assertName(name);
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
}

function recordOf(
  columns: readonly string[],
  row: readonly string[],
  at: number,
  value: (cell: string) => unknown,
): Readonly<Record<string, unknown>> {
  if (row.length > columns.length) {
    throw new Fault(
      'file.parse',
      `CSV: row ${at + 1} has ${row.length} cells, but there are ${columns.length} columns.`,
      {
        mend: 'Check the delimiter, and the quotes around cells that contain it.',
      },
    );
  }
  const record: Record<string, unknown> = {};
  row.forEach((cell, column) => {
    record[columns[column]!] = value(cell);
  });
  return record;
}

/** Numbers as they are usually written (`007` and `1e5` stay text), true and false; an empty cell is null. */
function guess(cell: string): unknown {
  if (cell === '') return null;
  if (cell === 'true' || cell === 'false') return cell === 'true';
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(cell) ? (toNumber(cell) ?? cell) : cell;
}

/** How CSV is written. Without `columns` they are all fields, in the order in which they first appear. */
export interface CsvWriting {
  readonly delimiter: string;
  readonly header: boolean;
  readonly columns?: readonly string[] | undefined;
  readonly newline: '\n' | '\r\n';
  /** Puts a quote before what a spreadsheet would take for a formula. */
  readonly escapeFormulas: boolean;
}

/** The CSV text of rows of cells; null and missing are empty, objects are JSON. Every row ends with a newline. */
export function printCsv(rows: readonly (readonly unknown[])[], how: Omit<CsvWriting, 'columns' | 'header'>): string {
  const cells = rows.map((row) => row.map(printCell));
  const config = { delimiter: how.delimiter, newline: how.newline, escapeFormulae: how.escapeFormulas };
  // A row of one empty cell would be an empty line, which readers leave out.
  const isNarrow = cells.some((row) => row.length === 1 && row[0] === '');
  const body = isNarrow
    ? cells.map((row) => (row[0] === '' ? '""' : papa.unparse([row], config))).join(how.newline)
    : papa.unparse(cells, config);
  const text = cells.length === 0 ? '' : body + how.newline;
  assertLength(text.length);
  return text;
}

const printCell = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
