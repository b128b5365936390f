import type { InstanceState } from './state.ts';
import type { Step, StepStatus } from './step.ts';

/** Where a stage under way is, in which turn when its loop runs whole in it, since when, and the steps before. */
export interface Under {
  readonly key: string;
  readonly turn?: string | undefined;
  readonly since: number;
  readonly before: readonly Step[];
}

/** The nodes of a stage under way that are at work or waited for: a loop is at it with its body, the nodes of a chain take turns. */
export function atWork(
  keys: readonly string[],
  instance: InstanceState | undefined,
  under: Under | undefined,
): string[] {
  if (under && under.turn === undefined) return [under.key];
  return keys.filter((key, index) => index === 0 || key === instance?.node || key === under?.key);
}

export const hasDoubt = (instance: InstanceState) =>
  [...instance.items.values()].some((item) => item.state === 'in-doubt') ||
  [...instance.calls.values()].some((call) => call.state === 'in-doubt');

export function liveStatus(instance: InstanceState, next: 'now' | 'never' | number): StepStatus {
  if (hasDoubt(instance) && next !== 'now') return 'in-doubt';
  if (instance.quarantined) return 'failed';
  return next === 'now' ? 'running' : 'waiting';
}
