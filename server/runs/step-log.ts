import type { LogLine } from '../../flow/run/events.ts';

/** What one step may log: so many lines, so many characters (SAFETY, log injection and size). */
export const stepLogLimits = { lines: 500, characters: 64 * 1024 } as const;

const written = new WeakMap<LogLine[], number>();

/** Adds a line to a step's log while there is room; the first that has none leaves a word that there was more. */
export function addLogLine(logs: LogLine[], line: LogLine): void {
  const before = written.get(logs) ?? 0;
  if (before > stepLogLimits.characters) return;
  const size = JSON.stringify(line).length;
  const hasRoom = logs.length < stepLogLimits.lines && before + size <= stepLogLimits.characters;
  written.set(logs, hasRoom ? before + size : Number.POSITIVE_INFINITY);
  logs.push(hasRoom ? line : { level: 'warn', text: leftOut });
}

const leftOut = `Further lines were left out: a step keeps ${stepLogLimits.lines} lines or 64 kB.`;
