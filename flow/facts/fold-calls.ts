import type { FactOf } from './fact.ts';
import { workOf } from './fold-items.ts';
import { instanceOf, setCall } from './folding.ts';
import type { Folding } from './folding.ts';

export function intendCall(draft: Folding, { data }: FactOf<'call.intended'>): void {
  const { call, op, hash, effect } = data;
  setCall(workOf(draft, data), call, { state: 'intended', op, hash, effect });
}

export function answerCall(draft: Folding, { data }: FactOf<'call.answered'>): void {
  const instance = workOf(draft, data);
  const { call, op, hash, value, fault, late } = data;
  // What comes late tells something while nobody has answered meanwhile.
  if (late && (instance.ending || !['intended', 'in-doubt'].includes(instance.calls.get(call)?.state ?? ''))) return;
  setCall(instance, call, { state: 'answered', op, hash, value, ...(fault ? { fault } : {}) });
}

export function suspendCall(draft: Folding, { data }: FactOf<'call.suspended'>): void {
  const instance = workOf(draft, data);
  const { call, op, hash, waiting } = data;
  // The link may have been called while the node was about to wait for that.
  const isCalled = waiting.kind === 'token' && instance.called;
  setCall(
    instance,
    call,
    isCalled ? { state: 'answered', op, hash, value: isCalled.value } : { state: 'suspended', op, hash, waiting },
  );
}

export function timerDue(draft: Folding, { data }: FactOf<'timer.due'>): void {
  const instance = workOf(draft, data);
  // An answer that came first stands.
  if (instance.calls.get(data.call)?.state === 'suspended')
    setCall(instance, data.call, { state: 'answered', value: null });
}

export function issueToken(draft: Folding, { data }: FactOf<'token.issued'>): void {
  const instance = instanceOf(draft, data.stage, data.path);
  instance.tokens = [...(instance.tokens ?? []), data.hash];
}

/** The first call counts, and none after the time has passed; it is kept for a node that has not begun to wait. */
export function answerToken(draft: Folding, { data }: FactOf<'token.answered'>): void {
  const instance = instanceOf(draft, data.stage, data.path);
  const { node, value } = data;
  if (instance.called || instance.ending) return;
  instance.called = { value };
  for (const [call, known] of instance.calls)
    if (known.state === 'suspended' && known.waiting?.kind === 'token') {
      instance.node = node;
      setCall(instance, call, { state: 'answered', value });
    }
}
