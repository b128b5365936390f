import { quotedLike } from '../expression/syntax/edit.ts';
import type { Node } from '../document/workflow.ts';
import { codesOf } from './holders.ts';
import { readCode } from './read.ts';

/**
 * Code that names nodes by their new keys, found by syntax tree: comments, other texts and every other character stay. Code that
 * does not parse stays as it is; a check says where it does not.
 */
export function renameInCode(source: string, rename: (key: string) => string | undefined): string {
  let out = '';
  let done = 0;
  for (const { key, start, end, mark } of readCode(source).keys.toSorted((a, b) => a.start - b.start)) {
    const to = rename(key);
    if (to === undefined || to === key) continue;
    out += source.slice(done, start) + (mark === '' ? to : quotedLike(mark, to));
    done = end;
  }
  return out + source.slice(done);
}

/** The params of a node that hold code, renamed; empty when nothing in them changes. */
export function renamedCodes(node: Node, rename: (key: string) => string | undefined): Record<string, string> {
  const changed = codesOf(node).map(({ param, source }) => ({ param, source, text: renameInCode(source, rename) }));
  return Object.fromEntries(
    changed.filter(({ source, text }) => source !== text).map(({ param, text }) => [param, text]),
  );
}
