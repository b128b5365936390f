import type { Fact } from '../../flow/facts/fact.ts';
import { checkAt, triesMost } from '../../flow/facts/doubts.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { retryDelay } from '../../flow/facts/retry.ts';
import type { InstanceState } from '../../flow/facts/state.ts';
import { faultRecordOf } from '../../nodes/kit/fault-record.ts';
import type { ItemReconciled } from '../../nodes/kit/perform-each.ts';
import { MissingNode, directly } from './carry-node.ts';
import type { Call, Ready } from './carry-node.ts';
import { wasFenced } from './holding.ts';
import { withTimeout } from './node-timeout.ts';

/** Items in doubt about which the service is to be asked now: none once the run fails, for then nothing follows from the answer. */
export function dueChecks({ carriage, node }: Call, instance: InstanceState | undefined): number[] {
  if (!node.verifies || !instance || carriage.state().failing) return [];
  const now = carriage.clock();
  return [...instance.items].filter(([, item]) => (checkAt(node, item) ?? Infinity) <= now).map(([index]) => index);
}

/** What the service says of an item; undefined when the lease ran out before it could be asked: then it is asked again once that is renewed. */
export async function reconciled(call: Call, ready: Ready, item: number): Promise<ItemReconciled | undefined> {
  const { carriage, node } = call;
  const prepared = carriage.prepared(node);
  if (!prepared) throw new MissingNode(node);
  try {
    return await withTimeout(call, (signal) => {
      call.budget.begins('stays');
      return prepared.reconcile({ ...ready.batch, signal, onError: 'stop' }, item, directly(call)(ready, signal));
    });
  } catch (error) {
    if (carriage.signal.aborted) throw error;
    if (wasFenced(error)) return undefined;
    const why = `The service could not be asked whether it was done: ${faultRecordOf(error, { node: node.key, item }).message}`;
    return { did: 'unknown', why };
  }
}

/** Surely not done, so that it may be sent again; a Fault, for when the tries are used up. */
export const notDone = (): Fault =>
  new Fault('doubt.not-done', 'The service says that the request was not done.', {
    mend: 'Look at why the service does not answer, then retry the run from here.',
    done: 'no',
  });

/** The fact that an item goes out again, or undefined when it has been tried often enough. */
export function sentAgain({ carriage, node, path }: Call, item: number, attempt: number): Fact | undefined {
  const fault = faultRecordOf(notDone(), { node: node.key, item });
  const delay = retryDelay(node, { fault, attempt }, 0.5) ?? (attempt < triesMost ? 0 : undefined);
  if (delay === undefined) return undefined;
  const at = carriage.clock();
  const place = { stage: carriage.stage.id, path, node: node.key };
  return { type: 'item.failed', at, data: { ...place, item, attempt, fault, retryAt: at + delay } };
}
