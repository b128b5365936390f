import type { Budget } from '../../facts/budget.ts';
import type { Run } from '../run.ts';
import { RegexBox } from '../values/boxes.ts';
import { programOf, searchSteps } from './program.ts';
import { extentOf, type Spread } from './spread.ts';

/** One match: where it is, and the text of each group, undefined where a group took no part. */
export type Match = {
  readonly index: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
};

/** Compiles a pattern, or throws a `Halt` that says what is wrong with it. */
export function compileRegex(source: string, flags: string, budget?: Budget): RegexBox {
  return new RegexBox(source, flags, programOf(source, flags, budget));
}

/** The first match at or after a place in a text. */
export function find(run: Run, regex: RegexBox, text: string, from: number): Match | undefined {
  if (from > text.length) return undefined;
  const { program } = regex.program;
  run.budget?.about(searchSteps(regex.program, text.length - from));
  const matcher = program.matcher(regex.program.isLinewise ? linesOf(text) : text);
  const isFound = matcher.find(from);
  const end = isFound ? matcher.end() : text.length;
  run.charge(costOf(regex, text, end - from, text.length - end));
  if (!isFound || (regex.flags.includes('y') && matcher.start() !== from)) return undefined;
  const groups: (string | undefined)[] = [];
  for (let i = 0; i <= program.groupCount(); i++) {
    const start = matcher.start(i);
    groups.push(start < 0 ? undefined : text.slice(start, matcher.end(i)));
  }
  return { index: matcher.start(), end, groups };
}

let lines: { readonly text: string; readonly made: string } | undefined;

/** A text of the same length in which `\r` and the Unicode line ends are `\n`, the only end of a line that RE2 knows. */
function linesOf(text: string): string {
  if (lines?.text !== text) lines = { text, made: text.replaceAll(/[\r\u2028\u2029]/g, '\n') };
  return lines.made;
}

let measured: { readonly spread: Spread; readonly text: string; readonly extent: number } | undefined;

/** An instruction at a character takes 5-17 ns, a step of the language is meant to be a microsecond or so. */
function costOf(regex: RegexBox, text: string, read: number, left: number): number {
  const { size, spread } = regex.program;
  if (spread && (measured?.spread !== spread || measured.text !== text))
    measured = { spread, text, extent: extentOf(spread, text) };
  const beyond = spread && measured ? Math.min(left, measured.extent) : 0;
  // Many instructions at once cost more than one by one.
  return 4 + ((read + beyond) * size * (1 + (size >> 5))) / 128;
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
