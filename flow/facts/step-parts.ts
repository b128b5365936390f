import * as z from 'zod';

/** A line that a node wrote while it worked. */
export const logLine = z.object({
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
  data: z.unknown().optional(),
});

/**
 * How many items a node of a loop took and gave in one turn. `at` is the turn's path; left out, it is a turn of the outermost loop: the
 * n-th without it is the n-th turn. A loop's own turns are counted like those of its body: `in` is what came back, `out` what it sent into the turn.
 */
export const turnCount = z.object({
  in: z.int(),
  out: z.record(z.string(), z.int()),
  at: z.string().optional(),
  /** True when nothing reached the node in that turn. */
  skipped: z.boolean().optional(),
});

/** What the log of a start says of a value that could not be kept as it came. */
export const warningWords = (code: string, at: string): string =>
  code === 'number-as-text'
    ? `${at || 'The value'} is an integer that a number cannot hold; it was kept exactly, as text.`
    : `${at || 'The value'} held characters that cannot be stored; they were replaced.`;
