import * as z from 'zod';
import { plan } from '../compile/plan.ts';
import { run } from './run.ts';
import type { FactType, StoredFact } from '../facts/fact.ts';
import { unmark } from '../facts/away.ts';
import { factKinds } from '../facts/kinds.ts';
import { isObject } from '../document/json.ts';

/**
 * A fact on its way to who folds it: seq, epoch milliseconds, type, data. Where a 1 follows, `{ $away: bytes, count? }` stands in the data for what
 * is too large to be sent unasked; it is fetched by its place (`runValue`).
 */
export const wireFact = z.union([
  z.tuple([z.int(), z.number(), z.string(), z.unknown()]),
  z.tuple([z.int(), z.number(), z.string(), z.unknown(), z.literal(1)]),
]);
export type WireFact = z.infer<typeof wireFact>;

/** A stretch of the facts of a run: those after the seq that was asked for, as many as one answer holds. */
export const runFacts = z.object({
  /** As its row says: what is shown of it until its facts are there. */
  run,
  /** The fingerprint of its plan (`runPlan`); null while it waits in the queue and has no facts. */
  plan: z.string().nullable(),
  /** The last fact that there was when this was read: those up to it that are not here follow on asking. */
  upTo: z.int(),
  facts: z.array(wireFact),
});
export type RunFacts = z.infer<typeof runFacts>;

/** A plan: under a fingerprint it never changes. */
export const runPlan = z.object({ plan });

/** A value of a fact, whole; of what a port delivered its items. */
export const runValue = z.object({ value: z.unknown() });

/** The same as a page reads it: each fact is looked at as it is folded (`fromWire`). */
export const runFactsFrame = runFacts.extend({ facts: z.array(z.unknown()) });
export type RunFactsFrame = z.infer<typeof runFactsFrame>;

/**
 * The fact that came over the wire; throws where it is none that this build knows. Its frame is looked at here; its data was parsed when it was
 * written and never changes since, and a page without `eval` takes 6 µs a fact to parse it once more: 0.6 s of a run of 100,000.
 */
export function fromWire(sent: unknown): StoredFact {
  if (!isWireFact(sent)) throw new TypeError('This is no fact that this page knows.');
  const [seq, at, type, data, isPartly] = sent;
  return { type, at, data: isPartly === 1 ? unmark(seq, type, data) : data, seq } as StoredFact;
}

const isWireFact = (sent: unknown): sent is [number, number, FactType, object, 1?] =>
  Array.isArray(sent) &&
  Number.isInteger(sent[0]) &&
  typeof sent[1] === 'number' &&
  Object.hasOwn(factKinds, String(sent[2])) &&
  isObject(sent[3]);
