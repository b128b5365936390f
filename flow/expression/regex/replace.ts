import { indexIn } from '../../values/text-search.ts';
import type { Run } from '../run.ts';
import { Callable } from '../values/box.ts';
import { RegexBox } from '../values/boxes.ts';
import { invoke } from '../values/call.ts';
import { toText } from '../values/convert.ts';
import { find, findAll, type Match, namedGroups } from './regex.ts';

/** `text.replace` and `text.replaceAll`: a text is replaced once unless `all`, a regex as often as its `g` flag says. */
export function replace(run: Run, text: string, what: unknown, by: unknown, all: boolean): string {
  const regex = what instanceof RegexBox ? what : undefined;
  const matches = regex ? regexMatches(run, text, regex, all) : textMatches(run, text, toText(run, what), all);
  let out = '';
  let done = 0;
  for (const match of matches) {
    const part = by instanceof Callable ? called(run, by, text, match, regex) : filled(run, text, match, by, regex);
    out = run.joined(out + text.slice(done, match.index) + part);
    done = match.end;
  }
  return run.joined(out + text.slice(done));
}

function regexMatches(run: Run, text: string, regex: RegexBox, all: boolean): Match[] {
  if (all || regex.flags.includes('g')) return findAll(run, regex, text);
  const match = find(run, regex, text, 0);
  return match ? [match] : [];
}

function textMatches(run: Run, text: string, what: string, all: boolean): Match[] {
  const found: Match[] = [];
  const next = (from: number): number => indexIn(text, what, from, run.budget);
  for (let at = next(0); at >= 0; at = next(at + Math.max(1, what.length))) {
    found.push({ index: at, end: at + what.length, groups: [what] });
    run.charge(1);
    if (!all || (what === '' && at === text.length)) break;
  }
  return found;
}

function called(run: Run, by: Callable, text: string, match: Match, regex: RegexBox | undefined): string {
  const names = regex && namedGroups(regex, match);
  const args: unknown[] = [...match.groups, match.index, text];
  return toText(run, invoke(run, by, names ? [...args, names] : args));
}

/** `$&`, `$1`, `$<name>`, `` $` ``, `$'` and `$$` mean what they mean in JavaScript. */
function filled(run: Run, text: string, match: Match, by: unknown, regex: RegexBox | undefined): string {
  const template = toText(run, by);
  run.reads(template);
  if (!template.includes('$')) return template;
  const names = regex && namedGroups(regex, match);
  let out = '';
  let done = 0;
  for (const found of insertions(template)) {
    const { 0: whole, 1: sign, 2: digits, 3: name } = found;
    const part =
      sign !== undefined
        ? bySign(text, match, sign)
        : digits !== undefined
          ? byNumber(match, digits)
          : names && (names[name ?? ''] ?? '');
    out = run.joined(out + template.slice(done, found.index) + (part ?? whole));
    done = found.index + whole.length;
  }
  return out + template.slice(done);
}

/** What stands for something else in a template. Behind its last `>` no name is looked for: each `<` there would read to the end. */
function* insertions(template: string): Iterable<{ 0: string; 1?: string; 2?: string; 3?: string; index: number }> {
  const cut = template.lastIndexOf('>') + 1;
  yield* template.slice(0, cut).matchAll(/\$(?:([$&`'])|(\d{1,2})|<([^>]*)>)/g);
  for (const { 0: whole, 1: sign, 2: digits, index } of template.slice(cut).matchAll(/\$(?:([$&`'])|(\d{1,2}))/g))
    yield { 0: whole, 1: sign, 2: digits, index: cut + index };
}

function bySign(text: string, match: Match, sign: string): string {
  if (sign === '$') return '$';
  if (sign === '&') return text.slice(match.index, match.end);
  return sign === '`' ? text.slice(0, match.index) : text.slice(match.end);
}

/** `$12` is the twelfth group where there are so many, else the first followed by a 2. */
function byNumber(match: Match, digits: string): string | undefined {
  const count = match.groups.length - 1;
  const both = Number(digits);
  if (both >= 1 && both <= count) return match.groups[both] ?? '';
  const first = Number(digits[0]);
  if (digits.length === 2 && first >= 1 && first <= count) return (match.groups[first] ?? '') + (digits[1] ?? '');
  return undefined;
}
