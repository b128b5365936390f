/** Names that were met, the latest `most` of them: meeting one again keeps it longer. */
export class Known {
  private readonly names = new Set<string>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  has(name: string): boolean {
    if (!this.names.delete(name)) return false;
    this.names.add(name);
    return true;
  }

  add(name: string): void {
    this.names.delete(name);
    this.names.add(name);
    for (const oldest of this.names) {
      if (this.names.size <= this.most) return;
      this.names.delete(oldest);
    }
  }
}
