import { fromWire } from '../../flow/contract/run-facts.ts';
import type { RunFactsFrame } from '../../flow/contract/run-facts.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { RunFold } from '../../flow/facts/run-fold.ts';
import type { Waits } from '../../flow/facts/waits.ts';
import { serverFacts } from './facts.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import type { FactSource } from './facts.ts';
import type { RunStep } from './run-shapes.ts';
import type { Run } from '../../flow/contract/run.ts';
import { isOver } from './run-over.ts';
import type { Hearing } from './stream.ts';

/** What is known of a run at a moment. */
export interface Seen {
  readonly run: Run;
  readonly steps: readonly RunStep[];
  readonly facts: readonly StoredFact[];
  readonly waits: Waits | undefined;
  /** How far its facts are read, while there are more: of all, so many. */
  readonly reading?: { readonly of: number; readonly read: number };
}

/** Who looks at a run. */
export interface Looker {
  readonly tell: (seen: Seen) => void;
  /** How the stream of its facts stands. */
  readonly stand?: (hearing: Hearing) => void;
  readonly signal: AbortSignal;
  readonly source?: FactSource;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Stretches that are asked for at a time: one is read while another is folded. */
const abreast = 3;
/** What comes in a burst is shown together: so long after it was shown, or ten times as long as that took. */
const gatherMs = 50;

/**
 * Shows a run and keeps it true until it is over: its facts are read, folded here, and then heard as they come; what a stream that broke did not
 * tell is asked for. Throws what the server said when the run cannot be read to begin with.
 */
export async function followRun(id: string, looker: Looker): Promise<void> {
  const { signal, source = serverFacts, stand } = looker;
  const live = new LiveRun(id, looker);
  await live.read();
  if (signal.aborted) return;
  if (live.isOver) return stand?.('over');
  const found = new AbortController();
  await source.hear(id, () => live.seq, {
    signal: AbortSignal.any([signal, found.signal]),
    ...(looker.pause ? { pause: looker.pause } : {}),
    tell: (facts) => live.hear(facts),
    stand: (hearing) => {
      stand?.(hearing);
      // Where no stream comes through, what has happened is asked for whenever it is said.
      if (hearing === 'broken' || hearing === 'full')
        live.catchUp(() => {
          if (live.isOver) found.abort();
        });
    },
  });
  if (found.signal.aborted && !signal.aborted) stand?.('over');
}

class LiveRun {
  private readonly id: string;
  private readonly looker: Looker;
  private readonly source: FactSource;
  private head: Run | undefined;
  private fold: RunFold | undefined;
  private beginning: Promise<Plan> | undefined;
  private upTo = 0;
  private isReading = false;
  /** Whether all was once folded that there was. */
  private wasWhole = false;
  private mustReadAgain = false;
  private shownAt = 0;
  private tookMs = 0;
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string, looker: Looker) {
    this.id = id;
    this.looker = looker;
    this.source = looker.source ?? serverFacts;
  }

  get seq(): number {
    return this.fold?.seq ?? 0;
  }

  get isOver(): boolean {
    return this.fold !== undefined && isOver(this.fold.run());
  }

  /** Reads what there is after what is folded. */
  async read(): Promise<void> {
    this.isReading = true;
    try {
      const from = this.seq;
      const first = await this.ask(from);
      const size = first.facts.length;
      const starts: number[] = [];
      for (let after = from + size; size > 0 && after < first.upTo; after += size) starts.push(after);
      const lane = async () => {
        for (let after = starts.shift(); after !== undefined; after = starts.shift())
          await this.lay(await this.ask(after));
      };
      await Promise.all([this.lay(first), ...Array.from({ length: abreast }, lane)]);
      // A stretch may have held less than the first did.
      while (this.seq < this.upTo && !this.looker.signal.aborted) await this.lay(await this.ask(this.seq));
    } finally {
      this.isReading = false;
    }
    this.show();
    if (!this.mustReadAgain) return;
    this.mustReadAgain = false;
    await this.read();
  }

  /** Reads what is missing, if that can be. */
  catchUp(caughtUp: () => void = () => undefined): void {
    if (this.isReading) this.mustReadAgain = true;
    else this.read().then(caughtUp, () => undefined);
  }

  /** Takes what the stream told. */
  hear(facts: readonly StoredFact[]): void {
    this.fold?.take(facts);
    // Its plan is not known before it began; and a stream tells without a gap, unless something between lost a part.
    if (!this.fold || this.fold.hasGap) this.catchUp();
    else this.soon();
  }

  private async ask(after: number): Promise<RunFactsFrame> {
    const stretch = await this.source.stretch(this.id, after, this.looker.signal);
    this.head = stretch.run;
    this.upTo = Math.max(this.upTo, stretch.upTo);
    return stretch;
  }

  private async lay({ plan, facts }: RunFactsFrame): Promise<void> {
    if (plan !== null && !this.fold) await this.begin(plan);
    this.fold?.take(facts.map(fromWire));
    this.soon();
  }

  /** Its plan is asked for once, whoever waits for it. */
  private async begin(plan: string): Promise<void> {
    this.beginning ??= this.source.plan(plan, this.looker.signal);
    try {
      this.fold ??= new RunFold(this.id, await this.beginning);
    } finally {
      this.beginning = undefined;
    }
  }

  private soon(): void {
    const wait = this.shownAt + Math.max(gatherMs, 10 * this.tookMs) - performance.now();
    if (wait <= 0) this.show();
    else this.later ??= setTimeout(() => this.show(), wait);
  }

  private show(): void {
    clearTimeout(this.later);
    this.later = undefined;
    if (this.looker.signal.aborted || !this.head) return;
    const began = performance.now();
    this.looker.tell(this.seen(this.head));
    this.shownAt = performance.now();
    this.tookMs = this.shownAt - began;
  }

  private seen(head: Run): Seen {
    const { fold } = this;
    this.wasWhole ||= fold !== undefined && this.seq >= this.upTo;
    // What is folded half-way would show as under way what is over.
    if (!fold || !this.wasWhole)
      return {
        run: head,
        steps: [],
        facts: [],
        waits: undefined,
        ...(fold ? { reading: { of: this.upTo, read: this.seq } } : {}),
      };
    const { needs, ...run } = fold.run();
    return {
      run: { ...head, ...run, error: run.error, needs: needs.map((need) => ({ ...need })) },
      steps: fold.steps(),
      facts: [...fold.facts],
      waits: fold.waits,
    };
  }
}
