import papa from 'papaparse';
import { Fault } from '../../flow/facts/faults.ts';

/** One row with its number: from 1, as a spreadsheet shows them, with the header, skipped lines and empty rows. */
export interface Row {
  readonly row: number;
  readonly cells: string[];
}

/** A row that cannot be read. */
export interface BadRow {
  readonly row: number;
  readonly reason: string;
  readonly cells: readonly string[];
}

/** How the text is cut into rows. */
export interface Cutting {
  readonly delimiter: string;
  readonly quote?: '"' | "'" | 'none' | undefined;
  readonly onBad?: ((bad: BadRow) => void) | undefined;
}

/** The text after so many lines of any form. */
export function withoutLines(text: string, lines: number): string {
  const end = /\r\n|\r|\n/g;
  let at = 0;
  for (let line = 0; line < lines && at < text.length; line += 1) {
    end.lastIndex = at;
    const found = end.exec(text);
    at = found ? found.index + found[0].length : text.length;
  }
  return text.slice(at);
}

const longestDelimiter = 32;

/** After so many the text is no table in this form; each costs another reading of what follows it. */
const mostBad = 100;

/** The rows of a text after `skipped` lines. Throws `file.parse` for the first that cannot be read, unless `onBad` takes them. */
export function parseRows(text: string, cutting: Cutting, skipped: number): Row[] {
  const { delimiter, quote = '"', onBad } = cutting;
  // The parser looks for it as the host does: each of its letters in each of the text.
  if (delimiter.length > longestDelimiter)
    throw new Fault('file.parse', `CSV: the delimiter has more than ${longestDelimiter} characters.`, {
      mend: 'Use one character, or auto.',
    });
  const config = {
    delimiter: delimiter === 'auto' ? guessDelimiter(text) : delimiter,
    // A mark that no text holds: unpaired surrogates do not come out of decoders.
    quoteChar: quote === 'none' ? '\uDFFF' : quote,
  };
  const rows: Row[] = [];
  let rest = text;
  for (let bad = 0, before = skipped; ; bad += 1) {
    const { data, errors } = papa.parse<string[]>(rest, config);
    const [wrong] = errors;
    const whole = wrong ? (wrong.row ?? data.length - 1) : data.length;
    for (let at = 0; at < whole; at += 1) rows.push({ row: before + at + 1, cells: data[at]! });
    if (!wrong) return withoutBlanks(rows);
    const row = before + whole + 1;
    if (!onBad || bad === mostBad) throw unreadable(row, wrong.message);
    // An open quote swallows all that follows; so only its line is given up, and the next one begins anew.
    const from = whole === 0 ? 0 : papa.parse<string[]>(rest, { ...config, preview: whole }).meta.cursor;
    const line = /^[^\r\n]*/.exec(rest.slice(from))?.[0] ?? '';
    onBad({ row, reason: wrong.message, cells: line.split(config.delimiter) });
    rest = withoutLines(rest.slice(from), 1);
    before = row;
    if (rest === '') return withoutBlanks(rows);
  }
}

const unreadable = (row: number, reason: string): Fault =>
  new Fault('file.parse', `CSV: ${reason} in row ${row}.`, {
    mend: 'Look at the quotes in that row: a quoted field ends with a quote, and a quote inside it is doubled. Or choose other quotes, or none.',
  });

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
function withoutBlanks(rows: Row[]): Row[] {
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const isBlank = (row: Row | undefined): boolean => row?.cells.length === 1 && row.cells[0] === '';
  if (width > 1) return rows.filter((row) => !isBlank(row));
  return isBlank(rows.at(-1)) ? rows.slice(0, -1) : rows;
}
