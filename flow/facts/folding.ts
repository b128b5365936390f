import { instanceKey, noCalls, noItems } from './state.ts';
import type { CallState, Ending, InstanceState, ItemState, NodeOutput, RunState } from './state.ts';
import { putItem } from './tally.ts';

export type Changing<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** An instance being folded: changed in place, because a node of 10,000 items gets a fact for each; its items and calls by `setItem` and `setCall`. */
export type ChangingInstance = Changing<InstanceState>;

/** A state that its holder owns and folds into. */
export type Folding = Changing<Omit<RunState, 'instances' | 'outputs' | 'turns'>> & {
  instances: Map<string, ChangingInstance>;
  outputs: Map<string, NodeOutput>;
  turns: Map<string, number>;
};

/** Stages that facts spoke of, by the instances of the state that they were folded into: kept where somebody listens. */
const heard = new WeakMap<RunState['instances'], Set<string>>();

/** The stages that facts speak of from now on, as they are folded into these instances; whoever listens takes out what it has heard. */
export function listen(instances: RunState['instances']): Set<string> {
  const stages = new Set<string>();
  heard.set(instances, stages);
  return stages;
}

/** An instance that a fact changes: none is changed but by this. */
export function instanceOf(draft: Folding, stage: string, path: string): ChangingInstance {
  heard.get(draft.instances)?.add(stage);
  const key = instanceKey(stage, path);
  let instance = draft.instances.get(key);
  if (!instance) {
    instance = { stage, path, failures: 0, crashes: 0, items: noItems, calls: noCalls };
    draft.instances.set(key, instance);
  }
  return instance;
}

export const end = (draft: Folding, stage: string, path: string, ending: Ending, at: number): void =>
  endInstance(instanceOf(draft, stage, path), ending, at);

export function endInstance(instance: ChangingInstance, ending: Ending, at: number): void {
  if (instance.ending) return;
  instance.ending = ending;
  instance.endedAt = at;
}

export function setCall(instance: ChangingInstance, call: string, patch: Partial<CallState>): void {
  const before: CallState = instance.calls.get(call) ?? { state: 'intended', op: '', hash: '' };
  ownCalls(instance).set(call, { ...before, ...patch });
}

export function dropCall(instance: ChangingInstance, call: string): void {
  if (instance.calls.has(call)) ownCalls(instance).delete(call);
}

export function setItem(instance: ChangingInstance, index: number, item: ItemState): void {
  if (instance.items === noItems) instance.items = new Map();
  putItem(instance.items as Map<number, ItemState>, index, item);
}

function ownCalls(instance: ChangingInstance): Map<string, CallState> {
  if (instance.calls === noCalls) instance.calls = new Map();
  return instance.calls as Map<string, CallState>;
}
