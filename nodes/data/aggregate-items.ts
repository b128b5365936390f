import { currentEngine } from '../../flow/compile/plan.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { assignPath, assignPlace, omitPaths, pickPaths, placeIn, placeOf, readPath } from './path.ts';
import type { Fresh } from './path.ts';

export interface Aggregation {
  readonly into?: string | undefined;
  readonly fields: readonly { readonly name: string; readonly as?: string | undefined }[];
  readonly mergeLists: boolean;
  readonly keepMissing: boolean;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** All items as one: whole in the list `into` (`items` when nothing else is asked for), or each field's values as a list. */
export function aggregateItems(
  items: readonly unknown[],
  how: Aggregation,
  { engine = currentEngine, budget }: { readonly engine?: number; readonly budget?: Budget | undefined } = {},
): Fresh {
  // A list, and each field of it, walks through all items.
  budget?.about(items.length * (1 + how.fields.length + (how.include?.length ?? 0) + (how.exclude?.length ?? 0)) * 8);
  const made: Fresh = {};
  const into = how.into ?? (how.fields.length === 0 ? 'items' : undefined);
  if (into !== undefined) assignPath(made, into, wholeItems(items, how, engine), { engine });
  for (const { name, as } of how.fields) {
    const place = as === undefined && engine >= 2 ? placeIn(items, name, engine) : placeOf(made, as ?? name, engine);
    assignPlace(made, place, valuesAt(items, name, how, engine));
  }
  return made;
}

function wholeItems(items: readonly unknown[], { include, exclude }: Aggregation, engine: number): unknown[] {
  if (include && include.length > 0) return items.map((item) => pickPaths(item, include, engine));
  if (exclude && exclude.length > 0) return items.map((item) => omitPaths(item, exclude, engine));
  return [...items];
}

function valuesAt(
  items: readonly unknown[],
  name: string,
  { mergeLists, keepMissing }: Aggregation,
  engine: number,
): unknown[] {
  const values: unknown[] = [];
  for (const item of items) {
    const value = readPath(item, name, engine) ?? null;
    if (value === null && !keepMissing) continue;
    if (mergeLists && Array.isArray(value)) for (const entry of value) values.push(entry);
    else values.push(value);
  }
  return values;
}
