/** Things that nothing uses at the moment, the latest used last, by how much they weigh. A thing weighs a little whatever it holds. */
export class Idle<Thing> {
  private readonly weights = new Map<Thing, number>();
  private readonly most: number;
  private total = 0;

  constructor(most: number) {
    this.most = most;
  }

  get weight(): number {
    return this.total;
  }

  /** Keeps a thing as the one used last; gives those that must go for it, the oldest first. It may be among them. */
  add(thing: Thing, bytes: number): Thing[] {
    this.remove(thing);
    const weight = Math.max(bytes, least);
    this.weights.set(thing, weight);
    this.total += weight;
    const gone: Thing[] = [];
    for (const oldest of this.weights.keys()) {
      if (this.total <= this.most) break;
      this.remove(oldest);
      gone.push(oldest);
    }
    return gone;
  }

  /** It is used again, or gone. */
  remove(thing: Thing): void {
    const weight = this.weights.get(thing);
    if (weight === undefined) return;
    this.weights.delete(thing);
    this.total -= weight;
  }
}

/** Of a run that holds nothing: its maps and its actor. */
const least = 16_384;
