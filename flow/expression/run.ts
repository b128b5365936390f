import { currentEngine } from '../compile/plan.ts';
import type { Budget } from '../facts/budget.ts';
import { tooMuch } from './faults.ts';
import { limits } from './limits.ts';
import type { Scope } from './scope.ts';

/** What one evaluation of one segment carries: its scope, what it has used up, and its changes to data that is not its own. */
export class Run {
  readonly scope: Scope;
  /** The behaviour number that the expression is worked out by (E17). */
  readonly engine: number;
  /** What the stage may use, all of its expressions together. */
  readonly budget: Budget | undefined;
  steps = 0;
  calls = 0;
  /** What a statement returned, while the return is on its way out. */
  returned: unknown = undefined;
  /**
   * Lists and records are changed on a copy, kept here by the original, so that nodes' data is never touched while
   * `const a = $json.list; a.push(1); a.length` still sees its push. References stay those of the originals.
   */
  overlay: Map<object, object> | undefined = undefined;
  /** The items that came out of `$('key')` or `$input`: on them `.json` is the item itself. */
  items: WeakSet<object> | undefined = undefined;

  constructor(scope: Scope, engine: number = currentEngine) {
    this.scope = scope;
    this.engine = engine;
    this.budget = scope.budget;
  }

  /** Counts steps; ends the evaluation when there were too many. */
  charge(steps: number): void {
    this.steps += steps;
    if (this.steps > limits.steps) throw tooMuch('The expression takes too many steps.');
    this.budget?.spend(steps);
  }

  /** Counts work that reads a whole text and passes it on; ends the evaluation when it is too long. */
  text(text: string): string {
    if (text.length > limits.text) throw tooMuch('The expression builds too long a text.');
    this.charge(1 + (text.length >>> 6));
    return text;
  }

  /** The same of work that takes some 25 ns a character and cannot be interrupted. */
  walked(text: string): string {
    this.budget?.about(text.length / 2);
    return this.text(text);
  }

  /** The same of work that goes through a text sign by sign, in our own code or by a pattern. */
  heavy(text: string): string {
    this.charge(text.length >> 2);
    return this.walked(text);
  }

  /** Counts a text that was made, and passes it on. */
  made(text: string): string {
    this.budget?.makes(text.length);
    return this.text(text);
  }

  /** Counts the joining of texts, which the host does without copying them, and passes the whole on. */
  joined(text: string): string {
    if (text.length > limits.text) throw tooMuch('The expression builds too long a text.');
    this.charge(1);
    this.budget?.makes(bytesAJoint);
    this.reads(text);
    return text;
  }

  /**
   * Tells the budget alone of a text that the host looks through, or copies once it is looked into: so that the clock is looked at in time, for the
   * limits of single expressions count such things as one step.
   */
  reads(text: string): void {
    this.budget?.spend(text.length >>> 8);
  }

  /** Counts the elements of a list that is about to be touched or built. */
  length(length: number): void {
    if (length > limits.list) throw tooMuch('The expression builds too long a list.');
    this.charge(1 + length);
  }

  /** The state of a list or record as this evaluation sees it. */
  view<T extends object>(original: T): T {
    if (this.overlay === undefined) return original;
    const copy = this.overlay.get(original);
    // The overlay holds only shallow copies of the same shape, made by `change` below.
    return copy === undefined ? original : (copy as T);
  }

  /** The copy of a list that may be changed. */
  changeList(original: unknown[]): unknown[] {
    const made = this.overlay?.get(original);
    if (Array.isArray(made)) return made;
    this.length(original.length);
    return this.#keep(original, original.slice());
  }

  /** The copy of a record that may be changed. */
  changeRecord(original: object): Record<string, unknown> {
    const made = this.overlay?.get(original);
    // Only `#keep` fills the overlay, for a record with a record.
    if (made !== undefined) return made as Record<string, unknown>;
    this.charge(1 + Object.keys(original).length);
    return this.#keep(original, { ...original });
  }

  /** Marks an item of a node's output, so that n8n's `.json` works on it. */
  item(value: unknown): unknown {
    if (typeof value === 'object' && value !== null) (this.items ??= new WeakSet()).add(value);
    return value;
  }

  #keep<T extends object>(original: object, copy: T): T {
    (this.overlay ??= new Map()).set(original, copy);
    return copy;
  }
}

/** What the host keeps for two texts that are joined and not copied. */
const bytesAJoint = 32;

/** The variables of one lexical scope while it runs. */
export class Frame {
  readonly run: Run;
  readonly parent: Frame | undefined;
  readonly vars: unknown[];

  constructor(run: Run, parent: Frame | undefined, vars: unknown[]) {
    this.run = run;
    this.parent = parent;
    this.vars = vars;
  }
}

/** A compiled piece of an expression. */
export type Code = (frame: Frame) => unknown;
