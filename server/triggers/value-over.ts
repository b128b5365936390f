import { createHash } from 'node:crypto';
import { compileTemplate } from '../../flow/expression/compile.ts';
import { scopeOver } from '../../flow/expression/scope.ts';
import { withoutNul } from '../text/without-nul.ts';

/** A template worked out over what happened, before there is a run; undefined when it gives nothing or fails. */
export function valueOver(template: string, item: unknown, place: { zone: string; now: number }): string | undefined {
  try {
    const value = compileTemplate(template)(scopeOver(item, place));
    if (value === undefined || value === null || value === '') return undefined;
    // It becomes a column of text, whatever the expression made.
    return withoutNul(typeof value === 'string' ? value : JSON.stringify(value));
  } catch {
    return undefined;
  }
}

/** A key of any length as one that an index holds. */
export const shortKey = (key: string): string =>
  key.length <= 200 ? key : `sha256 ${createHash('sha256').update(key).digest('base64url')}`;
