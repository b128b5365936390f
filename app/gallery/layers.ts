import type { Example } from '../api/gallery.ts';

/**
 * The nodes of a small picture by column, from the order of the graph and not from their real places, which are too far apart to be seen small:
 * a column is the longest way from a start (edges that lead back are passed over), and within it the order is that of the real heights.
 */
export function columnsOf({ nodes, edges }: Pick<Example, 'nodes' | 'edges'>): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [source = '', target = ''] = [from.split('.')[0], to.split('.')[0]];
    next.set(source, [...(next.get(source) ?? []), target]);
  }
  const entered = new Set([...next.values()].flat());
  const starts = nodes.filter(({ key }) => !entered.has(key)).map(({ key }) => key);
  const depth = depthsFrom(starts, next);
  for (const [key, at] of depthsFrom(
    nodes.map(({ key }) => key).filter((key) => !depth.has(key)),
    next,
  ))
    if (!depth.has(key)) depth.set(key, at);
  const columns: string[][] = [];
  for (const { key } of [...nodes].sort((one, other) => (one.at?.[1] ?? 0) - (other.at?.[1] ?? 0))) {
    const at = depth.get(key) ?? 0;
    (columns[at] ??= []).push(key);
  }
  return Array.from(columns, (keys) => keys ?? []);
}

/** The longest way from any of the starts to each node, without going round. */
function depthsFrom(starts: readonly string[], next: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const depth = new Map<string, number>();
  const onWay = new Set<string>();
  const visit = (key: string, at: number): void => {
    if (onWay.has(key) || (depth.get(key) ?? -1) >= at) return;
    depth.set(key, at);
    onWay.add(key);
    for (const target of next.get(key) ?? []) visit(target, at + 1);
    onWay.delete(key);
  };
  for (const key of starts) visit(key, 0);
  return depth;
}
