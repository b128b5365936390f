import { compileRegex, find, findAll, type Match, namedGroups } from '../regex/regex.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { RegexBox } from '../values/boxes.ts';
import { toText } from '../values/convert.ts';
import { isForbidden } from '../values/forbidden.ts';

/** The methods of a regular expression. */
export const regexMethods: Methods<RegexBox> = table({
  test: (run: Run, regex: RegexBox, args) => step(run, regex, toText(run, args[0])) !== undefined,
  exec: (run: Run, regex: RegexBox, args) => {
    const text = toText(run, args[0]);
    const match = step(run, regex, text);
    return match ? asList(regex, match, text) : null;
  },
  toString: (_run: Run, regex: RegexBox) => regex.text(),
});

/** The parts of a regular expression that can be read. */
export function regexPart(regex: RegexBox, name: string): unknown {
  if (name === 'source') return regex.source;
  if (name === 'flags') return regex.flags;
  if (name === 'lastIndex') return regex.lastIndex;
  return name === 'global' ? regex.flags.includes('g') : undefined;
}

/** A regex with the flag `g` or `y` goes on from its last match. */
function step(run: Run, regex: RegexBox, text: string): Match | undefined {
  const goesOn = /[gy]/.test(regex.flags);
  const match = find(run, regex, text, goesOn ? regex.lastIndex : 0);
  if (goesOn) regex.lastIndex = match?.end ?? 0;
  return match;
}

/** A match as JavaScript gives it: the groups as a list that also has `index`, `input` and `groups`. */
export function asList(regex: RegexBox, match: Match, text: string): unknown[] {
  const names = Object.entries(namedGroups(regex, match) ?? {}).filter(([name]) => !isForbidden(name));
  const groups = names.length > 0 ? Object.fromEntries(names) : undefined;
  return Object.assign([...match.groups], { index: match.index, input: text, groups });
}

/** `text.match`: with the flag `g` the text of every match, else the first with its groups; null when there is none. */
export function matchText(run: Run, text: string, pattern: unknown): unknown {
  const regex = asRegex(run, pattern);
  if (regex.flags.includes('g')) {
    const all = findAll(run, regex, text).map((match) => match.groups[0]);
    return all.length > 0 ? all : null;
  }
  const match = find(run, regex, text, 0);
  return match ? asList(regex, match, text) : null;
}

/** `text.matchAll`, as a list. */
export function matchAllText(run: Run, text: string, pattern: unknown): unknown[] {
  const regex = asRegex(run, pattern);
  return findAll(run, regex, text).map((match) => asList(regex, match, text));
}

/** `text.search`: where the first match is, or -1. */
export function searchText(run: Run, text: string, pattern: unknown): number {
  return find(run, asRegex(run, pattern), text, 0)?.index ?? -1;
}

/** `text.split` by a regex: what its groups matched stays in the list. */
export function splitByRegex(run: Run, text: string, regex: RegexBox, limit: number): unknown[] {
  const parts: unknown[] = [];
  let done = 0;
  for (const match of findAll(run, regex, text)) {
    if (match.end === match.index && (match.index === 0 || match.index >= text.length)) continue;
    parts.push(text.slice(done, match.index), ...match.groups.slice(1));
    done = match.end;
    if (parts.length >= limit) return parts.slice(0, limit);
  }
  if (text !== '' || parts.length > 0 || !find(run, regex, text, 0)) parts.push(text.slice(done));
  return parts.slice(0, limit);
}

function asRegex(run: Run, pattern: unknown): RegexBox {
  if (pattern instanceof RegexBox) return pattern;
  return compileRegex(pattern === undefined ? '' : toText(run, pattern), '', run.budget);
}
