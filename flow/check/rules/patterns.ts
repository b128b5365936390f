import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { isObject } from '../../document/json.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { limits } from '../../expression/limits.ts';
import { writtenOut } from '../../expression/regex/size.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import type { Path } from '../params/schema.ts';
import { findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Regular expressions in conditions and in fields made for them, which run on re2. Those in expressions are the language's. */
export const patterns: Rule = {
  codes: ['pattern-unusable'],
  check: (view) => {
    const seen = new Set<string>();
    return findIn(view, view.wiring.nodes.values(), (wired) => {
      const { node } = wired;
      const fields = view
        .placesOf(wired)
        .filter(({ ui, format }) => ui === 'pattern' || format === 'regex')
        .map(({ value, path }) => ({ pattern: value, path }));
      return findIn(view, [...fields, ...conditionsOf(view, node.params)], ({ pattern, path }) =>
        issueOf(view, seen, { key: node.key, pattern, path }),
      );
    });
  },
};

/** The patterns of conditions, wherever they stand: `{ left, op: 'matches', right }`. */
function conditionsOf({ budget }: View, value: unknown): { pattern: unknown; path: Path }[] {
  const found: { pattern: unknown; path: Path }[] = [];
  const open: { value: unknown; path: Path }[] = [{ value, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: inner, path } = next;
    budget.spend(stepsAValue);
    if (typeof inner !== 'object' || inner === null) continue;
    if (isObject(inner) && (inner['op'] === 'matches' || inner['op'] === 'not-matches')) {
      found.push({ pattern: inner['right'], path: [...path, 'right'] });
    }
    const members = Array.isArray(inner) ? inner.entries() : Object.entries(inner);
    for (const [name, member] of members) {
      if (typeof member === 'object' && member !== null) open.push({ value: member, path: [...path, name] });
    }
  }
  return found;
}

const stepsAValue = 5;
/** What compiling a character takes: 5 µs, and ten times that where it stands for classes of Unicode in capitals and small. */
const stepsACharacter = 100;
/** No more patterns than this of a document are tried. */
const mostPatterns = 2_000;

/** What mends a pattern, nothing where it can be used: compiling one takes 10 µs to 0.1 s, and a document is checked again at each save. */
const verdicts = new LRUCache<string, { readonly mend: string | undefined }>({ max: 5_000, maxSize: 2 * 1024 * 1024 });

interface Written {
  readonly key: string;
  readonly pattern: unknown;
  readonly path: Path;
}

function issueOf({ budget }: View, seen: Set<string>, { key, pattern, path }: Written): Issue[] {
  if (typeof pattern !== 'string' || pattern.includes('{{')) return [];
  if (!seen.has(pattern) && seen.size >= mostPatterns) return [];
  seen.add(pattern);
  const known = verdicts.get(pattern);
  if (!known && isShort(pattern)) budget.about(Math.max(pattern.length, writtenOut(pattern)) * stepsACharacter);
  const { mend } = known ?? judged(pattern);
  if (mend === undefined) return [];
  const message = `The regular expression ${quote(pattern)} cannot be used.`;
  return [found('pattern-unusable', { node: key, param: pathText(path) }, message, mend)];
}

function judged(pattern: string): { readonly mend: string | undefined } {
  const verdict = { mend: mendOf(pattern) };
  if (pattern.length <= limits.regex) verdicts.set(pattern, verdict, { size: pattern.length + 100 });
  return verdict;
}

const isShort = (pattern: string): boolean =>
  pattern.length <= limits.regex && writtenOut(pattern) <= limits.regexWritten;

function mendOf(pattern: string): string | undefined {
  if (pattern.length > limits.regex) return 'Shorten it to 2,000 characters.';
  if (!isShort(pattern)) return 'Repeat less: with its repeats written out, it has more than 10,000 characters.';
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch {
    const isBeyond = /\(\?<?[=!]|\\[1-9]|\\k</.test(pattern);
    return isBeyond
      ? 'Look-around and back-references are not there, so that no pattern can hang: use a code node for them.'
      : 'Correct the pattern: brackets must close, and repeats go up to 1,000.';
  }
}
