import { tooMany } from '../too-many.ts';

/** Bodies up to this size do not count: what they may hold together is bounded by how many connections there are. */
const countedFrom = 64 * 1024;

/** What one large body holds of the room, until it is let go. */
export interface Held {
  /** It has grown to so many bytes. Throws 429 with Retry-After when all bodies together would be more than there is room for. */
  grow(bytes: number): void;
  letGo(): void;
}

/** The bytes of all large bodies that a process may be reading and parsing at one moment. */
export class BodyRoom {
  private held = 0;
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** A place for one body, empty yet. */
  enter(): Held {
    let mine = 0;
    return {
      grow: (bytes) => {
        if (bytes <= countedFrom) return;
        if (this.held + bytes - mine > this.most) throw tooMany(2);
        this.held += bytes - mine;
        mine = bytes;
      },
      letGo: () => {
        this.held -= mine;
        mine = 0;
      },
    };
  }
}

/** The room of this process: one parses some twenty times a body's bytes at worst, so that 64 MB may become a gigabyte. */
export const bodyRoom = new BodyRoom(64 * 1024 * 1024);
