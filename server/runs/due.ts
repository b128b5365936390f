import type { RunEvent, StoredEvent } from '../../flow/run/events.ts';
import { instanceKey } from '../../flow/run/state.ts';
import type { RunState } from '../../flow/run/state.ts';
import type { Holding } from './holding.ts';

/** Of a run that is failing no stage is begun: the fact that lets this one go (E9). */
export const stopOf = (state: RunState, { stage, path }: Holding, at: number): RunEvent[] | undefined =>
  state.failing ? [{ type: 'stage.stopped', at, data: { stage, path } }] : undefined;

/** The facts of timers of a stage whose time has come; undefined when there are none. */
export function dueTimers(state: RunState, { stage, path }: Holding, at: number): RunEvent[] | undefined {
  const instance = state.instances.get(instanceKey(stage, path));
  const due = [...(instance?.calls ?? [])].filter(
    ([, call]) =>
      call.state === 'suspended' &&
      call.waiting &&
      'due' in call.waiting &&
      (call.waiting.due ?? Number.POSITIVE_INFINITY) <= at,
  );
  if (due.length === 0) return undefined;
  return due.map(([call]) => ({ type: 'timer.due', at, data: { stage, path, node: instance?.node ?? '', call } }));
}

/** Whether a stored fact is one that was just handed in: same kind, same moment, same place. */
export const isSame = (stored: StoredEvent | undefined, fact: RunEvent | undefined): boolean =>
  stored !== undefined &&
  fact !== undefined &&
  stored.type === fact.type &&
  stored.at === fact.at &&
  JSON.stringify(placeOf(stored)) === JSON.stringify(placeOf(fact));

const placeOf = ({ data }: RunEvent) =>
  'stage' in data ? [data.stage, data.path, 'item' in data ? data.item : null, 'call' in data ? data.call : null] : [];
