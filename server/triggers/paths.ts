import type { Hit, Trigger } from './directory.ts';
import { matchPath } from './patterns.ts';

/** One part of a path, what may follow it, and the triggers whose paths end there. */
interface Branch {
  readonly written: Map<string, Branch>;
  named?: Branch;
  readonly ends: Trigger[];
}

const branch = (): Branch => ({ written: new Map(), ends: [] });

/** The paths of a workspace's triggers, part by part: finding one takes as long as the address has parts, and not as there are paths with names in them. */
export class Paths {
  private readonly kinds = new Map<string, Branch>();

  add(trigger: Trigger): void {
    if (!trigger.pattern) return;
    let at = this.kinds.get(trigger.kind);
    if (!at) this.kinds.set(trigger.kind, (at = branch()));
    for (const part of trigger.pattern.parts)
      at = typeof part === 'string' ? writtenIn(at, part) : (at.named ??= branch());
    at.ends.push(trigger);
  }

  /**
   * The triggers of a kind that answer to an address, the most exact first: what is written out comes before what is named, part by part. One that takes no
   * method beside those before it is left out.
   */
  find(kind: string, segments: readonly string[]): Hit[] {
    const hits: Hit[] = [];
    const methods = new Set<string>();
    for (const trigger of endsOf(this.kinds.get(kind), segments)) {
      const named = trigger.methods.some((method) => !methods.has(method)) && matchPath(trigger.pattern!, segments);
      if (!named) continue;
      for (const method of trigger.methods) methods.add(method);
      hits.push({ trigger, named });
    }
    return hits;
  }
}

function writtenIn({ written }: Branch, part: string): Branch {
  const known = written.get(part) ?? branch();
  written.set(part, known);
  return known;
}

function* endsOf(root: Branch | undefined, segments: readonly string[]): Iterable<Trigger> {
  const ahead: { readonly at: Branch; readonly depth: number }[] = root ? [{ at: root, depth: 0 }] : [];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    const { at, depth } = next;
    const segment = segments[depth];
    if (segment === undefined) {
      yield* at.ends;
      continue;
    }
    const written = at.written.get(segment);
    // Who is put there last is looked at first.
    if (at.named && segment !== '') ahead.push({ at: at.named, depth: depth + 1 });
    if (written) ahead.push({ at: written, depth: depth + 1 });
  }
}
