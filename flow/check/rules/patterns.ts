import { RE2JS } from 're2js';
import { isObject } from '../../document/json.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import type { Path } from '../params/schema.ts';
import type { Rule } from '../view.ts';

/** Regular expressions in conditions and in fields made for them, which run on re2. Those in expressions are the language's. */
export const patterns: Rule = {
  codes: ['pattern-unusable'],
  check: (view) => {
    const mends = new Map<string, string | undefined>();
    return [...view.wiring.nodes.values()].flatMap((wired) => {
      const { node } = wired;
      const fields = view
        .placesOf(wired)
        .filter(({ ui, format }) => ui === 'pattern' || format === 'regex')
        .map(({ value, path }) => ({ pattern: value, path }));
      return [...fields, ...conditionsOf(node.params)].flatMap(({ pattern, path }) =>
        issueOf(mends, node.key, pattern, path),
      );
    });
  },
};

/** The patterns of conditions, wherever they stand: `{ left, op: 'matches', right }`. */
function conditionsOf(value: unknown): { pattern: unknown; path: Path }[] {
  const found: { pattern: unknown; path: Path }[] = [];
  const open: { value: unknown; path: Path }[] = [{ value, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: inner, path } = next;
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

/** Compiling a pattern takes 10 µs and more: each is tried once, and no more than 2,000 of a document. */
const mostPatterns = 2_000;

function issueOf(mends: Map<string, string | undefined>, key: string, pattern: unknown, path: Path): Issue[] {
  if (typeof pattern !== 'string' || pattern.includes('{{')) return [];
  if (!mends.has(pattern) && mends.size < mostPatterns) mends.set(pattern, mendOf(pattern));
  const mend = mends.get(pattern);
  if (mend === undefined) return [];
  const message = `The regular expression ${quote(pattern)} cannot be used.`;
  return [found('pattern-unusable', { node: key, param: pathText(path) }, message, mend)];
}

function mendOf(pattern: string): string | undefined {
  if (pattern.length > 2_000) return 'Shorten it to 2,000 characters.';
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
