import type { Pattern } from './patterns.ts';

/** One part of a path, what may follow it, and what stands where a path ends. */
interface Branch<End> {
  readonly written: Map<string, Branch<End>>;
  named?: Branch<End>;
  readonly ends: End[];
}

const branch = <End>(): Branch<End> => ({ written: new Map(), ends: [] });

/** What stands at paths, part by part: finding it takes as long as the address has parts, and not as there are paths with names in them. */
export class PatternTree<End> {
  private readonly root = branch<End>();

  add({ parts }: Pick<Pattern, 'parts'>, end: End): void {
    let at = this.root;
    for (const part of parts) at = typeof part === 'string' ? writtenIn(at, part) : (at.named ??= branch());
    at.ends.push(end);
  }

  /** What stands at the paths that an address fits, the most exact first: what is written out comes before what is named, part by part. */
  *at(segments: readonly string[]): Iterable<End> {
    const ahead: { readonly at: Branch<End>; readonly depth: number }[] = [{ at: this.root, depth: 0 }];
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
}

function writtenIn<End>({ written }: Branch<End>, part: string): Branch<End> {
  const known = written.get(part) ?? branch<End>();
  written.set(part, known);
  return known;
}
