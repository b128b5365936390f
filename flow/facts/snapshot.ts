import { callsFrom, itemsFrom } from './state.ts';
import type { InstanceState, RunState } from './state.ts';

/** How many facts lie between two snapshots (E20). */
export const snapshotEvery = 500;

/**
 * A folded state as data that JSON can say: maps become lists of entries. It stays as it is while the state goes on, so that a large one can be written
 * in turns. Only ever a cache: folding from zero gives the same.
 */
export const packState = (state: RunState): Packed => ({
  ...state,
  instances: [...state.instances].map(([key, instance]) => [
    key,
    { ...instance, items: [...instance.items], calls: [...instance.calls] },
  ]),
  outputs: [...state.outputs],
  turns: [...state.turns],
});

type Packed = Omit<RunState, 'instances' | 'outputs' | 'turns'> & {
  readonly instances: readonly (readonly [
    string,
    Omit<InstanceState, 'items' | 'calls'> & {
      readonly items: readonly (readonly [number, NonNullable<ReturnType<InstanceState['items']['get']>>])[];
      readonly calls: readonly (readonly [string, NonNullable<ReturnType<InstanceState['calls']['get']>>])[];
    },
  ])[];
  readonly outputs: readonly (readonly [string, NonNullable<ReturnType<RunState['outputs']['get']>>])[];
  readonly turns: readonly (readonly [string, number])[];
};

/** The state that was packed by this build. What another build packed must be thrown away, not read: see `snapshotFormat`. */
export function unpackState(data: unknown): RunState {
  const packed = data as Packed;
  const missing = {
    started: undefined,
    reply: undefined,
    failing: undefined,
    ended: undefined,
    output: undefined,
    cancelReason: undefined,
  };
  return {
    ...missing,
    ...packed,
    instances: new Map(
      packed.instances.map(([key, instance]) => [
        key,
        { ...instance, items: itemsFrom(new Map(instance.items)), calls: callsFrom(new Map(instance.calls)) },
      ]),
    ),
    outputs: new Map(packed.outputs),
    turns: new Map(packed.turns),
  };
}

/** Changes whenever the shape of a folded state does; a snapshot of another format is passed over. */
export const snapshotFormat = 3;
