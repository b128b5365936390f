import * as z from 'zod';
import { plan } from '../compile/plan.ts';
import { anyFact } from '../facts/fact.ts';
import { run } from './run.ts';
import type { StoredFact } from '../facts/fact.ts';
import { unmark } from '../facts/away.ts';

/**
 * A fact on its way to who folds it: seq, epoch milliseconds, type, data. In the data `{ $away: bytes, count? }` stands for what is too large to
 * be sent unasked; it is fetched by its place (`runValue`).
 */
export const wireFact = z.tuple([z.int(), z.number(), z.string(), z.unknown()]);
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

/** The fact that came over the wire; throws where it is none that this build knows. */
export function fromWire([seq, at, type, data]: WireFact): StoredFact {
  return { ...anyFact.parse({ type, at, data: unmark(seq, type, data) }), seq };
}
