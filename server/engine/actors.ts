import type { Actor } from './actor.ts';
import { Idle } from './idle.ts';

/** Where runs come from that are not in memory. */
export interface Source {
  /** The run as it is stored now, in an actor of its own. */
  readonly read: (run: string) => Promise<Actor>;
  /** Whether the journal has more of a run than so many facts. */
  readonly hasMore: (run: string, seq: number) => Promise<boolean>;
}

/** What idle runs may weigh together, as JSON: in memory they are some three times as large. */
const idleBytes = 32 * 1024 * 1024;
/** How a stage stands is in memory whether the journal says anything of it or not. */
const stageBytes = 128;

const weightOf = ({ spent, plan }: Actor): number => Math.max(spent.bytes, stageBytes * plan.stages.length);

/**
 * The runs that this process has in memory, one actor each: those at work, and of the others the ones used last, as many as may weigh that much.
 * What is only read counts as well: it is kept, so that a child's end or a short timer need not read the run again.
 */
export class Actors {
  private readonly source: Source;
  private readonly byRun = new Map<string, Actor>();
  private readonly idle: Idle<Actor>;
  private readonly starting = new Map<string, Promise<void>>();
  private readonly reading = new Map<string, Promise<unknown>>();

  constructor(source: Source, most = idleBytes) {
    this.source = source;
    this.idle = new Idle(most);
  }

  /** The run, if it is in memory. */
  known(run: string): Actor | undefined {
    return this.byRun.get(run);
  }

  /** Has a run that is being started; nothing is left of one whose start is refused. */
  async begin(actor: Actor, started: Promise<void>): Promise<void> {
    const { run } = actor;
    this.starting.set(run, started);
    this.byRun.set(run, actor);
    try {
      await started;
    } catch (error) {
      this.byRun.delete(run);
      throw error;
    } finally {
      this.starting.delete(run);
    }
  }

  /** The run, read from the journal unless what is held is at least as new; `Infinity` asks for what is stored now. */
  async find(run: string, seq: number): Promise<Actor> {
    // A start that is refused leaves nothing, and who came meanwhile must not get hold of it.
    await this.starting.get(run)?.catch(() => undefined);
    // One reads a run at a time: a hundred who ask for a large one together hold it once, and not a hundred times.
    const reading = this.reading.get(run);
    if (reading) return reading.catch(() => undefined).then(() => this.find(run, seq));
    const known = this.byRun.get(run);
    if (known && known.state.seq >= seq) return known;
    if (known && !known.isIdle) {
      // It holds a stage, so it must stay the one: an append of nothing makes it read what others have appended.
      await known.append([]);
      return known;
    }
    const made = this.readAnew(run, seq, known);
    this.reading.set(run, made);
    try {
      const found = await made;
      if (typeof found !== 'number') return found;
      seq = found;
    } finally {
      this.reading.delete(run);
    }
    return this.find(run, seq);
  }

  /** The number of the fact to look for in who is there instead: meanwhile the run was begun, or is at work again. */
  private async readAnew(run: string, seq: number, known: Actor | undefined): Promise<Actor | number> {
    if (known && seq === Infinity && !known.lost) {
      const held = known.state.seq;
      if (!(await this.source.hasMore(run, held)) && this.byRun.get(run) === known) return known;
    }
    const actor = await this.source.read(run);
    const again = this.byRun.get(run);
    if (again && again !== known) return Math.min(seq, actor.state.seq);
    if (again && !again.isIdle) return actor.state.seq;
    if (again) this.forget(again);
    this.byRun.set(run, actor);
    this.trim(actor);
    return actor;
  }

  /** A stage of it is held: whatever else is read meanwhile, it stays. */
  hold(actor: Actor): void {
    this.idle.remove(actor);
    if (!this.byRun.has(actor.run)) this.byRun.set(actor.run, actor);
  }

  /** What is over, or is not what it was, is read again when it is asked for; of idle ones those used last are kept. */
  trim(actor: Actor): void {
    if (this.byRun.get(actor.run) !== actor) return;
    if (actor.isOver || (actor.lost && actor.isIdle)) this.forget(actor);
    else if (actor.isIdle) for (const oldest of this.idle.add(actor, weightOf(actor))) this.byRun.delete(oldest.run);
    else this.idle.remove(actor);
  }

  forget(actor: Actor): void {
    this.idle.remove(actor);
    if (this.byRun.get(actor.run) === actor) this.byRun.delete(actor.run);
  }
}
