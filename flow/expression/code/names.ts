import { Frame, type Run } from '../run.ts';

/** Where a variable is at run time: so many frames up, at this place. */
export type Binding = { readonly hops: number; readonly slot: number; readonly isConstant: boolean };

/** The variables of one lexical scope while it is compiled; at run time each scope is one frame. */
export class Names {
  readonly parent: Names | undefined;
  /** Whether `var` and the value of a program belong here: a function's scope, or the segment's. */
  readonly owner: 'program' | 'function' | 'block';
  readonly #slots = new Map<string, { slot: number; isConstant: boolean }>();

  constructor(parent: Names | undefined, owner: 'program' | 'function' | 'block') {
    this.parent = parent;
    this.owner = owner;
  }

  /** Makes a variable here, or finds the one that is here already. */
  declare(name: string, isConstant: boolean): number {
    const known = this.#slots.get(name);
    if (known) return known.slot;
    const slot = this.#slots.size;
    this.#slots.set(name, { slot, isConstant });
    return slot;
  }

  /** Where a variable is, seen from here; undefined when the name is none. */
  find(name: string): Binding | undefined {
    const here = this.#slots.get(name);
    if (here) return { hops: 0, slot: here.slot, isConstant: here.isConstant };
    const above = this.parent?.find(name);
    return above && { ...above, hops: above.hops + 1 };
  }

  /** The scope that `var` belongs to. */
  get function(): Names {
    return this.owner === 'block' && this.parent ? this.parent.function : this;
  }

  /** A frame for this scope, with room for all its variables. */
  frame(run: Run, parent: Frame | undefined): Frame {
    return new Frame(run, parent, Array.from({ length: this.#slots.size }));
  }
}
