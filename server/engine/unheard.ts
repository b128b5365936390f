import type { Plan } from '../../flow/compile/plan.ts';
import type { LogLine } from '../../flow/facts/fact.ts';
import type { RunState } from '../../flow/facts/state.ts';

/**
 * What the log of a Respond node says whose response reaches nobody: another has answered, or the caller was told 202 when the time
 * that it waits was over (E16). Undefined while the caller waits, and where there is none. `at` is epoch milliseconds.
 */
export function whyUnheard(
  { settings }: Pick<Plan, 'settings'>,
  { started, startedAt }: Pick<RunState, 'started' | 'startedAt'>,
  { at, isAnswered }: { at: number; isAnswered: boolean },
): LogLine | undefined {
  if (isAnswered) return { level: 'warn', text: 'Not sent: the caller has had an answer already.' };
  if (started?.trigger.kind !== 'webhook' || at - startedAt <= settings.replyWithinMs) return undefined;
  return { level: 'warn', text: `Not sent: the caller was answered 202 after ${settings.replyWithinMs / 1000} s.` };
}
