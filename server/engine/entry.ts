import type { Fact } from '../../flow/facts/fact.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { Append } from '../journal/flusher.ts';
import type { Holding } from './holding.ts';

/** What somebody wants an actor to append, and whom to tell. */
export interface Entry {
  readonly facts: readonly Fact[];
  readonly by: Holding | undefined;
  /** The attempt is over with these facts: if the stage is still live, the claim is given back or kept for the next try. */
  readonly ends: boolean;
  readonly start?: Append['start'];
  readonly fence?: Append['fence'];
  /** The instance whose claim ran out: its row is made ready or waiting whatever it was. */
  readonly recovers?: string;
  /** Throws when the facts no longer fit what is known by now: asked before each try. */
  readonly check?: (state: RunState) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}
