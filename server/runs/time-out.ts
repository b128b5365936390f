import type { Fact } from '../../flow/facts/fact.ts';
import { Refusal } from '../http/refusal.ts';
import { cancelBelow } from '../engine/cancel-tree.ts';
import { appendAs } from './act.ts';
import type { Acting } from './act.ts';

/**
 * Ends a run whose time is up as failed, with the runs that it called; nothing when it is over. What is on its way is let go as by a cancel: of an
 * effect that was sent the late outcome is kept.
 */
export async function timeOutRun(acting: Acting, run: string): Promise<void> {
  const { engine } = acting;
  const actor = await engine.actor(run, Infinity);
  const seconds = (actor.plan.settings.timeoutMs ?? 0) / 1_000;
  const fault = {
    code: 'run.timeout',
    message: `The run did not end within the ${seconds} s that its workflow allows.`,
    mend: 'Look at which step took so long, or allow more in the settings of the workflow.',
  };
  const fact: Fact = { type: 'run.failed', at: engine.options.clock(), data: { fault } };
  try {
    await appendAs(actor, [fact], ({ ended }) => {
      if (ended) throw new Refusal(409, 'run-over', 'The run is over.');
    });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'run-over') return;
    throw error;
  }
  acting.told(actor.workspace, [run, ...(await cancelBelow(engine, [run], 'the time of its parent was up'))]);
}
