import type { Client } from './client.ts';
import { holds, sentenceOf } from './law.ts';
import type { Law } from './law.ts';
import type { Stock } from './stock.ts';

/** What a drill has to say: a line of figures, and what of its promise was broken, if anything. */
export interface Report {
  readonly figures: Readonly<Record<string, number | string>>;
  readonly broken: readonly string[];
  /** What it measured of the laws; one that does not hold counts as broken. */
  readonly laws?: readonly Law[];
}

/** The figures of a drill under load, and the promises that hold for all of them: nothing lost, doubled, failed, stuck or left out. */
export function reportOf(stock: Stock, client: Client, more: Readonly<Record<string, number | string>> = {}): Report {
  const statuses = [...client.statuses].toSorted().map(([status, count]) => `${status || 'cut'}×${count}`);
  const mustBeNone = {
    lost: stock.lost,
    doubled: stock.doubled,
    stuck: stock.stuck,
    failed: stock.failed,
    'effects missing': stock.skipped,
    'refusals without Retry-After': client.bare,
    'answers of 500': client.statuses.get(500) ?? 0,
    'calls never taken': client.sent - client.taken.length,
  };
  return {
    figures: { ...stock, answers: statuses.join(' '), 'slowest answer': `${Math.round(client.slowest)} ms`, ...more },
    broken: Object.entries(mustBeNone).flatMap(([what, count]) => (count > 0 ? [`${what}: ${count}`] : [])),
  };
}

/** Two reports as one, for a drill of several parts. */
export const joined = (reports: Readonly<Record<string, Report>>): Report => ({
  figures: Object.fromEntries(
    Object.entries(reports).flatMap(([part, { figures }]) =>
      Object.entries(figures).map(([name, value]) => [`${part}: ${name}`, value]),
    ),
  ),
  broken: Object.entries(reports).flatMap(([part, { broken }]) => broken.map((sentence) => `${part}: ${sentence}`)),
  laws: Object.entries(reports).flatMap(([part, { laws = [] }]) =>
    laws.map((law) => ({ ...law, name: `${part}: ${law.name}` })),
  ),
});

/** Every promise that was broken, laws that do not hold among them. */
export const brokenOf = ({ broken, laws = [] }: Report): string[] => [
  ...broken,
  ...laws.filter((law) => !holds(law)).map(sentenceOf),
];

/** A promise that a drill checks by itself. */
export const unless = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence]);
