import type { Lane } from '../../flow/document/workflow.ts';

/** Who wants a part of what a process has: a stage of a workspace, in a lane. */
export interface Claimant {
  readonly workspace: string;
  readonly lane: Lane;
}

/**
 * What a process has of something, parted among workspaces (E4). Pure bookkeeping, the same for slots (one each) and tickets (bytes).
 *
 *     |<------------------------ capacity ------------------------>|
 *     | whoever comes                       | reserve, for workspaces |
 *     |                      | realtime     | below their share       |
 *
 * A workspace that has its share, a quarter, may have more only while the reserve, another quarter, is left: alone it comes to three quarters, and
 * whoever comes next finds room at once. The last eighth of whatever somebody may have is for stages that a caller waits for (realtime). Where
 * there is only one of something there is nothing to keep.
 */
export class Shares {
  readonly capacity: number;
  /** What one claimant may weigh at most: a giant counts as a whole share, or it would never have its turn. */
  readonly share: number;
  private readonly reserve: number;
  private readonly realtime: number;
  private total = 0;
  private readonly own = new Map<string, number>();

  constructor(capacity: number) {
    this.capacity = capacity;
    this.share = Math.max(1, Math.floor(capacity / 4));
    this.reserve = capacity > 1 ? this.share : 0;
    this.realtime = Math.floor(capacity / 8);
  }

  get used(): number {
    return this.total;
  }

  usedBy(workspace: string): number {
    return this.own.get(workspace) ?? 0;
  }

  hasRoom({ workspace, lane }: Claimant, weight = 1): boolean {
    const kept = lane === 'realtime' ? 0 : this.realtime;
    const reserve = this.usedBy(workspace) + weight > this.share ? this.reserve : 0;
    return this.total + weight <= this.capacity - kept - reserve;
  }

  /** False, and nothing taken, when there is no room. */
  take(who: Claimant, weight = 1): boolean {
    if (!this.hasRoom(who, weight)) return false;
    this.add(who, weight);
    return true;
  }

  /** What turns out to weigh more than was taken for it: it is there, whether there is room or not, and keeps others out. */
  add({ workspace }: Claimant, weight: number): void {
    this.total += weight;
    this.own.set(workspace, this.usedBy(workspace) + weight);
  }

  release({ workspace }: Claimant, weight = 1): void {
    this.total -= weight;
    const left = this.usedBy(workspace) - weight;
    if (left > 0) this.own.set(workspace, left);
    else this.own.delete(workspace);
  }
}
