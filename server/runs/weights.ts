import { weightOfJson } from '../http/readers.ts';
import type { JournalRow, RunRow } from '../journal/journal.ts';

/** Of a run that began before its bytes were counted. */
const unknownBytes = 8_000;

/** About how many bytes one fact of a run has, with its large values. */
export const bytesOfFact = ({ bytes, seq }: RunRow): number =>
  bytes === null ? unknownBytes : bytes / Math.max(1, seq);

/** About how many bytes of memory so many facts of a run hold while they are shown, all of them when left out. */
export const weightOfRun = (row: RunRow, facts = row.seq): number =>
  weightOfJson(bytesOfFact(row) * Math.min(facts, row.seq));

/** The same of rows with the values that left them, by the sizes that their markers name. */
export const weightOfRows = (rows: readonly JournalRow[]): number =>
  weightOfJson(rows.reduce((sum, { data }) => sum + data.length + awayIn(data), 0));

const marker = /"\$blob": ?"[^"]{0,100}", ?"size": ?(\d{1,12})/g;

const awayIn = (data: string): number => [...data.matchAll(marker)].reduce((sum, [, size]) => sum + Number(size), 0);
