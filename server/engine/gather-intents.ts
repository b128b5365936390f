import type { FactOf, Fact } from '../../flow/facts/fact.ts';
import { kindOf } from '../../flow/facts/kinds.ts';

/**
 * Facts with the intents of one node and attempt as one fact, where the last of them stood: each lane of a window says its own, and fifty that are
 * committed together are one row. Nothing is told later by it: they are durable in the same commit, before the first byte. Facts about one of these
 * items keep their order, so they are left as they are when anything else is said of an item from its intent on.
 */
export function gatherIntents(facts: readonly Fact[]): Fact[] {
  const last = new Map<string, Fact>();
  const items = new Map<string, number[]>();
  const intended = new Set<string>();
  for (const fact of facts) {
    if (aboutItems(fact).some((name) => intended.has(name))) return [...facts];
    if (fact.type !== 'step.intended') continue;
    const key = nameOf(fact);
    items.set(key, [...(items.get(key) ?? []), ...fact.data.items]);
    last.set(key, fact);
    for (const name of aboutItems(fact)) intended.add(name);
  }
  return facts.flatMap((fact): Fact[] => {
    if (fact.type !== 'step.intended') return [fact];
    const key = nameOf(fact);
    return last.get(key) === fact ? [{ ...fact, data: { ...fact.data, items: items.get(key) ?? [] } }] : [];
  });
}

const nameOf = ({ data }: FactOf<'step.intended'>) => JSON.stringify([data.stage, data.path, data.node, data.attempt]);

const itemName = ({ stage, path }: { stage: string; path: string }, item: number) => `${item}/${stage}@${path}`;

/** The items that a fact speaks of. */
function aboutItems(fact: Fact): string[] {
  const { items } = kindOf(fact);
  const { data } = fact;
  return items && 'stage' in data ? items(data as never).map((item) => itemName(data, item)) : [];
}
