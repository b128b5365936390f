import { LRUCache } from 'lru-cache';
import type { Plan, PlanNode } from '../../flow/compile/plan.ts';
import { bytesACharacter, codeLength } from '../../flow/expression/code-length.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { prepare } from '../../nodes/kit/perform.ts';
import type { Prepared } from '../../nodes/kit/perform.ts';
import type { Carriage } from './carriage.ts';

/** Finds the definition that a plan of a workspace pinned; undefined when nobody has it. At once for nodes without a content hash. */
export type FindDefinition = (
  workspace: string,
  node: Pick<PlanNode, 'type' | 'version' | 'content'>,
  signal: AbortSignal,
) => AnyNode | undefined | Promise<AnyNode | undefined>;

/** A plan of a workspace whose stages are carried out. */
interface PlanPlace {
  readonly workspace: string;
  readonly plan: Plan;
}

/** So many, and so many characters of params and bytes of what is made of expressions, at most. */
const bounds = { max: 20_000, maxSize: 64 * 1024 * 1024 };

/** Nodes of plans made ready to be carried out, once for each plan. */
export class PreparedNodes {
  private readonly find: FindDefinition;
  private readonly kept = new LRUCache<string, Prepared>(bounds);

  constructor(find: FindDefinition) {
    this.find = find;
  }

  /** The nodes of one plan, for as long as one of its stages is carried out. */
  of(place: PlanPlace, signal: AbortSignal): Pick<Carriage, 'prepared' | 'whenPrepared'> {
    // Held by the stage itself: what is kept for all may be let go meanwhile.
    let fetched: ReadonlyMap<string, Prepared> | undefined;
    const { nodes } = place.plan;
    return {
      prepared: (node) => fetched?.get(node.key) ?? this.atHand(place, node, signal),
      whenPrepared: (keys) => {
        // Asked for each stage: most have none.
        if (keys.every((key) => nodes[key]?.content === undefined)) return undefined;
        return this.fetch(place, keys, signal).then((made) => void (fetched = made));
      },
    };
  }

  private atHand(place: PlanPlace, node: PlanNode, signal: AbortSignal): Prepared | undefined {
    if (node.content !== undefined) return undefined;
    const name = nameOf(place, node);
    const known = this.kept.get(name);
    if (known) return known;
    const found = this.find(place.workspace, node, signal);
    if (found instanceof Promise) throw new Error(`${node.type} has no content hash and is not at hand.`);
    return found && this.keep(name, node, prepare(found, node.params, place.plan.engine));
  }

  private async fetch(
    place: PlanPlace,
    keys: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Prepared>> {
    const into = new Map<string, Prepared>();
    for (const key of keys) {
      const node = place.plan.nodes[key];
      if (node?.content === undefined) continue;
      const name = nameOf(place, node);
      const known = this.kept.get(name);
      const found = known ? undefined : await this.find(place.workspace, node, signal);
      const made = known ?? (found && this.keep(name, node, prepare(found, node.params, place.plan.engine)));
      if (made) into.set(key, made);
    }
    return into;
  }

  private keep(name: string, { params }: PlanNode, made: Prepared): Prepared {
    const weight = jsonWeight(params, bounds.maxSize);
    const code = weight <= bounds.maxSize ? codeLength(params) * bytesACharacter : 0;
    this.kept.set(name, made, { size: name.length + weight + code });
    return made;
  }
}

/** Plans are named by what they do; what a workspace made itself is its own all the same. */
const nameOf = ({ workspace, plan }: PlanPlace, { key, content }: PlanNode): string =>
  content === undefined ? `${plan.fingerprint}/${key}` : `${workspace}/${plan.fingerprint}/${key}`;
