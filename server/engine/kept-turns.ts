import type { NodeRecord } from '../../flow/facts/fact.ts';

/** So many turns of a loop keep their data, and so many characters of it as JSON, the oldest going first (E7). */
export const mostTurns = 1_000;
export const mostKept = 16_000_000;

/**
 * The data of the latest turns of a loop that runs whole in one stage. Whole turns go, and an inner one always before the turn around it: what
 * is kept can be read with nothing else. What checkpoints kept is counted; once that is used up they keep no more, and the last part has as
 * much again, so that a loop of any length keeps its last turns.
 */
export class KeptTurns {
  private readonly turns = new Map<string, { readonly records: readonly NodeRecord[]; readonly size: number }>();
  private readonly spent: number;
  private size = 0;

  constructor(spent: number) {
    this.spent = spent;
  }

  /** A turn that is over, with what each node did in it. */
  add(path: string, records: readonly NodeRecord[]): void {
    const { length: size } = JSON.stringify(records);
    this.turns.set(path, { records, size });
    this.size += size;
    for (const [oldest, turn] of this.turns) {
      if (this.turns.size <= mostTurns && this.size <= mostKept) return;
      this.turns.delete(oldest);
      this.size -= turn.size;
    }
  }

  all(): NodeRecord[] {
    return [...this.turns.values()].flatMap(({ records }) => records);
  }

  /** What a checkpoint says of them. */
  told(): { kept?: NodeRecord[]; keptSize?: number } {
    return this.spent + this.size > mostKept ? {} : { kept: this.all(), keptSize: this.size };
  }
}
