/** Names that were met, the latest `most` of them, each for so long since it was added: meeting one again keeps it among the latest. */
export class Known {
  private readonly names = new Map<string, number>();
  private readonly most: number;
  private readonly forMs: number;
  private readonly clock: () => number;

  constructor(most: number, forMs = Number.POSITIVE_INFINITY, clock: () => number = () => performance.now()) {
    this.most = most;
    this.forMs = forMs;
    this.clock = clock;
  }

  has(name: string): boolean {
    const since = this.names.get(name);
    if (since === undefined) return false;
    this.names.delete(name);
    if (this.clock() - since > this.forMs) return false;
    this.names.set(name, since);
    return true;
  }

  add(name: string): void {
    const since = this.names.get(name) ?? this.clock();
    this.names.delete(name);
    this.names.set(name, since);
    for (const oldest of this.names.keys()) {
      if (this.names.size <= this.most) return;
      this.names.delete(oldest);
    }
  }
}
