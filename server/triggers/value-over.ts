import { createHash } from 'node:crypto';
import { compileTemplate } from '../../flow/expression/compile.ts';
import { ExpressionFault } from '../../flow/expression/faults.ts';
import { scopeOver } from '../../flow/expression/scope.ts';
import { Budget, isOverBudget } from '../../flow/facts/budget.ts';
import type { FaultRecord } from '../../flow/facts/fact.ts';
import { Refusal } from '../http/refusal.ts';
import { processorMs } from '../processor-time.ts';
import { withoutNul } from '../text/without-nul.ts';

/** What a key may cost: it is worked out for each call, on the server's own thread. */
const keyLimits = { ms: 50, bytes: 16 * 1024 * 1024, items: 100_000 };

/** Which key it is, by its place: a param of the webhook, or a setting of the workflow. */
export type KeyPlace = 'dedupeKey' | `${'debounce' | 'batch' | 'throttle' | 'concurrency'}.key`;

/**
 * A key cannot be worked out of what came. Without it a repeat would be a second run, and what should take turns apart would take them together:
 * who sent it is refused, by words that show nothing of the data.
 */
export class KeyFailed extends Refusal {
  constructor(place: KeyPlace, thrown: unknown) {
    const label = place === 'dedupeKey' ? '"Deduplicate by"' : `The setting ${place}`;
    const why = isLimit(thrown) ? ': that takes more time or data than a key may' : '';
    super(422, 'key-failed', `${label} cannot be worked out of what came${why}.`, {
      mend: isLimit(thrown)
        ? 'Send less at once, or have the author of the workflow choose a simpler key, such as {{ $json.body.id }}.'
        : 'Send what the key reads, or have the author of the workflow choose one that is always there.',
    });
    this.cause = thrown;
  }
}

/** The same for members, with what went wrong: of a run that could not begin by it. */
export function keyFault({ message, more: { mend }, cause }: KeyFailed): FaultRecord {
  const why = cause instanceof ExpressionFault ? ` ${cause.message}` : '';
  return { code: 'key.failed', message: message + why, ...(mend === undefined ? {} : { mend }) };
}

const isLimit = (thrown: unknown): boolean =>
  isOverBudget(thrown) ||
  thrown instanceof RangeError ||
  (thrown instanceof ExpressionFault && thrown.code === 'expression.limit');

/** A template worked out over what happened, before there is a run; undefined when it gives nothing. Throws `KeyFailed` when it fails, or costs more than a key may. */
export function valueOver(
  key: KeyPlace,
  template: string,
  item: unknown,
  place: { zone: string; now: number },
): string | undefined {
  try {
    const budget = new Budget(keyLimits, processorMs);
    const value = compileTemplate(template, { budget })(scopeOver(item, { ...place, budget }));
    if (value === undefined || value === null || value === '') return undefined;
    // It becomes a column of text, whatever the expression made.
    return withoutNul(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (error) {
    throw new KeyFailed(key, error);
  }
}

/** What an index holds of a key: longer ones, which senders and expressions make, stand there by their hash. */
const longestKey = 200;

/** A key of any length as one that an index holds: two that differ anywhere stay two. What is stored by a key is stored by this. */
export const shortKey = (key: string): string =>
  key.length <= longestKey ? key : `sha256 ${createHash('sha256').update(key).digest('base64url')}`;
