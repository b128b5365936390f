import type { Plan } from '../../flow/compile/plan.ts';
import type { LogLine } from '../../flow/facts/fact.ts';
import type { RunState } from '../../flow/facts/state.ts';

/**
 * What the log of a Respond node says whose response reaches nobody: another has answered, the run is a retry, or the time that callers wait
 * is over (E16). Undefined while one may wait, and where a person started the run. `at` is epoch milliseconds.
 */
export function whyUnheard(
  { settings }: Pick<Plan, 'settings'>,
  { started, startedAt }: Pick<RunState, 'started' | 'startedAt'>,
  { at, isAnswered }: { at: number; isAnswered: boolean },
): LogLine | undefined {
  const unsent = (why: string): LogLine => ({ level: 'warn', text: `Not sent: ${why}.` });
  if (isAnswered) return unsent('an answer was given before');
  if (started?.retryOf !== undefined) return unsent('nobody waits for the answer of a retry');
  if (started?.trigger.kind !== 'webhook' || at - startedAt <= settings.replyWithinMs) return undefined;
  // Whether they were told 202 is not known: their connection may have been lost with a process.
  return unsent(`callers wait ${settings.replyWithinMs / 1000} s, and this came later`);
}
