import { Pass, ticketWeight } from './pass.ts';
import { Shares } from './shares.ts';
import { Slots } from './slots.ts';
import type { Claimant } from './shares.ts';
import type { Wanted } from './surroundings.ts';

export interface RoomOptions {
  /** Stages that compute at once; at 0 none is carried out in place. */
  readonly slots: number;
  /** How many lanes may bring at once: there is a slot for each even where fewer are carried out in place. */
  readonly fromLanes: number;
  /** What stages that wait for something outside may weigh together. */
  readonly ticketBytes: number;
  readonly mayRunCode: boolean;
  /** One that held a ticket is over. */
  readonly onTicketBack: (workspace: string) => void;
}

/** How much larger a run's JSON is in memory. */
const inMemory = 3;

/** The room that a process has for stages (E4): who computes, who waits, and how much of both there may be. */
export class Room {
  private readonly options: RoomOptions;
  private readonly slots: Slots;
  private readonly tickets: Shares;
  private passes = 0;

  constructor(options: RoomOptions) {
    this.options = options;
    this.slots = new Slots(Math.max(1, options.slots, options.fromLanes));
    this.tickets = new Shares(options.ticketBytes);
  }

  /** Stages in it, those that are away too. */
  get carrying(): number {
    return this.passes;
  }

  /** How many of them compute. */
  get computing(): number {
    return this.slots.used;
  }

  /** What those that may wait weigh. */
  get waitingBytes(): number {
    return this.tickets.used;
  }

  /** Whether there is a ticket for it, where it needs one. */
  mayWait(workspace: string, wanted: Wanted): boolean {
    const weight = this.weightOf(wanted);
    return weight === 0 || this.tickets.hasRoom({ workspace, lane: wanted.lane }, weight);
  }

  /** In place, at once or not at all. */
  enter(workspace: string, wanted: Wanted): Pass | undefined {
    const { slots: most, mayRunCode } = this.options;
    if (this.slots.used >= most || (wanted.code && !mayRunCode)) return undefined;
    const who = { workspace, lane: wanted.lane };
    const weight = this.weightOf(wanted);
    if (!this.takeTicket(who, weight)) return undefined;
    if (this.slots.take(who)) return this.open(who, weight);
    if (weight > 0) this.tickets.release(who, weight);
    return undefined;
  }

  /** For what a lane brings: its slot comes in turn. Undefined when too much of its workspace waits here already. */
  async inTurn(workspace: string, wanted: Wanted): Promise<Pass | undefined> {
    const who = { workspace, lane: wanted.lane };
    const weight = this.weightOf(wanted);
    if (!this.takeTicket(who, weight)) return undefined;
    await this.slots.queue(who)?.granted;
    return this.open(who, weight);
  }

  private takeTicket(who: Claimant, weight: number): boolean {
    return weight === 0 || this.tickets.take(who, weight);
  }

  private open(who: Claimant, weight: number): Pass {
    this.passes++;
    return new Pass(
      { slots: this.slots, tickets: this.tickets },
      who,
      weight,
      () => void this.passes--,
      () => this.options.onTicketBack(who.workspace),
    );
  }

  private weightOf({ mayLeave, bytes }: Wanted): number {
    return mayLeave ? ticketWeight(this.tickets, bytes * inMemory) : 0;
  }
}
