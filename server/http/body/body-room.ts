import { tooMany } from '../too-many.ts';

/** Bodies up to this size do not count: what they may hold together is bounded by how many connections there are. */
export const countedFrom = 64 * 1024;

/** Who sends a body, as far as is known before it is read. */
export interface Sender {
  /** The workspace that it is for, or that its sender belongs to. */
  readonly workspace: string;
  /** The trigger that it is for, or the person or key that sends it. */
  readonly door: string;
}

/** What one large body holds of the room, until it is let go. */
export interface Held {
  /** It has grown to so many bytes. Throws 429 with Retry-After when all bodies together, or those of its sender, would be more than there is room for. */
  grow(bytes: number): void;
  letGo(): void;
}

/**
 * The bytes of all large bodies that a process may be reading and parsing at one moment. One trigger, person or key has half of it at most, and one
 * workspace three quarters: what fills the one leaves room for others.
 */
export class BodyRoom {
  private readonly held = new Map<string, number>();
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** A place for one body, empty yet. */
  enter(sender?: Sender): Held {
    const bounds = this.boundsOf(sender);
    let mine = 0;
    const add = (bytes: number) => {
      mine += bytes;
      for (const { name } of bounds) this.add(name, bytes);
    };
    return {
      grow: (bytes) => {
        if (bytes <= countedFrom) return;
        const more = bytes - mine;
        if (bounds.some(({ name, most }) => (this.held.get(name) ?? 0) + more > most)) throw tooMany(2);
        add(more);
      },
      letGo: () => add(-mine),
    };
  }

  private boundsOf(sender: Sender | undefined): { name: string; most: number }[] {
    const all = { name: 'all', most: this.most };
    if (!sender) return [all];
    const { workspace, door } = sender;
    return [
      all,
      { name: `workspace ${workspace}`, most: (this.most * 3) / 4 },
      { name: `door ${workspace} ${door}`, most: this.most / 2 },
    ];
  }

  private add(name: string, bytes: number): void {
    const now = (this.held.get(name) ?? 0) + bytes;
    if (now > 0) this.held.set(name, now);
    else this.held.delete(name);
  }
}

/** The room of this process: one parses some twenty times a body's bytes at worst, so that 64 MB may become a gigabyte. */
export const bodyRoom = new BodyRoom(64 * 1024 * 1024);
