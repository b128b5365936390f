import type { Shares, Claimant } from './shares.ts';
import { roomyTurn } from '../text/turns.ts';
import type { Slots, Waiter } from './slots.ts';

/** What passes are made of (E4). */
interface Stocks {
  /** For those that compute. */
  readonly slots: Slots;
  /** In bytes, for those that may go away. */
  readonly tickets: Shares;
}

/** What a stage that is away costs before its data: a socket with its buffers, promises, a timer. */
const awayBytes = 64 * 1024;

/** What a ticket weighs for so much of data in memory: a workspace's share at most. */
export const ticketWeight = (tickets: Shares, bytes: number): number => Math.min(tickets.share, awayBytes + bytes);

/**
 * What one claim holds of its process: a slot while something of it computes, and a ticket, from its beginning, if it may go away.
 *
 *     in ──── computes (slot) ──── away (ticket only) ──── comes back: queues for a slot ──── computes ──── closed
 *
 * A stage may do several things side by side (the items of a window): each is a strand, and the slot is given back when all of them are away.
 * Whatever its strands do, a closed pass holds nothing.
 */
export class Pass {
  /** Told when the stage is away for the first time: its lane need not wait for it any longer. */
  onAway: (() => void) | undefined;
  private readonly room: Stocks;
  private readonly who: Claimant;
  private weight: number;
  private readonly onClose: () => void;
  private readonly onTicketBack: () => void;
  private strands = 1;
  private hasSlot = true;
  private isClosed = false;
  private waiter: Waiter | undefined;

  /** The slot, and the ticket of that weight, were taken for it. */
  constructor(room: Stocks, who: Claimant, weight: number, onClose: () => void, onTicketBack: () => void = () => {}) {
    this.room = room;
    this.who = who;
    this.weight = weight;
    this.onClose = onClose;
    this.onTicketBack = onTicketBack;
  }

  /** Waits for something that does not compute here: the slot is another's meanwhile. */
  async away<Value>(wait: () => Promise<Value>): Promise<Value> {
    this.leave();
    this.onAway?.();
    this.onAway = undefined;
    try {
      return await wait();
    } finally {
      const queued = this.comeBack();
      if (queued) await queued;
    }
  }

  /**
   * Another process does its work. It has no ticket where nobody knew that it would leave: it takes one of that weight and is away; where there is no
   * room for it, it waits with its slot in hand, so that no more of its kind come than there is room for.
   */
  async elsewhere<Value>(bytes: number, work: () => Promise<Value>): Promise<Value> {
    const { tickets } = this.room;
    const weight = this.weight > 0 ? 0 : ticketWeight(tickets, bytes);
    if (weight > 0 && (this.isClosed || !tickets.take(this.who, weight))) return work();
    this.weight += weight;
    try {
      return await this.away(work);
    } finally {
      if (weight > 0 && !this.isClosed) this.giveBack();
    }
  }

  private giveBack(): void {
    this.room.tickets.release(this.who, this.weight);
    this.weight = 0;
    this.onTicketBack();
  }

  /** Something came in while it was away, and stays in memory as long as it: a ticket weighs that too, a share at most. */
  keeps(bytes: number): void {
    if (this.isClosed || this.weight === 0) return;
    const more = Math.min(bytes, this.room.tickets.share - this.weight);
    if (more <= 0) return;
    this.weight += more;
    this.room.tickets.add(this.who, more);
  }

  /** Does several things side by side; one that is over, or away, needs no slot while others wait for their answers. */
  async sideBySide(all: readonly (() => Promise<void>)[]): Promise<void> {
    this.strands += all.length;
    this.leave();
    try {
      await Promise.all(all.map((one) => one().finally(() => this.leave())));
    } finally {
      const queued = this.comeBack();
      if (queued) await queued;
    }
  }

  /** One that has computed for a while lets those that queue go first. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    // All that rest go on in one turn, one after the other, as far as there is room in it.
    const later = roomyTurn();
    if (later) await later;
    if (this.isClosed || this.room.slots.waiting === 0) return;
    this.leave();
    const queued = this.comeBack();
    if (queued) await queued;
  }

  /** The claim is over. Whoever queues goes on, to find that. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { slots } = this.room;
    if (this.waiter && !slots.leave(this.waiter)) this.hasSlot = true;
    if (this.hasSlot) slots.release(this.who);
    this.hasSlot = false;
    this.onClose();
    if (this.weight > 0) this.giveBack();
  }

  private leave(): void {
    this.strands = Math.max(0, this.strands - 1);
    if (this.strands > 0 || !this.hasSlot) return;
    this.hasSlot = false;
    this.room.slots.release(this.who);
  }

  /** Undefined when there is nothing to wait for. */
  private comeBack(): Promise<void> | undefined {
    this.strands++;
    if (this.hasSlot || this.isClosed) return undefined;
    if (!this.waiter) {
      const waiter = this.room.slots.queue(this.who);
      if (!waiter) {
        this.hasSlot = true;
        return undefined;
      }
      this.waiter = waiter;
      void waiter.granted.then(() => {
        if (this.waiter !== waiter || this.isClosed) return;
        this.waiter = undefined;
        this.hasSlot = true;
      });
    }
    return this.waiter.granted;
  }
}
