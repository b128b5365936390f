import type { Hit, Trigger } from './directory.ts';
import { PatternTree } from './pattern-tree.ts';
import { matchPath } from './patterns.ts';

/** The paths of a workspace's triggers, part by part: finding one takes as long as the address has parts, and not as there are paths with names in them. */
export class Paths {
  private readonly kinds = new Map<string, PatternTree<Trigger>>();

  add(trigger: Trigger): void {
    if (!trigger.pattern) return;
    const tree = this.kinds.get(trigger.kind) ?? new PatternTree<Trigger>();
    this.kinds.set(trigger.kind, tree);
    tree.add(trigger.pattern, trigger);
  }

  /**
   * The triggers of a kind that answer to an address, the most exact first: what is written out comes before what is named, part by part. One that takes no
   * method beside those before it is left out.
   */
  find(kind: string, segments: readonly string[]): Hit[] {
    const hits: Hit[] = [];
    const methods = new Set<string>();
    for (const trigger of this.kinds.get(kind)?.at(segments) ?? []) {
      const named = trigger.methods.some((method) => !methods.has(method)) && matchPath(trigger.pattern!, segments);
      if (!named) continue;
      for (const method of trigger.methods) methods.add(method);
      hits.push({ trigger, named });
    }
    return hits;
  }
}
