import type { StagePlace } from '../journal/claims.ts';

interface Around {
  /** Ready stages of a workspace that may be taken, those of the realtime lane first. */
  readonly find: (workspace: string, most: number) => Promise<readonly StagePlace[]>;
  /** Claims one and carries it out; resolves once it needs nobody to wait for it. */
  readonly wake: (place: StagePlace) => Promise<'taken' | 'stale' | 'crowded'>;
  readonly onBroken: (error: unknown, doing: string) => void;
}

/** Taken up at once when there is room again. */
const atOnce = 10;

/**
 * Workspaces of which stages were left ready because too much of theirs waits in this process already. Their wake-ups are spent, so whenever one
 * of theirs comes back the next are looked for; what is missed the sweeper finds.
 */
export class Parked {
  private readonly around: Around;
  private readonly waiting = new Set<string>();
  private readonly looking = new Set<string>();

  constructor(around: Around) {
    this.around = around;
  }

  get workspaces(): readonly string[] {
    return [...this.waiting];
  }

  add(workspace: string): void {
    this.waiting.add(workspace);
  }

  /** Something of that workspace came back. Costs nothing while nothing is left. */
  roomFor(workspace: string): void {
    if (!this.waiting.has(workspace) || this.looking.has(workspace)) return;
    this.looking.add(workspace);
    this.look(workspace)
      .catch((error: unknown) => this.around.onBroken(error, 'taking up what waited for room'))
      .finally(() => this.looking.delete(workspace));
  }

  private async look(workspace: string): Promise<void> {
    for (;;) {
      // Before it is asked: what is left ready from now on says so again.
      this.waiting.delete(workspace);
      const found = await this.around.find(workspace, atOnce);
      if (found.length === atOnce) this.waiting.add(workspace);
      const became = await Promise.all(found.map((place) => this.around.wake(place)));
      if (became.includes('crowded') || !became.includes('taken') || found.length < atOnce) return;
    }
  }
}
