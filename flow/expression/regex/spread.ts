/**
 * How far a search may read past a short match. RE2 is linear in one search, but a search for all matches is quadratic where
 * each short match costs reading on in hope of a longer one: `a.*b|a` on `aaaa…`. That needs a way to stop early (an
 * alternative, an option) beside a loop that goes on; the loop goes no further than the longest run of what it takes.
 */
export type Spread = {
  /** Patterns of the single characters that loops take. */
  readonly runs: readonly RegExp[];
  /** Whether a loop takes more than single characters, so that no run bounds it. */
  readonly isUnbounded: boolean;
};

const token = /\\(?:u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[pP]\{[^}]*\}|.)|\[(?:\\.|[^\\\]])*\]|[*+]|\{\d+,\}|./gi;

/** The loops of a pattern that has a way to stop early; undefined when it has none. */
export function spreadOf(source: string, flags: string): Spread | undefined {
  if (!/[|?]|\)[*{]/.test(source.replaceAll(/\(\?[:<]/g, '('))) return undefined;
  const runs: RegExp[] = [];
  let isUnbounded = false;
  let before = '';
  for (const [part] of source.matchAll(token)) {
    if (/^(?:[*+]|\{\d+,\})$/.test(part) && before !== '') {
      const run = before === ')' ? undefined : runOf(before, flags);
      if (run) runs.push(run);
      else isUnbounded = true;
    }
    before = part;
  }
  return runs.length > 0 || isUnbounded ? { runs, isUnbounded } : undefined;
}

/** One class in one loop: the only host pattern made from a person's text, and one that cannot backtrack. */
function runOf(atom: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`(?:${atom})+`, `g${flags.replaceAll(/[^isuv]/g, '')}`);
  } catch {
    return undefined;
  }
}

/** The longest stretch of a text that a loop of the pattern could take, at most. */
export function extentOf(spread: Spread, text: string): number {
  if (spread.isUnbounded || text.length < 500) return text.length;
  let longest = 0;
  for (const run of spread.runs) for (const [found] of text.matchAll(run)) longest = Math.max(longest, found.length);
  return longest;
}
