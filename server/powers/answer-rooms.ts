import { Slots } from '../engine/slots.ts';
import type { Claimant } from '../engine/shares.ts';
import type { AnswerRoom } from '../wire/exchange.ts';

const kB = 1024;
const MB = 1024 * kB;

/** An answer of so many bytes asks for no room: it counts with the stage that waits for it. */
const free = 256 * kB;

/** Up to how many bytes an answer is in each room, and how many the room has for all. */
const sizes = [
  { upTo: MB, bytes: 64 * MB },
  { upTo: 10 * MB, bytes: 160 * MB },
  { upTo: Number.POSITIVE_INFINITY, bytes: 320 * MB },
] as const;

/**
 * The memory that a process has for answers while they are read, parted among workspaces: a service that answers much and slowly, to many at once,
 * would otherwise fill it. An answer whose length is not announced goes from a small room to a larger one, and leaves the small one when it is in:
 * whoever waits in the largest waits for nobody who waits.
 */
export class AnswerRooms {
  private readonly rooms: readonly { readonly upTo: number; readonly slots: Slots }[];

  constructor(share = 1) {
    this.rooms = sizes.map(({ upTo, bytes }) => ({ upTo, slots: new Slots(Math.floor(bytes * share)) }));
  }

  /** Bytes that answers have at this moment. */
  get used(): number {
    return this.rooms.reduce((sum, { slots }) => sum + slots.used, 0);
  }

  of(who: Claimant): AnswerRoom {
    return {
      free,
      enter: async ({ bytes, isAll, most }) => {
        const { upTo, slots } = this.rooms.find((room) => bytes <= room.upTo) ?? this.rooms.at(-1)!;
        const may = isAll ? bytes : Math.min(upTo, most);
        const weight = Math.max(1, Math.min(may, slots.share));
        await slots.queue(who, weight)?.granted;
        let isHeld = true;
        return {
          bytes: may,
          letGo: () => {
            if (isHeld) slots.release(who, weight);
            isHeld = false;
          },
        };
      },
    };
  }
}
