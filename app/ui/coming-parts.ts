/** What does not come for so long, as when the server is away, nobody waits for with a key; milliseconds. */
const mostMs = 5_000;

/** Parts of a page that were called and do not stand there yet. */
export class ComingParts {
  private readonly called = new Set<symbol>();
  private readonly listeners = new Set<(isThere: boolean) => void>();

  /** Whether something that was called is still on its way. */
  get isAny(): boolean {
    return this.called.size > 0;
  }

  /** Something was called; gives the way to say that it is there. */
  begin(): () => void {
    const one = Symbol('part');
    this.called.add(one);
    const end = (isThere: boolean) => {
      clearTimeout(timer);
      if (!this.called.delete(one)) return;
      if (!isThere) this.called.clear();
      if (this.isAny) return;
      for (const listener of this.listeners) listener(isThere);
    };
    const timer = setTimeout(() => end(false), mostMs);
    return () => end(true);
  }

  /** Calls back when all that was called is there, or is waited for no longer. */
  whenAllThere(listener: (isThere: boolean) => void): void {
    this.listeners.add(listener);
  }
}

/** Those of this page. */
export const comingParts = new ComingParts();
