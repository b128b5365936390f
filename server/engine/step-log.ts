import type { LogLine } from '../../flow/facts/fact.ts';

/** What one step may log: so many lines, so many characters (SAFETY, log injection and size). */
export const stepLogLimits = { lines: 500, characters: 64 * 1024 } as const;

const written = new WeakMap<LogLine[], number>();

const left = new WeakMap<object, readonly LogLine[]>();

/** Lets what a node had logged go with the error that it failed by; the error goes on as it is. */
export function withLogs(error: unknown, logs: readonly LogLine[]): unknown {
  if (typeof error === 'object' && error !== null && logs.length > 0) left.set(error, logs);
  return error;
}

/** What the node that failed by `error` had logged, as a part of a fact; `logs` when the error carries none. */
export function logsWith(error: unknown, logs: readonly LogLine[] = []): { logs?: LogLine[] } {
  const kept = (typeof error === 'object' && error !== null && left.get(error)) || logs;
  return kept.length > 0 ? { logs: [...kept] } : {};
}

/** Adds a line to a step's log while there is room; the first that has none leaves a word that there was more. */
export function addLogLine(logs: LogLine[], line: LogLine): void {
  const before = written.get(logs) ?? 0;
  if (before > stepLogLimits.characters) return;
  const size = JSON.stringify(line).length;
  const hasRoom = logs.length < stepLogLimits.lines && before + size <= stepLogLimits.characters;
  written.set(logs, hasRoom ? before + size : Number.POSITIVE_INFINITY);
  logs.push(hasRoom ? line : { level: 'warn', text: leftOut });
}

/** Writes lines into a step's log, as a node says them. */
export const logInto =
  (logs: LogLine[]) =>
  (level: LogLine['level'], text: string, data?: unknown): void =>
    addLogLine(logs, { level, text, ...(data === undefined ? {} : { data }) });

const leftOut = `More lines were not kept: a step keeps ${stepLogLimits.lines} lines or 64 kB.`;
