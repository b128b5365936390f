import { currentEngine } from '../../flow/compile/plan.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import type { Derived } from '../kit/define-node.ts';
import { assertName, assignPath, assignPlace, placeIn, readPath } from './path.ts';
import type { Fresh } from './path.ts';
import { beginSum } from './summary-sums.ts';
import type { Running, SumOp } from './summary-sums.ts';
import { joinKeys, keyOf } from './value-key.ts';

export interface Sum {
  readonly field?: string | undefined;
  readonly op: SumOp;
  readonly as?: string | undefined;
  readonly separator?: string | undefined;
}

/**
 * One item a group, in the order in which groups first appear; or, as `object`, one item whose fields are the groups'
 * values. Without `by` everything is one group, which is there even when there are no items.
 */
export function summarizeItems(
  items: readonly unknown[],
  { by, sums, as }: { readonly by: readonly string[]; readonly sums: readonly Sum[]; readonly as: 'items' | 'object' },
  { engine = currentEngine, budget }: { readonly engine?: number; readonly budget?: Budget | undefined } = {},
): Derived[] {
  const groups = groupsOf(items, by, { sums, engine, budget });
  if (as === 'object') return [{ value: asObject(groups, by.length === 0), $from: [...items.keys()] }];
  // What is grouped by stands where the items have it.
  const places = by.map((field) => placeIn(engine < 2 ? [] : items, field, engine));
  return groups.map((group) => {
    const value: Fresh = {};
    places.forEach((place, at) => assignPlace(value, place, group.values[at] ?? null));
    for (const { name, running } of group.sums) assignPath(value, name, running.result(), { engine });
    return { value, $from: group.members };
  });
}

interface Group {
  readonly values: readonly unknown[];
  readonly members: number[];
  readonly sums: readonly { readonly field: string | undefined; readonly name: string; readonly running: Running }[];
}

function groupsOf(
  items: readonly unknown[],
  by: readonly string[],
  how: { readonly sums: readonly Sum[]; readonly engine: number; readonly budget: Budget | undefined },
): Group[] {
  const { engine, budget } = how;
  const groups = new Map<string, Group>();
  if (by.length === 0) groups.set('', beginGroup([], how));
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    budget?.spend(stepsAnItem);
    const values = by.map((field) => readPath(item, field, engine));
    const key = values.length === 0 ? '' : joinKeys(values.map((value) => keyOf(value, budget)));
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = beginGroup(values, how)));
    group.members.push(index);
    for (const { field, running } of group.sums) {
      const value = field === undefined ? true : readPath(item, field, engine);
      if (value !== undefined && value !== null) running.add(value);
    }
  }
  return [...groups.values()];
}

/** What grouping one item and adding it up take, in steps of expressions. */
const stepsAnItem = 16;

const beginGroup = (values: readonly unknown[], { sums, engine, budget }: Parameters<typeof groupsOf>[2]): Group => ({
  values,
  members: [],
  sums: sums.map(({ field, op, as, separator }) => ({
    // A count without a field counts items.
    field: field ?? (op === 'count' ? undefined : ''),
    name: as ?? defaultName(op, field),
    running: beginSum(op, { field: field ?? 'item', separator: separator ?? ', ', engine, budget }),
  })),
});

const defaultName = (op: SumOp, field: string | undefined): string =>
  field === undefined ? op : `${op}_${field.replaceAll(/[.[\]]+/g, '_')}`;

/** `{ north: { count: 2 } }`; one level for each field grouped by. */
function asObject(groups: readonly Group[], isWhole: boolean): Fresh {
  const root: Fresh = {};
  for (const { values, sums } of groups) {
    const at = isWhole ? root : values.reduce(openLevel, root);
    for (const { name, running } of sums) assignPath(at as Fresh, name, running.result());
  }
  return root;
}

function openLevel(level: unknown, value: unknown): Fresh {
  const name = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  assertName(name);
  const at = level as Fresh;
  const inner = Object.hasOwn(at, name) ? (at[name] as Fresh) : {};
  at[name] = inner;
  return inner;
}
