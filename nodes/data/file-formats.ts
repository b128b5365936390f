import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import { parseJsonSaying } from '../../flow/values/exact-json.ts';
import type { Compute, Computation } from '../kit/computation.ts';
import type { BadRow } from './csv-rows.ts';
import { printJson } from '../kit/print-json.ts';
import { printCsv, readCsv } from './csv.ts';
import type { CsvReading, CsvWriting } from './csv.ts';
import { assertCount, assertLength } from './limits.ts';
import { objectWith, readPath } from './path.ts';

export type FileFormat = 'csv' | 'json' | 'text';

/** How a file is read: what belongs to another format is not looked at. */
export interface Reading extends CsvReading {
  readonly format: FileFormat;
  /** In JSON: where the list of items is. */
  readonly path?: string | undefined;
  /** In text: the field of the item that gets it. */
  readonly as: string;
}

/** The items that a file's text holds; `warn` is told of digits that only text keeps. Throws `file.parse`, saying where. */
export function itemsFromText(text: string, reading: Reading, warn: Warn = () => {}): readonly unknown[] {
  switch (reading.format) {
    case 'csv':
      return readCsv(text, reading);
    case 'json':
      return itemsFromJson(text, reading.path, warn);
    case 'text':
      return [objectWith(reading.as, text)];
  }
}

type Warn = (sentence: string) => void;

interface FileText {
  readonly text: string;
  readonly reading: Omit<Reading, 'onBad'>;
  readonly keepsBad: boolean;
}

interface FileItems {
  readonly items: readonly unknown[];
  readonly bad: readonly BadRow[];
  readonly said: readonly string[];
}

/** What a file's text holds: its items, the rows that cannot be read where those are wanted, and what is to be said of it. */
export const itemsOfFile: Computation<FileText, FileItems> = {
  name: 'file',
  work: ({ text, reading, keepsBad }) => {
    const bad: BadRow[] = [];
    const said: string[] = [];
    const onBad = keepsBad ? (row: BadRow) => void bad.push(row) : undefined;
    const items = itemsFromText(text, { ...reading, onBad }, (sentence) => void said.push(sentence));
    return { items, bad, said };
  },
};

/** What a file's text holds, a long one read elsewhere. A text that is taken as it is would only be sent there and back. */
export const readFile = async (given: FileText, compute: Compute): Promise<FileItems> =>
  given.reading.format === 'text' ? itemsOfFile.work(given) : compute(itemsOfFile, given);

/** Rows with the fields of the item that they were read from, unless they have their own. */
export async function withFields(
  rows: readonly unknown[],
  item: Readonly<Record<string, unknown>>,
  { budget, rest }: { readonly budget?: Budget | undefined; readonly rest: Rest },
): Promise<unknown[]> {
  const fields = Object.keys(item).length;
  const made: unknown[] = [];
  for (const row of rows) {
    made.push(isObject(row) ? { ...item, ...row } : row);
    budget?.spend(fields);
    budget?.makes(fields * bytesAField);
    const others = rest();
    if (others) await others;
  }
  return made;
}

/** What a field takes beside what is in it. */
const bytesAField = 8;

function itemsFromJson(text: string, path: string | undefined, warn: Warn): readonly unknown[] {
  const parsed = parseJson(text, warn);
  const found = path === undefined ? parsed : readPath(parsed, path);
  if (found === undefined) {
    throw new Fault('file.parse', `JSON: there is nothing at “${path}”.`, {
      mend: 'Correct the path to the list of items.',
    });
  }
  const items: readonly unknown[] = Array.isArray(found) ? found : [found];
  assertCount(items.length);
  return items;
}

/** JSON, or one JSON value a line; integers that a number cannot hold exactly become text. */
function parseJson(text: string, warn: Warn): unknown {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return parseJsonSaying(body, warn);
  } catch (error) {
    const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
    if (lines.length > 1 && lines.every(looksWhole)) return lines.map((line, at) => parseLine(line, at, warn));
    throw notJson(error);
  }
}

const looksWhole = (line: string): boolean => /^\s*[[{].*[\]}]\s*$/.test(line);

