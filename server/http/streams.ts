import type { ServerResponse } from 'node:http';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { Shares } from '../engine/shares.ts';
import type { Claimant } from '../engine/shares.ts';
import { countedAs } from './caller.ts';
import type { Member } from './caller.ts';
import { whenLeft } from './left-signal.ts';
import { Refusal } from './refusal.ts';

/** How many one person or key may have open in a process. */
const mostOfOne = 100;
/** What may wait in a process for readers that do not take it, all of them together. */
const waitingMost = 64 * 1024 * 1024;
/** When somebody who was refused may ask again. */
const againAfter = 10;

/** A stream that was let in. */
export interface OpenStream {
  /** Counts what waits for its reader now, in bytes. False when all readers together leave more waiting than a process keeps for them. */
  waits(bytes: number): boolean;
}

/**
 * The streams of events that are open in a process: each costs a look at the database every few seconds for as long as somebody holds it open, so
 * that they are counted before anything is done for them. Of a workspace's, as of slots, some are kept for others: keys are free to make.
 */
export class Streams {
  private readonly shares: Shares;
  private readonly own = new Map<string, number>();
  private waiting = 0;

  constructor(most: number, registry?: Registry) {
    this.shares = new Shares(most);
    const { shares } = this;
    if (!registry) return;
    new Gauge({
      name: 'heddle_streams_open',
      help: 'Streams of events that this process has open at this moment.',
      registers: [registry],
      collect() {
        this.set(shares.used);
      },
    });
  }

  /** How many are open. */
  get open(): number {
    return this.shares.used;
  }

  /** Lets one more in, until its reader is gone; throws 429 when there is no room for it. */
  enter(caller: Member, response: ServerResponse): OpenStream {
    const who = countedAs(caller, '');
    const claimant: Claimant = { workspace: caller.workspace, lane: 'realtime' };
    const has = this.own.get(who) ?? 0;
    if (has >= mostOfOne) throw tooManyOfOne(caller);
    if (!this.shares.take(claimant)) throw tooManyInAll();
    this.own.set(who, has + 1);
    let waits = 0;
    let isOpen = true;
    const wait = (bytes: number) => {
      const now = isOpen ? bytes : 0;
      this.waiting += now - waits;
      waits = now;
      return this.waiting <= waitingMost;
    };
    const leave = () => {
      isOpen = false;
      wait(0);
      this.shares.release(claimant);
      const left = (this.own.get(who) ?? 0) - 1;
      if (left > 0) this.own.set(who, left);
      else this.own.delete(who);
    };
    whenLeft(response, leave);
    return { waits: wait };
  }
}

const refused = (message: string, mend: string): Refusal =>
  new Refusal(429, 'too-many', message, { mend, headers: { 'retry-after': String(againAfter) } });

const tooManyOfOne = ({ kind }: Member): Refusal =>
  refused(
    `${kind === 'key' ? 'This key has' : 'You have'} ${mostOfOne} streams open, the most for one ${kind === 'key' ? 'key' : 'person'}.`,
    `Close one, or ask every few seconds instead. Try again in ${againAfter} s.`,
  );

const tooManyInAll = (): Refusal =>
  refused(
    'The server has no room for another stream.',
    `Ask every few seconds instead, or try again in ${againAfter} s. The operator can raise HEDDLE_STREAMS.`,
  );
