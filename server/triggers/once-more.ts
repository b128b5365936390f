/** Work by a name that is done once at a time: whoever asks while it is done has it done once more, together with all who ask by then. */
export class OnceMore {
  private readonly now = new Map<string, Promise<void>>();
  private readonly next = new Map<string, Promise<void>>();

  do(name: string, work: () => Promise<void>): Promise<void> {
    const now = this.now.get(name);
    if (!now) return this.begin(name, work);
    const next =
      this.next.get(name) ??
      now
        .catch(() => undefined)
        .then(() => {
          this.next.delete(name);
          return this.begin(name, work);
        });
    this.next.set(name, next);
    return next;
  }

  private begin(name: string, work: () => Promise<void>): Promise<void> {
    const begun = work().finally(() => {
      if (this.now.get(name) === begun) this.now.delete(name);
    });
    this.now.set(name, begun);
    return begun;
  }
}
