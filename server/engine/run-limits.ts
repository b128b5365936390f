import type { Plan } from '../../flow/compile/plan.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import type { RunState } from '../../flow/facts/state.ts';

/** What one run may use at most (SAFETY 4.3). */
export interface RunLimits {
  /** Attempts of nodes; turns that a loop takes in one stage count once. */
  readonly steps: number;
  /** Of its facts as JSON, large values included. */
  readonly journalBytes: number;
  /** For which its code nodes ran, in milliseconds. */
  readonly codeMs: number;
}

/** What holds unless the operator says otherwise. */
export const usualLimits: RunLimits = { steps: 10_000, journalBytes: 64 * 1024 * 1024, codeMs: 15 * 60_000 };

/**
 * What a run has used so far. It is looked at when facts are added: a run that is over with them is over, and one that has sent something goes on
 * until it is answered, so it passes a limit by one stage at most. A few additions a fact; the journal's size is that of rows which are made anyway.
 */
export class Spent {
  private readonly plan: Plan;
  private readonly limits: RunLimits;
  private steps = 0;
  private codeMs = 0;
  private journalBytes: number;

  constructor(plan: Plan, limits: RunLimits, { state, bytes }: { state: RunState; bytes: number }) {
    this.plan = plan;
    this.limits = limits;
    this.journalBytes = bytes;
    this.recount(state);
  }

  /** Counts anew from what is known after the run was read again. */
  recount(state: RunState): void {
    this.steps = state.outputs.size;
    this.codeMs = 0;
    for (const { failures } of state.instances.values()) this.steps += failures;
    for (const { record } of state.outputs.values()) this.codeMs += this.codeTime(record);
  }

  /** What the run's journal weighs by now. */
  get bytes(): number {
    return this.journalBytes;
  }

  /** Told what an append weighs. */
  weigh(bytes: number): void {
    this.journalBytes += bytes;
  }

  /** Counts facts that were folded into the state; gives the one that ends the run when a limit is passed. */
  add(facts: readonly Fact[], state: RunState, at: number): Fact | undefined {
    for (const { type, data } of facts) {
      if (type === 'step.failed') this.steps++;
      if (type !== 'stage.finished') continue;
      this.steps += data.nodes.length;
      for (const record of data.nodes) this.codeMs += this.codeTime(record);
    }
    const passed = this.passed();
    if (!passed || state.ended || state.failing || hasOpen(state)) return undefined;
    return { type: 'run.failed', at, data: { fault: { code: 'run.limit', ...passed } } };
  }

  private codeTime({ key, ms = 0 }: { key: string; ms?: number | undefined }): number {
    return this.plan.nodes[key]?.needs.includes('code') ? ms : 0;
  }

  private passed(): { message: string; mend: string } | undefined {
    const { steps, journalBytes, codeMs } = this.limits;
    if (this.steps > steps)
      return {
        message: `The run took more than ${steps.toLocaleString('en')} steps.`,
        mend: 'Give lists to nodes instead of looping over items, call a workflow for parts of the work, or have the operator raise HEDDLE_RUN_STEPS.',
      };
    if (this.journalBytes > journalBytes)
      return {
        message: `The run recorded more than ${Math.round(journalBytes / 1024 / 1024)} MB of data.`,
        mend: 'Keep less of each item, work in smaller batches, write files, or have the operator raise HEDDLE_RUN_JOURNAL.',
      };
    if (this.codeMs > codeMs)
      return {
        message: `The code of the run took longer than ${Math.round(codeMs / 1000)} s.`,
        mend: 'Let the code do less, split the work among several runs, or have the operator raise HEDDLE_RUN_CODE.',
      };
    return undefined;
  }
}

/** Whether something is on its way whose outcome must not be lost. */
const hasOpen = ({ instances }: RunState): boolean =>
  [...instances.values()].some(
    ({ ending, items, calls }) =>
      ending === undefined && [...items.values(), ...calls.values()].some(({ state }) => state === 'intended'),
  );
