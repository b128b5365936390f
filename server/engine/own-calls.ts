import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Descent } from '../../flow/facts/fact.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { below } from './children.ts';
import type { Families } from './families.ts';

/** The header by which a call of ours to ourselves is known again. No item carries it. */
export const calledBy = 'heddle-called-by';

/** A call may start no run: too deep, or one too many. `setting` says how many may be. */
export class Looped extends Error {
  readonly setting: string;

  constructor(message: string, setting: string) {
    super(message);
    this.setting = setting;
  }
}

/**
 * Calls of runs to our own address over HTTP. A run that a webhook starts is nobody's child; but one that another run called counts below that
 * one's top, so that a workflow that calls its own webhook is stopped as one that calls itself is. What goes by way of others is not seen.
 */
export class OwnCalls {
  private readonly hosts: ReadonlySet<string>;
  private readonly key: () => Uint8Array;
  private readonly families: Families;

  /** `addresses`: those under which we answer. The key is asked for at the first call. */
  constructor(options: { addresses: readonly string[]; key: () => Uint8Array; families: Families }) {
    this.hosts = new Set(options.addresses.map((address) => new URL(address).hostname));
    this.key = options.key;
    this.families = options.families;
  }

  /** What is written into a request of a run to an address: nothing, where that is not ours. */
  mark(url: URL, run: string, started: RunState['started']): Readonly<Record<string, string>> {
    // A name with a dot at its end is the same name.
    if (!this.hosts.has(url.hostname.replace(/\.$/, ''))) return {};
    const { top, depth } = below(run, started);
    return { [calledBy]: `${top} ${depth} ${this.seal(top, depth)}` };
  }

  /**
   * Counts a run that a request is about to start below the run that sent it; undefined when none did, and for a word that we did not write. Throws
   * `Looped` when it would be too deep, or one too many.
   */
  async enter(headers: Readonly<Record<string, string | string[] | undefined>>): Promise<Descent | undefined> {
    const descent = this.read(headers[calledBy]);
    if (!descent) return undefined;
    const { most } = this.families;
    if (descent.depth > most.depth)
      throw new Looped(`Workflows call each other over HTTP deeper than ${most.depth} levels.`, 'HEDDLE_RUN_DEPTH');
    if (await this.families.take(descent.top, one))
      throw new Looped(
        'The run that calls, and those before it, have started as many runs as they may.',
        'HEDDLE_RUN_FAMILY',
      );
    return descent;
  }

  /** It started nothing after all. */
  leave(descent: Descent | undefined): void {
    if (descent) this.families.giveBack(descent.top, one);
  }

  private read(sent: string | string[] | undefined): Descent | undefined {
    const [, top, deep, seal] =
      /^(run_[\w-]{1,60}) (\d{1,4}) ([\w-]{43})$/.exec(typeof sent === 'string' ? sent : '') ?? [];
    if (top === undefined || deep === undefined || seal === undefined) return undefined;
    const depth = Number(deep);
    return timingSafeEqual(Buffer.from(seal), Buffer.from(this.seal(top, depth))) ? { top, depth } : undefined;
  }

  private seal(top: string, depth: number): string {
    return createHmac('sha256', this.key())
      .update(JSON.stringify([calledBy, top, depth]))
      .digest('base64url');
  }
}

const one = { runs: 1, items: 1 };
