import { jsonWeight } from '../../flow/values/json-weight.ts';
import type { ChildEnd, Ledger } from '../journal/ledger.ts';
import type { Actor } from './actor.ts';

/** What a run may still record, in bytes: no more can come back of the runs that it calls. */
export const roomOf = ({ around: { limits }, spent }: Actor): number => Math.max(0, limits.journalBytes - spent.bytes);

/** The end of a child in place of its output, for which the run that called it has no room. */
export const tooLarge = (run: string, most: number): ChildEnd => ({
  run,
  status: 'failed',
  output: [],
  error: `What came back of this and the runs before it is more than the run that called them may still record (${Math.round(most / 1024 / 1024)} MB). Have them give back less, write files, or have the operator raise HEDDLE_RUN_JOURNAL.`,
});

/** The ends of a call's children as they come in: outputs are kept as long as there is room for them. */
export class Outputs {
  private readonly most: number;
  private left: number;

  constructor(most: number) {
    this.most = most;
    this.left = most;
  }

  /** Whether there is room for so much more; it is taken. */
  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }

  /** The end, or what says that there was no room for its output. */
  kept(end: ChildEnd): ChildEnd {
    if (end.output.length === 0) return end;
    const bytes = jsonWeight(end.output, this.left);
    return this.take(bytes) ? end : tooLarge(end.run, this.most);
  }
}

/**
 * The ends of children that are all over, and what the outputs that fit weigh together: those are to be read. Nothing when one of the children is
 * still under way.
 */
export async function weighedEnds(ledger: Ledger, runs: readonly string[], most: number) {
  const ends = await ledger.weighEnds(runs);
  if (ends.size < runs.length) return undefined;
  const outputs = new Outputs(most);
  let bytes = 0;
  const fits = new Set<string>();
  for (const run of runs) {
    const end = ends.get(run);
    if (end?.status !== 'finished' || !outputs.take(end.bytes)) continue;
    fits.add(run);
    bytes += end.bytes;
  }
  const read = async (): Promise<ChildEnd[]> => {
    const found = await ledger.readOutputs([...fits]);
    return runs.map((run) => {
      const { status, error } = ends.get(run)!;
      if (status === 'finished' && !fits.has(run)) return tooLarge(run, most);
      return { run, status, output: found.get(run) ?? [], ...(error === undefined ? {} : { error }) };
    });
  };
  return { bytes, read };
}
