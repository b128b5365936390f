import type { FactOf, StoredFact } from './fact.ts';
import { dropCall, endInstance, instanceOf } from './folding.ts';
import type { Folding } from './folding.ts';
import { outOfItems } from './items-output.ts';
import { loopOf, outerPath, turnOf } from './path.ts';
import { noCalls, noItems, outputKey } from './state.ts';

export function quarantine(draft: Folding, { data }: FactOf<'stage.quarantined'>): void {
  const instance = instanceOf(draft, data.stage, data.path);
  instance.quarantined = true;
  if (data.reason === 'value-lost') instance.lost = data.why ?? 'A value of the run is not in the store any more.';
}

export function finishStage(draft: Folding, fact: StoredFact & FactOf<'stage.finished'>): void {
  const { stage, path, nodes } = fact.data;
  const instance = instanceOf(draft, stage, path);
  for (const record of nodes) {
    const whole =
      record.byItem === true ? { ...record, out: { ...record.out, ...outOfItems(instance.items) } } : record;
    draft.outputs.set(outputKey(record.key, record.path), { record: whole, seq: fact.seq, at: fact.at });
    if (loopOf(record.path) === record.key)
      draft.turns.set(outputKey(record.key, outerPath(record.path)), turnOf(record.path));
  }
  endInstance(instance, 'finished', fact.at);
  // What was journalled on the way is in the outputs now: the instance keeps nothing but its end.
  instance.items = noItems;
  instance.calls = noCalls;
  delete instance.progress;
}

export function failStep(draft: Folding, { data, at }: FactOf<'step.failed'>): void {
  const { stage, path, node, fault, retryAt } = data;
  const instance = instanceOf(draft, stage, path);
  instance.node = node;
  instance.failures++;
  if (retryAt === undefined) {
    endInstance(instance, 'failed', at);
    draft.failing ??= { ...fault, node };
    return;
  }
  instance.retryAt = retryAt;
  // The next attempt starts afresh: calls are forgotten, unless one had an effect that must not happen twice.
  for (const [call, known] of instance.calls)
    if (known.effect !== 'effect' || known.fault !== undefined) dropCall(instance, call);
}
