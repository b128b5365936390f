import type { Plan } from '../compile/plan.ts';
import type { StoredFact } from './fact.ts';
import { Trace } from './trace.ts';
import { runView, shownSteps } from './views.ts';
import type { RunView, ShownStep } from './views.ts';
import { Waits } from './waits.ts';

/**
 * A run as who looks at it folds it: the facts that are there come in any order, doubled or with gaps, and what is shown follows from those that
 * are there without a gap. Whatever way they came, the same facts show the same.
 */
export class RunFold {
  /** The facts that are folded, in order. */
  readonly facts: StoredFact[] = [];
  readonly waits = new Waits();
  private readonly id: string;
  private readonly plan: Plan;
  private readonly trace: Trace;
  /** What came before its turn. */
  private readonly early = new Map<number, StoredFact>();
  private view: RunView | undefined;
  private shown: readonly ShownStep[] | undefined;

  constructor(id: string, plan: Plan) {
    this.id = id;
    this.plan = plan;
    this.trace = new Trace(plan);
  }

  /** The last fact that is folded. */
  get seq(): number {
    return this.trace.state.seq;
  }

  /** Whether facts came that cannot be folded before those after `seq` are there. */
  get hasGap(): boolean {
    return this.early.size > 0;
  }

  /** Takes facts; false when they change nothing yet. */
  take(facts: Iterable<StoredFact>): boolean {
    const before = this.seq;
    for (const fact of facts) {
      if (fact.seq > this.seq + 1) this.early.set(fact.seq, fact);
      else if (fact.seq === this.seq + 1) this.lay(fact);
      for (let next = this.early.get(this.seq + 1); next; next = this.early.get(this.seq + 1)) {
        this.early.delete(next.seq);
        this.lay(next);
      }
    }
    return this.seq > before;
  }

  /** The run by what is folded. */
  run(): RunView {
    this.view ??= runView(this.id, this.plan, this.trace.state);
    return this.view;
  }

  /** Its steps by what is folded; the same list until a fact is. */
  steps(): readonly ShownStep[] {
    this.shown ??= shownSteps(this.trace.steps());
    return this.shown;
  }

  private lay(fact: StoredFact): void {
    this.view = undefined;
    this.shown = undefined;
    this.facts.push(fact);
    this.trace.add(fact);
    this.waits.take(fact);
  }
}
