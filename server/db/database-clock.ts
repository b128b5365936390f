import type { Sql } from 'postgres';

/** Where a clock reads from; others in tests. Epoch milliseconds, but `steady`: milliseconds that never jump. */
interface Sources {
  /** The database's clock. */
  readonly read: () => Promise<number>;
  /** This machine's. */
  readonly wall?: () => number;
  readonly steady?: () => number;
  /** Told when this machine's clock is found to be off, by so much, and with 0 when it no longer is. */
  readonly onOff?: (offMs: number) => void;
}

/** A difference that is told of: whoever looks at logs and lists would wonder. */
const tellMs = 5_000;
/** What a read is off by however quick it was. */
const graceMs = 20;
/** A machine that slept, or whose clock was set, shows it by so much: its steady clock is worth nothing until it is read again. */
const jumpMs = 1_000;
const readsAtOnce = 3;

/**
 * The time as the database has it, by which everything is due: processes whose machines disagree would wait for hours, or fire what is still to
 * come. Between two reads it goes on by a clock that nobody can set.
 */
export class DatabaseClock {
  private readonly sources: Required<Sources>;
  /** What is added to the steady clock. */
  private zero: number;
  /** The wall clock against the steady one, as it was when it was looked at last. */
  private gap: number;
  private told = 0;
  private isRead = false;

  constructor({ wall = Date.now, steady = () => performance.now(), onOff = () => undefined, ...sources }: Sources) {
    this.sources = { wall, steady, onOff, ...sources };
    this.gap = wall() - steady();
    this.zero = this.gap;
  }

  /** Epoch milliseconds. */
  readonly now = (): number => Math.floor(this.zero + this.sources.steady());

  /** How far this machine's clock is ahead of the database's, in milliseconds; negative when it is behind. */
  get off(): number {
    return Math.round(this.sources.wall() - this.sources.steady() - this.zero);
  }

  /** Whether the time is known: it was read since this process began, and since its machine slept or was set. */
  get isKnown(): boolean {
    return this.isRead && !this.hasJumped;
  }

  /** Whether the machine slept, or its clock was set, since the time was read. */
  get hasJumped(): boolean {
    const { wall, steady } = this.sources;
    return Math.abs(wall() - steady() - this.gap) > jumpMs;
  }

  /** Reads the database's clock, and goes by it. The quickest of some reads counts: half of what it took is all that it can be off. */
  async sync(): Promise<void> {
    const { read, wall, steady, onOff } = this.sources;
    let best = { zero: 0, tookMs: Number.POSITIVE_INFINITY };
    for (let n = 0; n < readsAtOnce; n++) {
      const began = steady();
      const at = await read();
      const tookMs = steady() - began;
      if (tookMs < best.tookMs) best = { zero: at - began - tookMs / 2, tookMs };
    }
    // What a read may be off by moves nothing: the time would go to and fro.
    if (!this.isRead || Math.abs(best.zero - this.zero) > best.tookMs / 2 + graceMs) this.zero = best.zero;
    this.isRead = true;
    this.gap = wall() - steady();
    const off = Math.abs(this.off) > tellMs ? this.off : 0;
    if (Math.abs(off - this.told) <= tellMs && (off === 0) === (this.told === 0)) return;
    this.told = off;
    onOff(off);
  }
}

/** Where it is said that a clock is off. */
interface Log {
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
}

/** The time of a database, read. */
export async function openClock(sql: Sql, log: Log): Promise<DatabaseClock> {
  const time = new DatabaseClock({
    read: async () => {
      const [row] = await sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as at`;
      return Number(row?.['at']);
    },
    onOff: (offMs) => {
      if (offMs === 0) return log.info({}, 'the clock of this machine agrees with the database again');
      const off = `${Math.abs(Math.round(offMs / 1_000))} s ${offMs > 0 ? 'ahead of' : 'behind'} the database's`;
      log.warn(
        { offMs },
        `the clock of this machine is ${off}: everything is due by the database's. Set it right (NTP)`,
      );
    },
  });
  await time.sync();
  return time;
}
