import type { PlanNode } from '../../flow/compile/plan.ts';
import { ExpressionFault } from '../../flow/expression/faults.ts';
import type { NodeScope, Scope } from '../../flow/expression/scope.ts';
import { nearest, seenOf } from '../../flow/facts/items.ts';
import type { View } from '../../flow/facts/items.ts';
import { seededNumbers } from '../../flow/facts/keys.ts';
import { ancestor } from '../../flow/facts/lineage.ts';
import { turnOf } from '../../flow/facts/path.ts';
import type { RunState } from '../../flow/facts/state.ts';

/** What a node's expressions see: built once a batch, everything in it worked out when it is read. */
export function scopeOf(
  {
    node,
    path,
    now,
    seed,
    resumeUrl,
  }: { node: PlanNode; path: string; now: number; seed: string; resumeUrl: string | undefined },
  view: View,
  state: RunState,
): Scope {
  const { started } = state;
  const link = resumeUrl === undefined ? {} : { resumeUrl };
  const scope: Scope = {
    json: undefined,
    itemIndex: 0,
    items: [],
    node: nodesSeen(view, { node: node.key, path }, () => scope.itemIndex),
    now,
    zone: view.plan.settings.timezone,
    turn: turnOf(path),
    runIndex: turnOf(path),
    workflow: { id: started?.workflow.id ?? '', name: started?.workflow.name ?? '' },
    run: { id: seed.split('/')[0] ?? '', mode: started?.mode ?? 'live', ...link },
    step: { key: node.key, path, ...link },
    vars: started?.vars ?? {},
    random: drawing(seed, () => scope),
    drawn: 0,
    trigger: started?.trigger,
  };
  return scope;
}

/** Draws the random numbers of a scope, which counts them: two scopes that were drawn from equally often go on alike. */
export function drawing(seed: string, scope: () => Scope): () => number {
  let numberAt: ReturnType<typeof seededNumbers> | undefined;
  return () => {
    const own = scope();
    const place = own.drawn ?? 0;
    own.drawn = place + 1;
    return (numberAt ??= seededNumbers(seed))(place);
  };
}

/** What random numbers of a node follow from. */
export const seedOf = (run: string, path: string, node: string): string => `${run}/${path}/${node}`;

/** Looks up the output of other nodes as a node at a path sees it, at the item that it is working on. */
export function nodesSeen(
  view: View,
  { node, path }: { node: string; path: string },
  index: () => number,
): (key: string) => NodeScope | undefined {
  const nodes = new Map<string, NodeScope | undefined>();
  return (key) => {
    if (!nodes.has(key)) nodes.set(key, nodeScope(view, node, path, key, index));
    return nodes.get(key);
  };
}

function nodeScope(view: View, node: string, path: string, key: string, index: () => number): NodeScope | undefined {
  const record = nearest(view, key, path);
  if (!record) return undefined;
  let items: readonly unknown[] | undefined;
  const all = () => (items ??= seenOf(view, record));
  return {
    item: () => {
      const found = ancestor(view, { node, path, index: index() }, key);
      if (found) return found.item;
      throw new ExpressionFault({
        code: 'expression.no-ancestor',
        message: `This item comes from no single item of $('${key}').`,
        mend: `Write $('${key}').first(), or .all() and choose one.`,
        at: { start: 0, end: 0 },
      });
    },
    first: () => all()[0],
    last: () => all().at(-1),
    all,
  };
}
