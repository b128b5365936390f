import { createHash } from 'node:crypto';
import { compileTemplate } from '../../flow/expression/compile.ts';
import { scopeOver } from '../../flow/expression/scope.ts';
import { Budget } from '../../flow/facts/budget.ts';
import { processorMs } from '../processor-time.ts';
import { withoutNul } from '../text/without-nul.ts';

/** What a key may cost: it is worked out for each call, on the server's own thread. */
const keyLimits = { ms: 50, bytes: 16 * 1024 * 1024, items: 100_000 };

/** A template worked out over what happened, before there is a run; undefined when it gives nothing, fails, or costs more than a key may. */
export function valueOver(template: string, item: unknown, place: { zone: string; now: number }): string | undefined {
  try {
    const value = compileTemplate(template)(scopeOver(item, { ...place, budget: new Budget(keyLimits, processorMs) }));
    if (value === undefined || value === null || value === '') return undefined;
    // It becomes a column of text, whatever the expression made.
    return withoutNul(typeof value === 'string' ? value : JSON.stringify(value));
  } catch {
    return undefined;
  }
}

/** What an index holds of a key: longer ones, which senders and expressions make, stand there by their hash. */
const longestKey = 200;

/** A key of any length as one that an index holds: two that differ anywhere stay two. What is stored by a key is stored by this. */
export const shortKey = (key: string): string =>
  key.length <= longestKey ? key : `sha256 ${createHash('sha256').update(key).digest('base64url')}`;
