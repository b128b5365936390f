import type { Descent } from '../../flow/facts/fact.ts';
import { Looped } from '../engine/own-calls.ts';
import type { OwnCalls } from '../engine/own-calls.ts';
import { Refusal } from '../http/refusal.ts';

/** Counts a run that a request is about to start below the run that sent it, if one did. Throws 508 when it may not. */
export async function enterBelow(
  ownCalls: Pick<OwnCalls, 'enter'>,
  headers: Parameters<OwnCalls['enter']>[0],
): Promise<Descent | undefined> {
  try {
    return await ownCalls.enter(headers);
  } catch (error) {
    if (error instanceof Looped)
      throw new Refusal(508, 'loop', error.message, {
        mend: `Look for a workflow that calls its own webhook, or have the operator raise ${error.setting}.`,
      });
    throw error;
  }
}
