import type { Run } from '../run.ts';
import { RegexBox } from '../values/boxes.ts';
import { programOf } from './program.ts';

/** One match: where it is, and the text of each group, undefined where a group took no part. */
export type Match = {
  readonly index: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
};

/** Compiles a pattern, or throws a `Halt` that says what is wrong with it. */
export function compileRegex(source: string, flags: string): RegexBox {
  return new RegexBox(source, flags, programOf(source, flags));
}

/** The first match at or after a place in a text. */
export function find(run: Run, regex: RegexBox, text: string, from: number): Match | undefined {
  if (from > text.length) return undefined;
  const { program, weight, maySpread } = regex.program;
  const left = text.length - from;
  run.charge(2 + (maySpread ? (left * weight) >> 5 : left >> 9));
  const matcher = program.matcher(text);
  if (!matcher.find(from)) {
    run.charge((left * weight) >> 4);
    return undefined;
  }
  const index = matcher.start();
  const end = matcher.end();
  run.charge(((end - from) * weight) >> 4);
  if (regex.flags.includes('y') && index !== from) return undefined;
  const groups: (string | undefined)[] = [];
  for (let i = 0; i <= program.groupCount(); i++) groups.push(matcher.group(i) ?? undefined);
  return { index, end, groups };
}

/** Every match of a text, from its start. */
export function findAll(run: Run, regex: RegexBox, text: string): Match[] {
  const found: Match[] = [];
  for (let at = 0; ;) {
    const match = find(run, regex, text, at);
    if (!match) return found;
    found.push(match);
    run.length(match.groups.length);
    at = match.end > match.index ? match.end : match.end + 1;
  }
}

/** The named groups of a match; undefined when the pattern names none. */
export function namedGroups(regex: RegexBox, match: Match): Record<string, string | undefined> | undefined {
  const { groups } = regex.program;
  if (groups.length === 0) return undefined;
  return Object.fromEntries(groups.map(([name, number]) => [name, match.groups[number]]));
}