function parseLine(line: string, at: number, warn: Warn): unknown {
  try {
    return parseJsonSaying(line, warn);
  } catch (error) {
    throw notJson(error, at + 1);
  }
}

const notJson = (error: unknown, line?: number): Fault =>
  new Fault(
    'file.parse',
    `JSON${line === undefined ? '' : ` in line ${line}`}: ${error instanceof Error ? error.message : 'not JSON'}.`,
    {
      mend: 'Send JSON, or one JSON object a line, or choose another format.',
    },
  );

/** How items are written to one text. */
export interface Writing extends CsvWriting {
  readonly format: FileFormat;
  readonly indent: number;
  /** In text: the field whose value each item gives, and what stands between. */
  readonly field: string;
  readonly between: string;
  readonly budget?: Budget | undefined;
}

/** What is awaited between two pieces of work, when there is something to wait for. */
type Rest = () => Promise<void> | undefined;

/** All items as one text: CSV rows, a JSON list, or one field of each. Throws `items.limit` past 50 million characters. */
export async function textFromItems(
  items: readonly unknown[],
  writing: Writing,
  rest: Rest = () => undefined,
): Promise<string> {
  const text = await writers[writing.format](items, writing, rest);
  assertLength(text.length);
  return text;
}

/** Items are printed together while they are so many at most, and of about so many characters. */
const printedAtOnce = { items: 64, characters: 65_536 };

/** Printed in pieces, with a rest after each. */
async function inPieces(
  items: readonly unknown[],
  { budget }: Writing,
  rest: Rest,
  print: (piece: readonly unknown[]) => string,
): Promise<string[]> {
  const pieces: string[] = [];
  for (let from = 0; from < items.length;) {
    const [to, weight] = endOfPiece(items, from);
    pieces.push(print(items.slice(from, to)));
    from = to;
    budget?.spend(weight / charactersAStep);
    await rest();
  }
  return pieces;
}

/** Characters that are printed in the time of a step. */
const charactersAStep = 4;

function endOfPiece(items: readonly unknown[], from: number): [to: number, weight: number] {
  const { items: most, characters } = printedAtOnce;
  let [to, weight] = [from, 0];
  for (; to < items.length && to - from < most && weight <= characters; to++)
    weight += jsonWeight(items[to], characters);
  return [to, weight];
}

const writers: Readonly<
  Record<FileFormat, (items: readonly unknown[], writing: Writing, rest: Rest) => Promise<string>>
> = {
  csv: async (items, writing, rest) => {
    const columns = writing.columns ?? (await columnsOf(items, rest));
    const head = writing.header ? printCsv([columns], writing) : '';
    const rows = await inPieces(items, writing, rest, (piece) =>
      printCsv(
        piece.map((item) => columns.map((column) => readPath(item, column))),
        writing,
      ),
    );
    return head + rows.join('');
  },
  json: async (items, writing, rest) => {
    const { indent, budget } = writing;
    if (items.length === 0) return '[]';
    // Of each list what stands within its brackets, which is whole lines where there are lines.
    const [before, after, between] = indent > 0 ? ['[\n', '\n]', ',\n'] : ['[', ']', ','];
    const pieces = await inPieces(items, writing, rest, (piece) =>
      printJson(piece, budget, indent).slice(before.length, -after.length),
    );
    return before + pieces.join(between) + after;
  },
  text: async (items, writing, rest) => {
    const { field, between, budget } = writing;
    const pieces = await inPieces(items, writing, rest, (piece) =>
      piece.map((item) => printed(readPath(item, field), between, budget)).join(between),
    );
    return pieces.join(between);
  },
};

async function columnsOf(items: readonly unknown[], rest: Rest): Promise<string[]> {
  const columns = new Set<string>();
  for (const item of items) {
    if (isObject(item)) for (const name of Object.keys(item)) columns.add(name);
    const others = rest();
    if (others) await others;
  }
  return [...columns];
}

function printed(value: unknown, between: string, budget: Budget | undefined): string {
  if (typeof value === 'object' && value !== null) return printJson(value, budget);
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  budget?.makes(text.length + between.length);
  return text;
}
