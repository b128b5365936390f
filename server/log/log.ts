import pino, { type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino';
import { cleanFields, cleanText } from './clean.ts';

/** How much is logged: a level and everything above it. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** A structured log: `log.info({ workflow }, 'Published.')`; `log.child({ run })` binds a run to every line that follows. */
export type Log = Logger;

/**
 * Opens the process's log: a JSON line a message, with an ISO time and the level as a word, written at once to stderr (stdout belongs to
 * what commands print) or to `stream`. Every value passes `clean`, so that no secret, payload or control character reaches a line.
 * pino's transports stay unused: their threads break in a bundle.
 */
export function openLog({ level, stream }: { level: LogLevel; stream?: DestinationStream }): Log {
  const log = pino(
    {
      level,
      base: null, // process id and machine are for the supervisor to add
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), bindings: cleanFields, log: cleanFields },
      serializers: { msg: cleanText, err: (error: unknown) => error }, // `log` has told the error already
      hooks: { streamWrite: escapeControls },
    },
    stream ?? pino.destination({ fd: 2, sync: true }),
  );
  return cleaningChildren(log);
}

/** pino hands a child's bindings to no formatter but its own; every child inherits the method from the log that it comes from. */
function cleaningChildren(log: Log): Log {
  const plain: Log['child'] = log.child;
  const child = function <Levels extends string = never>(
    this: Log,
    bindings: Bindings,
    options?: ChildLoggerOptions<Levels>,
  ) {
    return plain.bind(this)<Levels>(cleanFields(bindings), options);
  };
  return Object.assign(log, { child });
}

/**
 * JSON escapes what is below U+0020. These would pass: C1 controls, which terminals obey like ESC, marks that turn the direction of what
 * follows, and the line ends that JSON does not know. Outside of strings a line has none of them, so it stays the same JSON.
 */
function escapeControls(line: string): string {
  return line.replace(invisible, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const invisible = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
