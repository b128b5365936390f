const hourMs = 3_600_000;
/** In an hour; from so many on a workspace has less than others. */
const budget = 3;
/** How long who breaks children again and again waits for the next. */
const restMs = 1_000;

/** How often workspaces broke a child, and what that costs them: one child at a time, and a second without one after each that they break. */
export class Anomalies {
  private readonly log = new Map<string, number[]>();
  private readonly resting = new Set<string>();
  private readonly onRested: () => void;

  constructor(onRested: () => void) {
    this.onRested = onRested;
  }

  /** In the last hour. */
  of(workspace: string): number {
    const recent = (this.log.get(workspace) ?? []).filter((at) => at > Date.now() - hourMs);
    if (recent.length > 0) this.log.set(workspace, recent);
    else this.log.delete(workspace);
    return recent.length;
  }

  isOver(workspace: string): boolean {
    return this.of(workspace) >= budget;
  }

  /** How many children it may keep busy where others may have `most`. */
  mostOf(workspace: string, most: number): number {
    if (this.resting.has(workspace)) return 0;
    return this.isOver(workspace) ? 1 : most;
  }

  /** Breaking ten a second would cost a processor in starts alone. */
  add(workspace: string): void {
    this.log.set(workspace, [...(this.log.get(workspace) ?? []), Date.now()]);
    if (!this.isOver(workspace)) return;
    this.resting.add(workspace);
    setTimeout(() => {
      this.resting.delete(workspace);
      this.onRested();
    }, restMs).unref();
  }
}
