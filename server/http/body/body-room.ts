import { networkOf, placeOf } from '../place.ts';
import { tooMany } from '../too-many.ts';

/** Bodies up to this size do not count: what they may hold together is bounded by how many connections there are. */
export const countedFrom = 64 * 1024;

/** Who sends a body, as far as is known before it is read. */
export interface Sender {
  /** The workspace that it is for, or that its sender belongs to. */
  readonly workspace: string;
  /** The trigger that it is for, or the person or key that sends it. */
  readonly door: string;
  /** The address that it comes from. */
  readonly address?: string;
}

/** What one large body holds of the room, until it is let go. */
export interface Held {
  /** It has grown to so many bytes. Throws 429 with Retry-After when all bodies together, or those of its sender, would be more than there is room for. */
  grow(bytes: number): void;
  letGo(): void;
}

/** Those whom a body counts for, and what they may have. */
interface Bound {
  readonly name: string;
  readonly most: number;
  /** Beyond that they may have more only while a quarter of the room is left for others. */
  readonly share?: number;
}

/**
 * The bytes of all large bodies that a process may be reading and parsing at one moment. One trigger, person or key has half of it at most, one
 * workspace three quarters: what fills the one leaves room for others. Who sends is no more than a place: one (`placeOf`) that has a quarter gets more
 * only while another quarter is left, and one network (`networkOf`) has three quarters, whatever workspaces and triggers it sends to.
 */
export class BodyRoom {
  private readonly held = new Map<string, number>();
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** A place for one body, empty yet. */
  enter(sender?: Sender): Held {
    let bounds: readonly Bound[] | undefined;
    let mine = 0;
    const add = (bytes: number) => {
      mine += bytes;
      for (const { name } of bounds ?? []) this.add(name, bytes);
    };
    return {
      grow: (bytes) => {
        if (bytes <= countedFrom) return;
        bounds ??= this.boundsOf(sender);
        const more = bytes - mine;
        if (bounds.some((bound) => !this.hasRoom(bound, more))) throw tooMany(2);
        add(more);
      },
      letGo: () => add(-mine),
    };
  }

  private hasRoom({ name, most, share = most }: Bound, more: number): boolean {
    const wanted = this.heldBy(name) + more;
    if (wanted > most) return false;
    return wanted <= share || this.heldBy(everybody) + more <= (this.most * 3) / 4;
  }

  private boundsOf(sender: Sender | undefined): readonly Bound[] {
    const all = { name: everybody, most: this.most };
    if (!sender) return [all];
    const { workspace, door, address } = sender;
    const byTarget = [
      all,
      { name: `workspace ${workspace}`, most: (this.most * 3) / 4 },
      { name: `door ${workspace} ${door}`, most: this.most / 2 },
    ];
    if (address === undefined) return byTarget;
    return [
      ...byTarget,
      { name: `network ${networkOf(address)}`, most: (this.most * 3) / 4 },
      { name: `place ${placeOf(address)}`, most: this.most, share: this.most / 4 },
    ];
  }

  private heldBy(name: string): number {
    return this.held.get(name) ?? 0;
  }

  private add(name: string, bytes: number): void {
    const now = this.heldBy(name) + bytes;
    if (now > 0) this.held.set(name, now);
    else this.held.delete(name);
  }
}

const everybody = 'all';

/** The room of this process: one parses some twenty times a body's bytes at worst, so that 64 MB may become a gigabyte. */
export const bodyRoom = new BodyRoom(64 * 1024 * 1024);
