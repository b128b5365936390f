import { doubted } from './doubts.ts';
import type { FactOf, FaultRecord } from './fact.ts';
import { dropCall, end, instanceOf, setCall, setItem } from './folding.ts';
import type { ChangingInstance, Folding } from './folding.ts';
import type { InstanceState } from './state.ts';

/** The instance that a fact of a node speaks of, which is then the node at work in it. */
export function workOf(
  draft: Folding,
  { stage, path, node }: { readonly stage: string; readonly path: string; readonly node: string },
): ChangingInstance {
  const instance = instanceOf(draft, stage, path);
  instance.node = node;
  return instance;
}

export function intendItems(draft: Folding, { data }: FactOf<'step.intended'>): void {
  const instance = workOf(draft, data);
  for (const item of data.items) setItem(instance, item, { state: 'intended', attempt: data.attempt });
}

export function answerItem(draft: Folding, { data }: FactOf<'step.answered'>): void {
  const instance = workOf(draft, data);
  const { item, attempt, out, fault, late } = data;
  if (late && !isOpen(instance, item)) return;
  setItem(instance, item, { state: 'answered', attempt, out, ...(fault ? { fault } : {}) });
}

export function failItem(draft: Folding, { data }: FactOf<'item.failed'>): void {
  const { item, attempt, fault, retryAt } = data;
  setItem(
    workOf(draft, data),
    item,
    retryAt === undefined ? { state: 'failed', attempt, fault } : { state: 'retrying', attempt, fault, retryAt },
  );
}

export function doubt(draft: Folding, fact: FactOf<'step.in-doubt'>): void {
  const instance = workOf(draft, fact.data);
  if (fact.data.call !== undefined) return setCall(instance, fact.data.call, { state: 'in-doubt' });
  for (const item of fact.data.items) setItem(instance, item, doubted(fact, attemptOf(instance, item)));
}

export function answerDoubt(draft: Folding, { data, at }: FactOf<'doubt.answered'>): void {
  const instance = workOf(draft, data);
  const fault: FaultRecord = {
    code: 'doubt.failed',
    message: 'Somebody answered that this counts as failed.',
    node: data.node,
  };
  if (data.call !== undefined) answerCall(instance, data.call, data, fault);
  else if (data.item !== undefined) answerOne(instance, data.item, data, fault);
  else if (data.answer === 'again') {
    // A quarantined stage gets another three crashes; one that missed a node is looked at again.
    delete instance.missing;
    delete instance.lost;
    instance.quarantined = false;
    instance.crashes = 0;
  } else {
    end(draft, data.stage, data.path, 'failed', at);
    draft.failing ??= { ...fault, code: keptFrom(instance) };
  }
}

/** What kept a stage from running until somebody counted it as failed. */
const keptFrom = ({ missing, lost }: ChangingInstance) =>
  missing ? 'node.missing' : lost === undefined ? 'quarantined' : 'value.missing';

type Answer = FactOf<'doubt.answered'>['data'];

function answerCall(instance: ChangingInstance, call: string, { answer, output }: Answer, fault: FaultRecord): void {
  if (answer === 'again') dropCall(instance, call);
  else if (answer === 'sent') setCall(instance, call, { state: 'answered', value: output ?? {} });
  else setCall(instance, call, { state: 'answered', fault });
}

function answerOne(instance: ChangingInstance, item: number, answer: Answer, fault: FaultRecord): void {
  const attempt = attemptOf(instance, item);
  if (answer.answer === 'again') setItem(instance, item, { state: 'again', attempt: attempt + 1 });
  else if (answer.answer === 'sent')
    setItem(instance, item, {
      state: 'answered',
      attempt,
      out: { [answer.port ?? 'out']: [answer.output ?? {}] },
    });
  else setItem(instance, item, { state: 'failed', attempt, fault: { ...fault, item } });
}

/** Whether an outcome that comes late still tells something: nobody has answered meanwhile, and the stage has not ended. */
const isOpen = ({ ending, items }: InstanceState, item: number) =>
  ending === undefined && ['intended', 'in-doubt'].includes(items.get(item)?.state ?? '');

const attemptOf = (instance: InstanceState, item: number) => instance.items.get(item)?.attempt ?? 1;
