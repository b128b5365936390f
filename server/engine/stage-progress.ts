import type { NodeRecord } from '../../flow/facts/fact.ts';
import type { Call } from './carry-node.ts';
import type { Carriage } from './carriage.ts';

/** A node is told of once it has been at work for so long; milliseconds. */
const tellMs = 1_000;

/**
 * Tells at which node a stage of several has been for a while, so that whoever looks sees that one at work and what came before it done: the facts
 * of a stage come when it ends, and until then it would seem to be at its first node.
 */
export class StageProgress {
  private readonly carriage: Carriage;
  private readonly told = new WeakSet<NodeRecord>();
  /** Where it was last said that the stage is. */
  private at: string;

  constructor(carriage: Carriage) {
    this.carriage = carriage;
    this.at = placeOf(carriage.stage.nodes[0]!, carriage.path);
  }

  /** Waits for the work of a node at a path; `before` gives what the nodes before it delivered there. */
  async whileAt<Result>(
    { node: { key }, path }: Pick<Call, 'node' | 'path'>,
    work: Promise<Result>,
    before: () => readonly NodeRecord[],
  ): Promise<Result> {
    if (placeOf(key, path) === this.at) return work;
    const began = this.carriage.clock();
    let telling: Promise<void> | undefined;
    const timer = setTimeout(() => {
      telling = this.tell(key, path, began, before());
      // Whoever waits below hears of it; until then it is nobody's.
      telling.catch(() => undefined);
    }, tellMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      if (telling) await telling;
    }
  }

  private tell(node: string, turn: string, began: number, before: readonly NodeRecord[]): Promise<void> {
    const { stage, path, clock, append } = this.carriage;
    const nodes = before.filter((record) => !this.told.has(record));
    for (const record of nodes) this.told.add(record);
    this.at = placeOf(node, turn);
    const at = clock();
    const data = { stage: stage.id, path, node, ...(turn === path ? {} : { turn }), ms: at - began, nodes };
    return append([{ type: 'stage.progressed', at, data }]);
  }
}

const placeOf = (key: string, path: string): string => `${key}@${path}`;
